"""Messages as GP systems send them, built by hand: a test names only what matters to it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from triage.fhir.systems import MESSAGE_EVENTS, MESSAGE_REASONS, NHS_NUMBER, ODS_CODE

Resource = dict[str, Any]

OWN = "https://referral-triage.example/fhir"

SAFE: Mapping[str, Any] = {
    "emergency_now": False,
    "thoughts_of_harm": "none",
    "harm_injury": "none",
    "serious_harm_history": False,
    "protective_factors": "some",
}
"""The questions about risk, each with its mildest answer."""


def a_message(
    answers: Mapping[str, Any] = SAFE,
    *more: Resource,
    id_: str | None = None,
    reason: str = "new",
    request: Mapping[str, Any] | None = None,
    patient: Mapping[str, Any] | None = None,
) -> Resource:
    """A referral of a practice, with screening answers and whatever resources come with it."""
    header = {
        "resourceType": "MessageHeader",
        "id": id_ or str(uuid.uuid4()),
        "eventCoding": {"system": MESSAGE_EVENTS, "code": "servicerequest-request"},
        "destination": [{"endpoint": "https://triage.example.nhs.uk/fhir/$process-message"}],
        "sender": {"reference": "urn:uuid:00000000-0000-4000-8000-000000000003"},
        "source": {"name": "A GP system", "endpoint": "https://gp.example.nhs.uk/fhir"},
        "reason": {"coding": [{"system": MESSAGE_REASONS, "code": reason}]},
        "focus": [{"reference": "urn:uuid:00000000-0000-4000-8000-000000000001"}],
    }
    answered = [an_item(name, value) for name, value in answers.items()]
    return {
        "resourceType": "Bundle",
        "type": "message",
        "timestamp": "2026-11-20T09:29:00+00:00",
        "entry": [
            _entry(0, header),
            _entry(1, {**a_request(), **(request or {})}),
            _entry(2, {**a_patient(), **(patient or {})}),
            _entry(3, a_practice()),
            *([_entry(4, a_response(answered))] if answered else []),
            *(_entry(number, one) for number, one in enumerate(more, start=5)),
        ],
    }


def _entry(number: int, resource: Resource) -> Resource:
    return {"fullUrl": f"urn:uuid:00000000-0000-4000-8000-{number:012}", "resource": resource}


def a_request() -> Resource:
    """The request for a mental-health service."""
    return {
        "resourceType": "ServiceRequest",
        "id": str(uuid.uuid4()),
        "status": "active",
        "intent": "order",
        "subject": {"reference": "urn:uuid:00000000-0000-4000-8000-000000000002"},
        "requester": {"reference": "urn:uuid:00000000-0000-4000-8000-000000000003"},
    }


def a_patient() -> Resource:
    """Somebody with a made-up NHS number."""
    return {
        "resourceType": "Patient",
        "identifier": [{"system": NHS_NUMBER, "value": "9990000026"}],
        "gender": "female",
        "birthDate": "1985-02-01",
        "address": [{"use": "home", "postalCode": "DN1 1AA"}],
    }


def a_practice() -> Resource:
    """The practice that refers."""
    return {
        "resourceType": "Organization",
        "identifier": [{"system": ODS_CODE, "value": "C86001"}],
        "name": "The Surgery",
    }


def a_response(items: Sequence[Resource], **more: Any) -> Resource:
    """Answers to our own questionnaire."""
    return {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": f"{OWN}/Questionnaire/referral-screening",
        "status": "completed",
        "subject": {"reference": "urn:uuid:00000000-0000-4000-8000-000000000002"},
        "item": list(items),
        **more,
    }


def an_item(name: str, value: Any) -> Resource:
    """One answer: a yes or no, a whole number, or a choice by its code."""
    if isinstance(value, bool):
        return {"linkId": name, "answer": [{"valueBoolean": value}]}
    if isinstance(value, int):
        return {"linkId": name, "answer": [{"valueInteger": value}]}
    coding = {"system": f"{OWN}/CodeSystem/{name}", "code": value}
    return {"linkId": name, "answer": [{"valueCoding": coding}]}


def a_score(system: str, code: str, value: int, **more: Any) -> Resource:
    """An observation of a score."""
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": system, "code": code}]},
        "subject": {"reference": "urn:uuid:00000000-0000-4000-8000-000000000002"},
        "valueInteger": value,
        **more,
    }


def of_type(bundle: Resource, kind: str) -> list[Resource]:
    """The resources of a type in a Bundle."""
    found = [entry["resource"] for entry in bundle["entry"]]
    return [one for one in found if one["resourceType"] == kind]
