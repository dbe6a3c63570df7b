"""What the OpenAPI document says of calls under ``/fhir``."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus

from triage.api.described import parameter
from triage.api.fhir.answering import MEDIA_TYPE
from triage.api.fhir.searching import CURSOR, FORM
from triage.api.openapi import EVERYWHERE, OF_ACCESS, OF_BODIES, OF_LIMITS, Doc
from triage.fhir.parameters import PERSON, SEARCHED

NEGOTIATED = (HTTPStatus.NOT_ACCEPTABLE, HTTPStatus.UNPROCESSABLE_ENTITY)
"""The errors of a call that takes the caller's word for what it may answer with."""

ALWAYS = (*NEGOTIATED, *OF_ACCESS, *OF_LIMITS, *EVERYWHERE)
"""The errors that any call may be answered with."""

ONE = (HTTPStatus.NOT_FOUND,)
"""The errors of a call for one resource."""

SEARCH = (HTTPStatus.BAD_REQUEST,)
"""The errors of a search."""

FORMS = (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
"""The errors of a call with a form in it."""


def fhir_doc(type_: str, description: str, *errors: HTTPStatus) -> Doc:
    """What the document says of a call that is answered with a type of resource."""
    found = {"description": description, "content": {MEDIA_TYPE: {"schema": _schema(type_)}}}
    return {"responses": {"200": found, **outcomes((*errors, *ALWAYS))}}


def posted_doc(description: str, *types: str) -> Doc:
    """What the document says of a call that a referral is posted to, as one of these types."""
    schema = {"anyOf": [_schema(one) for one in types]} if len(types) > 1 else _schema(types[0])
    doc = fhir_doc(ANSWERED[types[0]], description, *OF_BODIES, HTTPStatus.CONFLICT, *ONE)
    return {**doc, "requestBody": {"required": True, "content": {MEDIA_TYPE: {"schema": schema}}}}


ANSWERED = {"Bundle": "Bundle", "QuestionnaireResponse": "GuidanceResponse"}
"""With which type of resource each type that is posted is answered."""


def outcomes(statuses: Iterable[HTTPStatus]) -> Doc:
    """Errors by their statuses, each an OperationOutcome."""
    content = {MEDIA_TYPE: {"schema": _schema("OperationOutcome")}}
    return {
        str(one.value): {"description": one.phrase, "content": content}
        for one in dict.fromkeys(statuses)
    }


def _schema(type_: str) -> Doc:
    return {
        "type": "object",
        "required": ["resourceType"],
        "properties": {"resourceType": {"const": type_}},
        "description": f"{type_} of FHIR R4.",
    }


def definitions_doc(type_: str) -> Doc:
    """What the document says of a search of resources that the service itself defines."""
    return {**fhir_doc("Bundle", "All that fit."), "parameters": _parameters(type_)}


def searched_doc(type_: str) -> Doc:
    """What the document says of a search of referrals by an address."""
    return {
        **fhir_doc("Bundle", "A page, the newest first.", *SEARCH),
        "parameters": _parameters(type_),
    }


def form_doc(type_: str) -> Doc:
    """What the document says of a search of referrals by a form."""
    named = {one.name: {"type": "string", "description": one.says} for one in SEARCHED[type_]}
    content = {FORM: {"schema": {"type": "object", "properties": {**named, CURSOR: _TEXT}}}}
    return {
        **fhir_doc("Bundle", "A page, the newest first.", *SEARCH, *FORMS),
        "requestBody": {"required": True, "content": content},
    }


_TEXT = {"type": "string", "description": "As the link to the next page has it; it stands alone."}


def _parameters(type_: str) -> list[Doc]:
    named = [one for one in SEARCHED[type_] if one.name not in PERSON]
    return [parameter(one.name, one.says, {"type": "string"}, required=False) for one in named]
