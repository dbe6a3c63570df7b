"""What the OpenAPI document says of the calls that record decisions and read them again."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus

from marshmallow import Schema

from schemas.referral import ReferralReader
from triage.api import idempotency
from triage.api.examples import REFERRAL
from triage.api.openapi import OF_BODIES, Doc, problems
from triage.decide import Decider

RECORDED = {
    "decision_id": "5d2c9f3e-8a41-4f0e-9d0b-0c8f7a3b6e21",
    "sequence": 17,
    "decided_at": "2026-11-21T10:15:01.250Z",
}
"""What the examples have of the log."""


def parameter(name: str, description: str, schema: Doc, *, required: bool = True) -> Doc:
    """A parameter in the query of a URL."""
    said = {"description": description, "required": required, "schema": schema}
    return {"in": "query", "name": name, **said}


def record_doc(reader: ReferralReader, answered: Doc) -> Doc:
    """What the document says of ``POST /v1/referrals``; ``answered`` is a recorded decision."""
    header = {"description": _KEY, "schema": {"type": "string", "pattern": idempotency.PATTERN}}
    sent = {"schema": reader.schema, "examples": {"referral": {"value": REFERRAL}}}
    return {
        "parameters": [{"in": "header", "name": idempotency.HEADER, "required": False, **header}],
        "requestBody": {"required": True, "content": {"application/json": sent}},
        "responses": {
            "201": {"description": "The decision; the header Location leads to it.", **answered},
            **problems((*OF_BODIES, HTTPStatus.CONFLICT)),
        },
    }


def decision_doc(answered: Doc) -> Doc:
    """What the document says of ``GET /v1/decisions/{id}``; ``answered`` is a recorded decision."""
    found = {"description": "The decision, as it was sent when it was recorded.", **answered}
    errors = (HTTPStatus.NOT_FOUND, HTTPStatus.SERVICE_UNAVAILABLE)
    return {"responses": {"200": found, **problems(errors)}}


def recorded_decision(schema: Schema, reader: ReferralReader, decider: Decider) -> Doc:
    """A recorded decision as an answer, with an example that was really decided."""
    received = datetime.fromisoformat(REFERRAL["received_at"])
    decided = decider.decide(reader.read(REFERRAL, received)).as_dict()
    example = dict(sorted({**decided, **RECORDED}.items()))
    return {"content": {"application/json": {"schema": schema, "example": example}}}


_KEY = (
    "The same key with the same referral gives the first decision again, and none is recorded"
    " twice; with another referral it is refused. A UUID is best."
)
