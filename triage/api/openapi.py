"""The OpenAPI document: made from the same schemas that read referrals, with real examples."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from http import HTTPStatus
from importlib.metadata import version
from typing import Any

import flask_smorest
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask
from marshmallow import Schema

from schemas.problem import problem_schema
from schemas.referral import ReferralReader
from triage.access.roles import TABLE, By
from triage.api.examples import FAULTY, LIVE_CALL, REFERRAL
from triage.api.limits import UNLIMITED
from triage.api.problem import DETAILS, MEDIA_TYPE, Problem
from triage.danger import DangerFinder
from triage.decide import Decider
from triage.errors import Fault, ReferralError
from triage.live_call import LiveCall

Doc = dict[str, Any]

EVERYWHERE = (HTTPStatus.INTERNAL_SERVER_ERROR,)
"""The errors that any call may be answered with."""

OF_ACCESS = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.SERVICE_UNAVAILABLE)
"""The errors of a call that is not open to all; the last where tokens cannot be checked now."""

OF_BODIES = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
"""The errors that a call with a referral in it may be answered with."""

OF_LIMITS = (HTTPStatus.TOO_MANY_REQUESTS,)
"""The errors of a call that nobody may make as often as they like."""

TOLD = (
    *OF_ACCESS,
    *OF_BODIES,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
    *OF_LIMITS,
    *EVERYWHERE,
)
"""Every error that the document describes."""

UNUSED = ("Error", "PaginationMetadata")
"""Shapes that the library adds of its own accord and nothing here uses."""


class Api(flask_smorest.Api):  # type: ignore[misc]
    """The library's document, without the shape of errors that it would give them."""

    DEFAULT_ERROR_RESPONSE_NAME = None


def create_api(app: Flask, safety_net: str) -> Api:
    """The document of an app, to which blueprints add what they serve."""
    app.config |= {
        "API_TITLE": "Referral triage",
        "API_VERSION": version("referral-triage"),
        "OPENAPI_VERSION": "3.1.0",
        "API_SPEC_OPTIONS": {"info": {"description": _DESCRIPTION, "license": _LICENSE}},
    }
    plugin = MarshmallowPlugin(schema_name_resolver=_component_name)
    api = Api(app, spec_kwargs={"marshmallow_plugin": plugin})
    api.spec.components.security_scheme(SCHEME, _BEARER)
    for status in dict.fromkeys(TOLD):
        told = _problem(Problem(status, DETAILS[status], safety_net))
        api.spec.components.response(_component(status), told)
    return api


def guarded(doc: Doc, endpoint: str) -> Doc:
    """What the document says of a call, with who may make it."""
    row = TABLE.get(endpoint)
    if row is None or row.by is By.NOTHING:
        return doc
    errors = OF_ACCESS if endpoint in UNLIMITED else (*OF_ACCESS, *OF_LIMITS)
    responses = {**problems(errors), **doc["responses"]}
    return {**doc, "responses": responses, "security": [{SCHEME: []}], "x-roles": row.roles()}


def document(api: Api) -> Doc:
    """The finished document."""
    found: Doc = api.spec.to_dict()
    schemas = found["components"]["schemas"]
    found["components"]["schemas"] = {name: schemas[name] for name in schemas if name not in UNUSED}
    return found


def _problem(problem: Problem) -> Doc:
    content = {MEDIA_TYPE: {"schema": problem_schema(), "example": problem.as_dict()}}
    told = {"description": problem.status.phrase, "content": content}
    return {**told, "headers": _RETRY_AFTER} if problem.status in _WAITED else told


_WAITED = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)

_RETRY_AFTER = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}


_DESCRIPTION = (
    "A referral in, one reasoned route out. It advises; a clinician decides."
    " Every error says what to do if anybody is in danger, and where the answers that could be read"
    " conclude danger, the error says so."
)
SCHEME = "bearerAuth"

_BEARER = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": (
        "A token of the issuer, for one role; x-roles says which roles a call is open to. Straight"
        " from the machine itself, where no issuer is set, a call needs none."
    ),
}

_LICENSE = {"name": "MIT", "identifier": "MIT"}


def _component_name(schema: Any) -> str:
    made = schema if isinstance(schema, type) else type(schema)
    return made.__name__.removesuffix("Schema")


def _component(status: HTTPStatus) -> str:
    return f"Problem{status.value}"


def problems(statuses: Iterable[HTTPStatus] = ()) -> dict[str, str]:
    """References to the problems that a call may be answered with."""
    return {str(status.value): _component(status) for status in (*statuses, *EVERYWHERE)}


def answers_with(schema: Schema | type[Schema], description: str, *errors: HTTPStatus) -> Doc:
    """What the document says of a call that takes nothing."""
    answered = {"description": description, "content": {"application/json": {"schema": schema}}}
    return {"responses": {"200": answered, **problems(errors)}}


def unchanging(schema: Schema | type[Schema], description: str, *errors: HTTPStatus) -> Doc:
    """What the document says of such a call where the answer has an ETag."""
    doc = answers_with(schema, description, *errors)
    doc["responses"]["304"] = {"description": "The caller has it already, by its ETag."}
    return doc


def triage_doc(
    schema: Schema,
    reader: ReferralReader,
    decider: Decider,
    live_call: LiveCall,
    danger: DangerFinder,
) -> Doc:
    """What the document says of ``POST /v1/triage``, with examples that were really decided."""
    decided = {name: _decided(reader, decider, live_call, body) for name, body in _EXAMPLES.items()}
    answered = {"schema": schema, "examples": decided}
    sent = {name: {"value": body} for name, body in _EXAMPLES.items()}
    return {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": reader.schema, "examples": sent}},
        },
        "responses": {
            "200": {"description": "The decision.", "content": {"application/json": answered}},
            **problems(OF_BODIES),
            "422": _faulty(reader, danger, decider.rulebook.safety_net),
        },
    }


_EXAMPLES = {"referral": REFERRAL, "live_call": LIVE_CALL}


def _decided(reader: ReferralReader, decider: Decider, live_call: LiveCall, body: Doc) -> Doc:
    referral = reader.readable(body, datetime.fromisoformat(body["received_at"]))
    live = live_call.live(decider.known(referral))
    return {"value": live.beside(decider.decide(referral))}


def _faulty(reader: ReferralReader, danger: DangerFinder, safety_net: str) -> Doc:
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    received = datetime.fromisoformat(FAULTY["received_at"])
    faults, found = _faults(reader, FAULTY, received), danger.find([FAULTY], received)
    return _problem(Problem(status, DETAILS[status], safety_net, faults, found))


def _faults(reader: ReferralReader, body: Doc, received: datetime) -> Sequence[Fault]:
    try:
        reader.read(body, received)
    except ReferralError as error:
        return error.faults
    return ()
