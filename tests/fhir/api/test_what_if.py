"""What answers to a questionnaire would come to: decided, and not recorded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.fhir.api.desk import Desk
from tests.fhir.messages import (
    SAFE,
    Resource,
    a_patient,
    a_response,
    a_score,
    an_item,
)

TRIAGE = "/fhir/QuestionnaireResponse/$triage"


def asked(desk: Desk, sent: Resource, status: int = 200) -> Resource:
    """What the service answers to what is sent."""
    answer = desk.client.post(TRIAGE, json=sent, content_type="application/fhir+json")
    assert answer.status_code == status, answer.get_data(as_text=True)
    found: Resource = answer.get_json(force=True)
    return found


def alone(response: Resource) -> Resource:
    """A response that is about nobody in particular."""
    return {name: one for name, one in response.items() if name != "subject"}


def screening(**answers: bool | int | str) -> Resource:
    return alone(a_response([an_item(name, value) for name, value in answers.items()]))


def route_in(guidance: Resource) -> str:
    (found,) = (
        one["valueCoding"]["code"]
        for one in guidance["contained"][0]["parameter"]
        if one["name"] == "route"
    )
    return str(found)


def test_answers_are_decided_and_not_recorded(desk: Desk) -> None:
    before = desk.client.get("/v1/log/head").get_json()["size"]
    guidance = asked(desk, screening(**SAFE, plan="active"))
    assert route_in(guidance) == "crisis"
    assert guidance["status"] == "success"
    assert "id" not in guidance
    assert "identifier" not in guidance
    assert desk.client.get("/v1/log/head").get_json()["size"] == before


def test_what_is_missing_is_asked_for(desk: Desk) -> None:
    guidance = asked(desk, screening(phq9_total=12))
    assert guidance["status"] == "data-required"
    assert route_in(guidance) == "clinical_review"
    assert guidance["dataRequirement"]


def test_a_patient_and_scores_may_come_beside_the_answers(desk: Desk) -> None:
    parts = [
        {"name": "questionnaireResponse", "resource": screening(**SAFE)},
        {"name": "patient", "resource": {**a_patient(), "birthDate": "2015-01-01"}},
        {
            "name": "score",
            "resource": alone(a_score("http://loinc.org", "44261-6", 12)),
        },
    ]
    guidance = asked(desk, {"resourceType": "Parameters", "parameter": parts})
    assert route_in(guidance) == "young_people"


def test_a_published_phq9_counts_by_its_items_and_raises_an_alert(
    desk: Desk, payloads: Path
) -> None:
    sent = json.loads((payloads / "sdc_phq9_questionnaireresponse_r4.json").read_bytes())
    guidance = asked(desk, sent)
    alerts = {
        coding["code"]
        for one in guidance["contained"]
        if one["id"] == "alerts"
        for issue in one["issue"]
        for coding in issue["details"]["coding"]
    }
    assert {"totals_differ", "item9_positive"} <= alerts
    assert guidance["status"] == "data-required"


def test_an_instrument_that_is_not_known_is_named_and_passed_over(
    desk: Desk, payloads: Path
) -> None:
    sent = json.loads((payloads / "iops_questionnaireresponse_diabetesrisk.json").read_bytes())
    guidance = asked(desk, sent)
    (found,) = (one for one in guidance["contained"] if one["id"] == "found")
    said = json.dumps(found)
    assert "https://example.fhir.nhs.uk/Questionnaire/T2DRiskForm" in said
    assert guidance["status"] == "data-required"
    assert route_in(guidance) == "clinical_review"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"resourceType": "Observation"}, 400),
        (screening(phq9_total=99), 422),
        ({**screening(plan="active"), "status": "bogus"}, 400),
    ],
)
def test_what_cannot_be_used_is_refused_with_an_outcome(
    desk: Desk, sent: Resource, status: int
) -> None:
    outcome = asked(desk, sent, status)
    assert outcome["resourceType"] == "OperationOutcome"
    hides_none = "crisis" in json.dumps(outcome) or "active" not in json.dumps(sent)
    assert hides_none
