"""The decision as guidance: what was decided, why, and what is still to be asked."""

from __future__ import annotations

import re

from triage.fhir.findings import finding_kept
from triage.fhir.outcome import operation_outcome
from triage.fhir.questionnaires import SCREENING
from triage.fhir.writing.data_requirements import data_requirement
from triage.fhir.writing.draft import Draft
from triage.fhir.writing.elements import Element, concept, identifier, plain, present
from triage.fhir.writing.links import GUIDANCE, OUTCOME
from triage.fhir.writing.parameters import parameters
from triage.fhir.writing.service_request import decision_identifier

DECIDED, ALERTS, FOUND = "decided", "alerts", "found"
"""The ids of what a GuidanceResponse contains: parameters, warnings, and what was found in the
message."""

STATUSES = {"needs_information": "data-required"}
"""The status of guidance (R4, GuidanceResponseStatus), where it is not ``success``."""


def guidance_response(draft: Draft) -> Element:
    """The GuidanceResponse of a decision. It stays as it was decided, whatever came after.

    A what-if has no id, for nobody can read it again.
    """
    decision, terms = draft.referred.decision, draft.terms
    return present(
        {
            "resourceType": "GuidanceResponse",
            "id": draft.links.id(GUIDANCE) if draft.is_recorded else None,
            "contained": [parameters(draft, DECIDED), *_warnings(draft), *_found(draft)],
            "extension": _questionnaire(draft) if decision["missing"] else None,
            "requestIdentifier": _request(draft),
            "identifier": [decision_identifier(draft)] if draft.is_recorded else None,
            "moduleCanonical": terms.plan(decision["rulebook"]),
            "status": STATUSES.get(decision["status"], "success"),
            "subject": draft.subject(),
            "occurrenceDateTime": draft.decided_at,
            "reasonCode": [concept(terms.route(decision["route"]["id"]))],
            "note": [{"text": plain(each["because"])} for each in decision["reasoning"]],
            "evaluationMessage": _messages(draft),
            "outputParameters": {"reference": f"#{DECIDED}"},
            "dataRequirement": [data_requirement(each, terms) for each in decision["missing"]],
        }
    )


def _request(draft: Draft) -> Element | None:
    """The message that asked, else the decision."""
    message = draft.answering.message_id
    if message is None:
        return decision_identifier(draft) if draft.is_recorded else None
    system, _, value = message.partition("|")
    is_both = value.strip() and re.fullmatch(r"\S+", system)
    return identifier(system, value) if is_both else {"value": message}


def _questionnaire(draft: Draft) -> list[Element]:
    """The questionnaire that asks what is missing: what it is, and where it can be read."""
    terms = draft.terms
    url, there = terms.own.extension("questionnaire"), f"Questionnaire/{SCREENING}"
    reference = f"{terms.base}/{there}" if draft.links.in_message else there
    return [
        {"url": url, "valueCanonical": terms.questionnaire(draft.referred.decision["rulebook"])},
        {"url": url, "valueReference": {"reference": reference}},
    ]


def _warnings(draft: Draft) -> list[Element]:
    """The alerts of the decision as a contained OperationOutcome, where there are any."""
    issues = [
        {
            "severity": "warning",
            "code": "business-rule",
            "details": {
                "coding": [draft.terms.alert(alert["id"])],
                "text": plain(alert["because"]),
            },
        }
        for alert in draft.referred.decision["alerts"]
    ]
    return [{"resourceType": "OperationOutcome", "id": ALERTS, "issue": issues}] if issues else []


def _found(draft: Draft) -> list[Element]:
    """What was found in the message that it came by; beside it, where it is in a message itself."""
    kept = draft.referred.findings
    if not kept or draft.links.in_message:
        return []
    return [operation_outcome([*map(finding_kept, kept)], id_=FOUND)]


def _messages(draft: Draft) -> list[Element]:
    """What is to be noted: the alerts, and what was found in the message."""
    alerts = {"reference": f"#{ALERTS}"} if draft.referred.decision["alerts"] else {}
    found = {"reference": f"#{FOUND}"} if _found(draft) else draft.links.to(OUTCOME)
    return [each for each in (alerts, found) if each]
