"""Recorded decisions are decided again here."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from flask import Response

from schemas.replay import ReplaySchema
from triage.access import caller_of_request
from triage.api.calls import Calls
from triage.api.openapi import answers_with
from triage.api.responses import json_response
from triage.reading import decision_in, note_view
from triage.replay import Replayer
from triage.store.log import DecisionLog


def serve_replay(calls: Calls, log: DecisionLog, replayer: Replayer) -> None:
    """Add ``GET /v1/decisions/{id}/replay`` to the calls about decisions."""

    @calls.call("GET", "/decisions/<uuid:decision_id>/replay", _DOC)
    def replay(decision_id: UUID) -> Response:
        """Decide a recorded decision again, on the rulebook that decided it.

        The same bytes must come out, whatever the rules are now, and also where the person was
        erased since.
        """
        entry = decision_in(log, str(decision_id)).entry
        note_view(log, caller_of_request(), str(decision_id), "replay")
        return json_response(replayer.replay(entry).as_dict())


_DOC = answers_with(
    ReplaySchema, "What came out.", HTTPStatus.NOT_FOUND, HTTPStatus.SERVICE_UNAVAILABLE
)
