from __future__ import annotations

import pytest

from tests.fhir.api.reading.desk import BASE, Desk, ids, link, refused
from tests.fhir.writing.oracles import check
from triage.domain.caller import Role

TYPES = {
    "Questionnaire": ["referral-screening", "phq9", "gad7"],
    "PlanDefinition": ["doncaster"],
    "MessageDefinition": [
        "bars-message-servicerequest-request-referral",
        "bars-message-servicerequest-response-referral",
    ],
}


def test_what_is_spoken_is_told_to_everybody(desk: Desk) -> None:
    statement = desk.read("/fhir/metadata", role=None)
    assert statement["resourceType"] == "CapabilityStatement"
    assert statement["implementation"]["url"] == BASE


@pytest.mark.parametrize("type_", TYPES)
def test_all_of_a_type_stand_on_one_page(desk: Desk, type_: str) -> None:
    page = desk.read(f"/fhir/{type_}")
    assert ids(page) == TYPES[type_]
    assert page["total"] == len(TYPES[type_])
    assert link(page, "self") == f"{BASE}/{type_}"
    check(page)


@pytest.mark.parametrize("type_", TYPES)
def test_each_is_read_by_its_id(desk: Desk, type_: str) -> None:
    for id_ in TYPES[type_]:
        found = desk.read(f"/fhir/{type_}/{id_}")
        assert (found["resourceType"], found["id"]) == (type_, id_)


@pytest.mark.parametrize("type_", TYPES)
def test_one_that_is_not_there_is_not_found(desk: Desk, type_: str) -> None:
    assert "REC_NOT_FOUND" in refused(desk.get(f"/fhir/{type_}/nothing"), 404)


def test_one_is_found_by_its_address(desk: Desk) -> None:
    phq9 = desk.read("/fhir/Questionnaire/phq9")
    page = desk.read(f"/fhir/Questionnaire?url={phq9['url']}")
    assert ids(page) == ["phq9"]
    assert ids(desk.read("/fhir/Questionnaire?_id=gad7,phq9")) == ["phq9", "gad7"]
    assert "entry" not in desk.read("/fhir/Questionnaire?url=https://elsewhere.example")


def test_the_link_to_a_page_says_what_was_not_passed_over(desk: Desk) -> None:
    page = desk.read("/fhir/MessageDefinition?context=a-service&_id=nothing")
    assert link(page, "self") == f"{BASE}/MessageDefinition?_id=nothing"
    assert page["total"] == 0


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.DEVELOPER])
def test_everybody_who_is_known_may_read_the_rules(desk: Desk, role: Role) -> None:
    assert desk.read("/fhir/PlanDefinition/doncaster", role)["version"] == "2026.1"


def test_nobody_else_may(desk: Desk) -> None:
    answer = desk.get("/fhir/Questionnaire/phq9", role=None)
    refused(answer, 401)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
