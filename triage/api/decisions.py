"""Recorded decisions are read here."""

from __future__ import annotations

from uuid import UUID

from flask import Response

from triage.access import caller_of_request, only_own
from triage.api.calls import Calls
from triage.api.openapi import Doc
from triage.errors import NotRecordedError
from triage.reading import decision_in, note_view
from triage.recording import decision_of
from triage.store.log import DecisionLog


def decisions_blueprint(log: DecisionLog, doc: Doc) -> Calls:
    """``GET /v1/decisions/{id}``. ``doc`` is what the OpenAPI document says of it."""
    calls = Calls("decisions", __name__, description="Read what was decided.")

    @calls.call("GET", "/decisions/<uuid:decision_id>", doc)
    def one(decision_id: UUID) -> Response:
        """A decision as it was sent when it was recorded, byte for byte.

        What came after it, an override for one, is in its history, to which the header Link leads.
        """
        recorded, caller = decision_in(log, str(decision_id)), caller_of_request()
        if only_own() and recorded.entry.content["by"]["client"] != caller.client:
            raise NotRecordedError("no decision of that id is recorded here")
        note_view(log, caller, str(decision_id), "decision")
        answer = Response(decision_of(recorded), content_type="application/json")
        answer.headers["Link"] = f'</v1/decisions/{decision_id}/history>; rel="version-history"'
        return answer

    return calls
