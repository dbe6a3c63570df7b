"""Recorded decisions are read here."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from flask import Response

from schemas.log import EntryProofSchema
from triage.access import caller_of_request, only_own
from triage.api.calls import Calls
from triage.api.openapi import Doc, answers_with
from triage.api.responses import json_response
from triage.errors import NotRecordedError
from triage.reading import decision_in, note_view, proof_of
from triage.recording import decision_of
from triage.store.log import DecisionLog, Recorded


def decisions_blueprint(log: DecisionLog, doc: Doc) -> Calls:
    """``GET /v1/decisions/{id}`` and its proof. ``doc`` is what the document says of the first."""
    calls = Calls("decisions", __name__, description="Read what was decided.")

    @calls.call("GET", "/decisions/<uuid:decision_id>", doc)
    def one(decision_id: UUID) -> Response:
        """A decision as it was sent when it was recorded, byte for byte.

        What came after it, an override for one, is in its history, to which the header Link leads.
        """
        recorded = seen(log, decision_id, "decision")
        answer = Response(decision_of(recorded), content_type="application/json")
        answer.headers["Link"] = f'</v1/decisions/{decision_id}/history>; rel="version-history"'
        return answer

    @calls.call("GET", "/decisions/<uuid:decision_id>/proof", _PROOF)
    def proof(decision_id: UUID) -> Response:
        """That a decision stands in the log: its entry, and the path to the newest head.

        The stand-alone verifier checks this answer on any machine.
        """
        entry = seen(log, decision_id, "proof").entry
        return json_response(
            {"leaf": entry.leaf.decode(), **proof_of(log, entry.sequence).as_dict()}
        )

    return calls


def seen(log: DecisionLog, decision_id: UUID, what: str) -> Recorded:
    """A decision that the caller may see; that they do is recorded before they can."""
    recorded, caller = decision_in(log, str(decision_id)), caller_of_request()
    by = recorded.entry.content["by"]
    if only_own() and (by["issuer"], by["client"]) != (caller.issuer, caller.client):
        raise NotRecordedError("no decision of that id is recorded here")
    note_view(log, caller, str(decision_id), what)
    return recorded


_PROOF = answers_with(
    EntryProofSchema, "The proof.", HTTPStatus.NOT_FOUND, HTTPStatus.SERVICE_UNAVAILABLE
)
