"""The messages that are taken and sent, as MessageDefinitions: BaRS asks receivers for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from triage.fhir import systems

Resource = dict[str, Any]

BARS = "1.0.0"
"""The version of the Booking and Referral Standard that is spoken (domain, section 4)."""

MADE_ON = "2026-11-26"
"""The day on which what is said here of messages and calls last changed."""

REQUEST = "bars-message-servicerequest-request-referral"
RESPONSE = "bars-message-servicerequest-response-referral"
"""The ids of the definitions, which are those that BaRS gives them."""


def definition_url(id_: str) -> str:
    """The canonical address of a message of BaRS, by which senders ask for it."""
    return f"https://fhir.nhs.uk/MessageDefinition/{id_}"


@dataclass(frozen=True, slots=True)
class Held:
    """A type of resource in a message, and how many of it there are."""

    type: str
    least: int
    most: str = "*"


ASKED = (
    Held("ServiceRequest", 1, "1"),
    Held("Patient", 1, "1"),
    Held("QuestionnaireResponse", 0),
    Held("Observation", 0),
    Held("Condition", 0),
    Held("Flag", 0),
    Held("Consent", 0),
    Held("Organization", 0),
)
"""What is read of a referral; whatever else a message holds is passed over and named."""

ANSWERED = (
    Held("ServiceRequest", 1, "1"),
    Held("GuidanceResponse", 1, "1"),
    Held("Task", 1),
    Held("Communication", 1, "1"),
    Held("Provenance", 1, "1"),
    Held("Organization", 1),
)
"""What an answer holds at the least."""


def message_definitions() -> Mapping[str, Resource]:
    """The definitions by their ids, each a resource of R4."""
    return {REQUEST: _request(), RESPONSE: _response()}


def _request() -> Resource:
    told = (
        "A referral to mental health care with screening answers: new, brought up to date or taken"
        " back. It is answered at once; sent again, it gets the first answer again."
    )
    return {
        **_heading(REQUEST, "Referral to be triaged", told),
        "eventCoding": {"system": systems.MESSAGE_EVENTS, "code": "servicerequest-request"},
        "category": "consequence",
        "focus": _held(ASKED),
        "responseRequired": "always",
        "allowedResponse": [{"message": definition_url(RESPONSE)}],
    }


def _response() -> Resource:
    told = (
        "The decision on a referral: the team and how soon, the reasons, and what is still to be"
        " asked. It advises; a clinician decides."
    )
    return {
        **_heading(RESPONSE, "Decision on a referral", told),
        "eventCoding": {"system": systems.MESSAGE_EVENTS, "code": "servicerequest-response"},
        "category": "notification",
        "focus": _held(ANSWERED),
        "responseRequired": "never",
    }


def _heading(id_: str, title: str, description: str) -> Resource:
    return {
        "resourceType": "MessageDefinition",
        "id": id_,
        "url": definition_url(id_),
        "version": BARS,
        "name": "".join(part.capitalize() for part in id_.split("-")),
        "title": title,
        "status": "active",
        "date": MADE_ON,
        "description": description,
    }


def _held(held: tuple[Held, ...]) -> list[Resource]:
    return [{"code": one.type, "min": one.least, "max": one.most} for one in held]
