"""What is spoken here, as a CapabilityStatement."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from triage.fhir.message_definition import BARS, MADE_ON, REQUEST, RESPONSE, definition_url
from triage.fhir.own import Own
from triage.fhir.parameters import SEARCHED, Parameter
from triage.fhir.writing.terms import SOFTWARE
from triage.rulebook import Rulebook

Resource = dict[str, Any]

R4 = "4.0.1"

TYPES = (
    "Questionnaire",
    "PlanDefinition",
    "MessageDefinition",
    "ServiceRequest",
    "GuidanceResponse",
    "Task",
)
"""The types of resources that can be read. Those with search parameters can be searched too."""

OAUTH = {
    "system": "http://terminology.hl7.org/CodeSystem/restful-security-service",
    "code": "OAuth",
}
HTTP = {"system": "http://terminology.hl7.org/CodeSystem/message-transport", "code": "http"}
PROCESS_MESSAGE = "http://hl7.org/fhir/OperationDefinition/MessageHeader-process-message"

SECURITY = (
    "A bearer token of the issuer, in its header, for one role; this statement alone needs none. A"
    " GP system sees what it sent itself. That somebody reads or searches is recorded."
)

MESSAGES = (
    "Answered at once, in the response: there is one decision to a message. A message whose id came"
    " before gets the first answer again, for as long as the record is kept."
)

TRIAGE = (
    "What would be decided on answers, with nothing recorded: a QuestionnaireResponse to"
    " referral-screening in, a GuidanceResponse out."
)


def capability_statement(rulebook: Rulebook, public_url: str) -> Resource:
    """What a service at an address can do. ``public_url`` has no slash at its end."""
    base = f"{public_url}/fhir"
    return {
        "resourceType": "CapabilityStatement",
        "id": SOFTWARE,
        "url": f"{base}/metadata",
        "version": BARS,
        "name": "ReferralTriage",
        "title": "Referral triage",
        "status": "active",
        "date": MADE_ON,
        "publisher": rulebook.owner,
        "description": (
            "A referral to mental health care in, one reasoned route out. It advises; a clinician"
            " decides."
        ),
        "kind": "instance",
        "software": {"name": SOFTWARE, "version": version(SOFTWARE)},
        "implementation": {"description": rulebook.title, "url": base},
        "fhirVersion": R4,
        "format": ["application/fhir+json", "json"],
        "rest": [_rest(Own.of(rulebook.vocabulary))],
        "messaging": [_messaging(base)],
    }


def _rest(own: Own) -> Resource:
    return {
        "mode": "server",
        "security": {"service": [{"coding": [OAUTH]}], "description": SECURITY},
        "resource": [*map(_resource, TYPES), _triaged(own)],
        "operation": [{"name": "process-message", "definition": PROCESS_MESSAGE}],
    }


def _resource(type_: str) -> Resource:
    searched = SEARCHED.get(type_, ())
    codes = ("read", "search-type") if searched else ("read",)
    told = {"searchParam": [_parameter(one) for one in searched]} if searched else {}
    return {
        "type": type_,
        "interaction": [{"code": code} for code in codes],
        "versioning": "no-version",
        **told,
    }


def _parameter(one: Parameter) -> Resource:
    return {"name": one.name, "type": one.type, "documentation": one.says}


def _triaged(own: Own) -> Resource:
    """The type of resource on which what-ifs are asked for."""
    definition = f"{own.base}/OperationDefinition/triage"
    operation = {"name": "triage", "definition": definition, "documentation": TRIAGE}
    return {"type": "QuestionnaireResponse", "operation": [operation]}


def _messaging(base: str) -> Resource:
    return {
        "endpoint": [{"protocol": HTTP, "address": f"{base}/$process-message"}],
        "documentation": MESSAGES,
        "supportedMessage": [
            {"mode": "receiver", "definition": definition_url(REQUEST)},
            {"mode": "sender", "definition": definition_url(RESPONSE)},
        ],
    }
