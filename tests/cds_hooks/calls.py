"""Calls of hooks as GP systems make them: a test names only what matters to it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from schemas.cds_hooks import ORDER_SELECT, ORDER_SIGN, PATIENT_VIEW
from tests.builders import MILD_ANSWERS
from triage.domain.vocabulary import Vocabulary
from triage.fhir.own import Own
from triage.fhir.writing.items import Answered, ItemWriter

Resource = dict[str, Any]

PATIENT = "patient-1"
SUBJECT = {"reference": f"Patient/{PATIENT}"}

LOINC, SNOMED = "http://loinc.org", "http://snomed.info/sct"
PHQ9, GAD7, ITEM_9 = "44261-6", "70274-6", "44260-8"

SERVICES: Mapping[str, str] = {
    hook: f"triage-{hook}" for hook in (ORDER_SELECT, ORDER_SIGN, PATIENT_VIEW)
}

SETTLED: Mapping[str, Any] = {
    **MILD_ANSWERS,
    "harm_towards": "self",
    "safeguarding_concern": False,
    "audit_total": 3,
    "veteran": False,
}
"""Answers of which none that is missing could still change route or urgency."""


def a_patient(**more: Any) -> Resource:
    return {"resourceType": "Patient", "id": PATIENT, "birthDate": "1990-03-14", **more}


def an_order(text: str = "Referral to talking therapies", **more: Any) -> Resource:
    """A draft ServiceRequest; None takes a part away."""
    order = {
        "resourceType": "ServiceRequest",
        "id": "order-1",
        "status": "draft",
        "intent": "order",
        "subject": SUBJECT,
        "code": {"text": text},
        **more,
    }
    return {name: value for name, value in order.items() if value is not None}


def a_score(code: str, value: int, *, system: str = LOINC, **more: Any) -> Resource:
    """An Observation with a score, taken yesterday by the calendar of nobody in particular."""
    return {
        "resourceType": "Observation",
        "id": f"score-{code}",
        "status": "final",
        "code": {"coding": [{"system": system, "code": code}]},
        "subject": SUBJECT,
        "valueInteger": value,
        **more,
    }


def a_screening(vocabulary: Vocabulary, **answers: Any) -> Resource:
    """A QuestionnaireResponse to our own questionnaire."""
    return {
        "resourceType": "QuestionnaireResponse",
        "id": "screening-1",
        "questionnaire": Own.of(vocabulary).questionnaire("referral-screening"),
        "status": "completed",
        "subject": SUBJECT,
        "item": ItemWriter(vocabulary).answers_as_items(Answered(answers=answers)),
    }


def found(*resources: Resource) -> Resource:
    """What a search was answered with."""
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": len(resources),
        "entry": [{"resource": one, "search": {"mode": "match"}} for one in resources],
    }


def drafts(*orders: Resource) -> Resource:
    return {"resourceType": "Bundle", "entry": [{"resource": one} for one in orders]}


def prefetched(*screened: Resource, **more: Any) -> dict[str, Any]:
    """Every key of the templates: what was screened, and nothing else but the patient."""
    scores = [one for one in screened if one["resourceType"] == "Observation"]
    forms = [one for one in screened if one["resourceType"] == "QuestionnaireResponse"]
    return {
        "patient": a_patient(),
        "phq9": found(*scores) if scores else None,
        "gad7": None,
        "wsas": None,
        "audit": None,
        "questionnaireResponses": found(*forms) if forms else None,
        "conditions": None,
        "flags": None,
        **more,
    }


def a_call(hook: str, *orders: Resource, **more: Any) -> dict[str, Any]:
    """A call at a hook, with draft orders where the hook has any; more of it by name."""
    context: dict[str, Any] = {"userId": "Practitioner/1", "patientId": PATIENT}
    if hook != PATIENT_VIEW:
        context["draftOrders"] = drafts(*(orders or (an_order(),)))
    if hook == ORDER_SELECT:
        context["selections"] = [
            f"ServiceRequest/{one.get('id')}" for one in orders or [an_order()]
        ]
    return {
        "hook": hook,
        "hookInstance": str(uuid.uuid4()),
        "context": context,
        "prefetch": prefetched(),
        **more,
    }


ROUTES: Mapping[str, Mapping[str, Any]] = {
    "emergency": {"emergency_now": True},
    "crisis": {"thoughts_of_harm": "frequent", "plan": "active"},
    "clinical_review": {"thoughts_of_harm": None, "protective_factors": None},
    "cmht": {"specialist_indicator": "psychosis"},
    "substance_misuse": {"substance_use": "dependent"},
    "counselling": {"presenting_problem": "stress"},
    "active_monitoring": {"recent_trigger": "job_loss", "trigger_days_ago": 7},
    "iapt_step_3": {"presenting_problem": "ptsd"},
    "iapt_step_2": {},
}
"""What is answered otherwise than mildly where each route leads, for an adult."""


def screened(vocabulary: Vocabulary, **otherwise: Any) -> dict[str, Any]:
    """What is prefetched where everything was asked, and answered mildly but for these."""
    given = {**SETTLED, **otherwise}
    answers = {name: value for name, value in given.items() if value is not None}
    return prefetched(a_screening(vocabulary, **answers))
