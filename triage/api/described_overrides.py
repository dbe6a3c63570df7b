"""What the OpenAPI document says of overrides, with examples in the words of the rulebook."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from marshmallow import Schema

from schemas.overrides import HistorySchema, MostOverriddenSchema, OverrideMadeSchema
from triage.api.described import RECORDED, parameter
from triage.api.openapi import OF_BODIES, Doc, answers_with, problems
from triage.rulebook import Rulebook

_ID = "0b1f6a55-3a53-4f43-8a4e-5f1d5b0c7d19"
_AT = "2026-11-21T11:02:17.480Z"

OF_CHAINS = (HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.SERVICE_UNAVAILABLE)
"""The errors of a call that adds to the chain of a decision."""


def override_doc(schema: Schema, rulebook: Rulebook) -> Doc:
    """What the document says of ``POST /v1/decisions/{id}/override``."""
    asked, made = _asked(rulebook), _made(rulebook)
    waits = {**made, "standing": "awaiting_second_person", "lowers": True}
    sent = {"schema": schema, "examples": {"override": {"value": asked}}}
    return {
        "requestBody": {"required": True, "content": {"application/json": sent}},
        "responses": {
            "201": _answered("The override, which is in force.", made),
            "202": _answered("The override, which waits for a second person.", waits),
            **problems((*OF_BODIES, *OF_CHAINS)),
        },
    }


def confirm_doc(rulebook: Rulebook) -> Doc:
    """What the document says of a confirmation."""
    return _step_doc("The override, which is in force now.", rulebook, "in_force")


def withdraw_doc(rulebook: Rulebook) -> Doc:
    """What the document says of a withdrawal."""
    return _step_doc("The override, which was withdrawn.", rulebook, "withdrawn")


def history_doc() -> Doc:
    """What the document says of ``GET /v1/decisions/{id}/history``."""
    errors = (HTTPStatus.NOT_FOUND, HTTPStatus.SERVICE_UNAVAILABLE)
    return answers_with(HistorySchema, "What stands, and every entry.", *errors)


def most_overridden_doc() -> Doc:
    """What the document says of ``GET /v1/overrides``."""
    errors = (HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE)
    day = {"type": "string", "format": "date"}
    return {
        **answers_with(MostOverriddenSchema(), "The rules.", *errors),
        "parameters": [
            parameter("from", "The first day on which decisions were made.", day, required=False),
            parameter("to", "The last day on which decisions were made.", day, required=False),
        ],
    }


def _asked(rulebook: Rulebook) -> Doc:
    """Something else than the rules said, in words that the rulebook has."""
    route = list(rulebook.vocabulary.routes)[:2][-1]
    return {
        "route": route,
        "urgency": rulebook.urgencies_of(route)[0].id,
        "reason": next(iter(rulebook.vocabulary.override_reasons)),
        "comment": "Rang back: worse since the morning.",
    }


def _made(rulebook: Rulebook) -> Doc:
    asked, directory = _asked(rulebook), rulebook.directory
    last = list(rulebook.vocabulary.routes)[-1]
    return {
        "override_id": _ID,
        "decision_id": RECORDED["decision_id"],
        "standing": "in_force",
        "route": asked["route"],
        "urgency": asked["urgency"],
        "team": directory.team(asked["route"], directory.default_place, None).as_dict(),
        "respond_by": "2026-11-21T15:02:17Z",
        "reason": asked["reason"],
        "lowers": False,
        "from": {"route": last, "urgency": rulebook.urgencies_of(last)[-1].id},
        "rulebook": rulebook.stamp.digest,
        "entry": {"id": _ID, "kind": "override", "sequence": 23, "at": _AT},
    }


def _step_doc(description: str, rulebook: Rulebook, standing: str) -> Doc:
    made = {**_made(rulebook), "standing": standing, "lowers": True}
    return {"responses": {"201": _answered(description, made), **problems(OF_CHAINS)}}


def _answered(description: str, example: dict[str, Any]) -> Doc:
    answer = {"schema": OverrideMadeSchema(), "example": example}
    return {"description": description, "content": {"application/json": answer}}
