"""What the OpenAPI document says of CDS Hooks, with examples in the words of the rulebook."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from marshmallow import Schema

from schemas.cards import CardsSchema, HookServicesSchema
from schemas.cds_hooks import ORDER_SIGN, CallReader
from schemas.problem import problem_schema
from triage.api.openapi import OF_BODIES, Doc, answers_with, problems
from triage.api.problem import MEDIA_TYPE, Problem
from triage.cds_hooks.gathering import NO_PATIENT
from triage.cds_hooks.services import SERVICES
from triage.fhir.own import Own
from triage.rulebook import Rulebook

_CALL = "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea"
_CARD = "4e0a3a1e-3283-4575-ab82-028d55fe2719"

OF_HOOKS = tuple(one for one in OF_BODIES if one is not HTTPStatus.UNPROCESSABLE_ENTITY)
"""The errors of calls with a body, whose faults are all answered with 400 here."""


def discovery_doc() -> Doc:
    """What the document says of ``GET /cds-services``."""
    return answers_with(HookServicesSchema, "The services.")


def service_doc(readers: Mapping[str, CallReader], rulebook: Rulebook) -> Doc:
    """What the document says of ``POST /cds-services/{id}``; ``readers`` are by hook."""
    schema = {"oneOf": [one.schema for one in readers.values()]}
    sent = {"schema": schema, "examples": {"order-sign": {"value": _order_sign(rulebook)}}}
    return {
        "parameters": [_service_id()],
        "requestBody": {"required": True, "content": {"application/json": sent}},
        "responses": {
            "200": {
                "description": "The cards; none where there is nothing to say.",
                "content": {"application/json": {"schema": CardsSchema}},
            },
            "412": _data_needed(rulebook.safety_net),
            **problems((*OF_HOOKS, HTTPStatus.NOT_FOUND)),
        },
    }


def feedback_doc(schema: Schema, rulebook: Rulebook) -> Doc:
    """What the document says of ``POST /cds-services/{id}/feedback``."""
    sent = {"schema": schema, "examples": {"overridden": {"value": _overridden(rulebook)}}}
    return {
        "parameters": [_service_id()],
        "requestBody": {"required": True, "content": {"application/json": sent}},
        "responses": {
            "200": {"description": "Recorded, every outcome of it."},
            **problems((*OF_HOOKS, HTTPStatus.NOT_FOUND)),
        },
    }


def _service_id() -> Doc:
    known = {"type": "string", "enum": list(SERVICES)}
    return {"in": "path", "name": "service_id", "required": True, "schema": known}


def _data_needed(safety_net: str) -> Doc:
    problem = Problem(HTTPStatus.PRECONDITION_FAILED, NO_PATIENT, safety_net)
    content = {MEDIA_TYPE: {"schema": problem_schema(), "example": problem.as_dict()}}
    said = "The Patient was not sent and cannot be fetched, or is not the one in the context."
    return {"description": said, "content": content}


def _order_sign(rulebook: Rulebook) -> dict[str, Any]:
    """An order for whatever the last route is, with a PHQ-9 and nothing asked about risk."""
    route = list(rulebook.vocabulary.routes.values())[-1]
    code = {"system": Own.of(rulebook.vocabulary).system("route"), "code": route.id}
    order = {
        "resourceType": "ServiceRequest",
        "id": "1",
        "status": "draft",
        "intent": "order",
        "subject": {"reference": "Patient/1"},
        "code": {"coding": [code], "text": route.title},
    }
    return {
        "hook": ORDER_SIGN,
        "hookInstance": _CALL,
        "context": {
            "userId": "Practitioner/1",
            "patientId": "1",
            "draftOrders": {"resourceType": "Bundle", "entry": [{"resource": order}]},
        },
        "prefetch": {
            "patient": {"resourceType": "Patient", "id": "1", "birthDate": "1985-02-01"},
            "conditions": None,
        },
    }


def _overridden(rulebook: Rulebook) -> dict[str, Any]:
    reason = next(iter(rulebook.vocabulary.override_reasons))
    system = Own.of(rulebook.vocabulary).system("override-reason")
    given = {"reason": {"system": system, "code": reason}, "userComment": "Seen this morning."}
    told = {
        "card": _CARD,
        "outcome": "overridden",
        "overrideReason": given,
        "outcomeTimestamp": "2026-11-21T10:15:00Z",
    }
    return {"feedback": [told]}
