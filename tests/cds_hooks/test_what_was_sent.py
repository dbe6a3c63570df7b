"""Whose data is read, what of it cannot be, and that no fault hides danger."""

from __future__ import annotations

import json
from typing import Any

import pytest

from schemas.cds_hooks import ORDER_SIGN, PATIENT_VIEW
from tests.cds_hooks.calls import (
    GAD7,
    PATIENT,
    PHQ9,
    Resource,
    a_call,
    a_patient,
    a_score,
    a_screening,
    an_order,
    found,
    prefetched,
    screened,
)
from tests.cds_hooks.desk import Desk
from triage.domain.vocabulary import Vocabulary
from triage.rulebook import Rulebook

SOMEBODY_ELSE = {"reference": "Patient/somebody-else"}


@pytest.fixture(scope="module")
def words(rulebook: Rulebook) -> Vocabulary:
    return rulebook.vocabulary


@pytest.mark.parametrize(
    "patient", [None, {}, [], "Patient/patient-1", {"resourceType": "Person", "id": PATIENT}]
)
def test_without_the_patient_nothing_can_be_said(desk: Desk, patient: Any) -> None:
    problem = desk.refused(a_call(ORDER_SIGN, prefetch=prefetched(patient=patient)), 412)
    (fault,) = problem["errors"]
    assert fault["field"] == "prefetch.patient"
    assert "GET /cds-services" in fault["problem"]
    assert desk.refused(a_call(PATIENT_VIEW, prefetch={}), 412)["errors"] == problem["errors"]


def test_another_patient_than_the_one_whose_record_is_open_is_refused(desk: Desk) -> None:
    call = a_call(ORDER_SIGN, prefetch=prefetched(patient=a_patient(id="somebody-else")))
    problem = desk.refused(call, 412)
    assert "not the one" in problem["detail"]
    assert "somebody-else" not in json.dumps(problem)


def test_the_score_of_somebody_else_is_not_read_and_that_is_said(desk: Desk) -> None:
    theirs = a_score(PHQ9, 25, subject=SOMEBODY_ELSE)
    card = desk.card(a_call(ORDER_SIGN, prefetch=prefetched(theirs)))
    assert "PHQ-9 is" not in card["detail"]
    assert "prefetch.phq9.entry\\[0\\].resource: This is about somebody else" in card["detail"]


def test_the_danger_of_somebody_else_is_not_this_persons(desk: Desk, words: Vocabulary) -> None:
    theirs = {**a_screening(words, plan="active"), "subject": SOMEBODY_ELSE}
    forms = found(a_screening(words, emergency_now=False), theirs)
    card = desk.card(a_call(ORDER_SIGN, prefetch=prefetched(questionnaireResponses=forms)))
    assert card["indicator"] == "warning"


def test_values_may_be_resources_or_what_a_search_found(desk: Desk) -> None:
    alone = prefetched(phq9=a_score(PHQ9, 12), gad7=found(a_score(GAD7, 9)))
    card = desk.card(a_call(ORDER_SIGN, prefetch=alone))
    assert "PHQ-9 is 12" in card["detail"]


@pytest.mark.parametrize("value", [1, "text", [], [{}], {"resourceType": "Bundle", "entry": [1]}])
def test_what_is_no_resource_is_said_to_be_none_and_the_rest_is_read(
    desk: Desk, value: Any
) -> None:
    call = a_call(ORDER_SIGN, prefetch=prefetched(a_score(PHQ9, 12), flags=value))
    assert "PHQ-9 is 12" in desk.card(call)["detail"]


def test_a_score_that_cannot_be_is_passed_over_and_said_by_its_place(
    desk: Desk, words: Vocabulary
) -> None:
    screening = a_screening(words, plan="active")
    card = desk.card(a_call(ORDER_SIGN, prefetch=prefetched(a_score(PHQ9, 28), screening)))
    assert card["indicator"] == "critical"
    assert "prefetch.phq9.entry\\[0\\].resource" in card["detail"]
    assert "28" not in card["detail"].partition("About what was sent")[2]


def test_more_pages_than_were_sent_are_spoken_of(desk: Desk) -> None:
    page = {**found(a_score(PHQ9, 12)), "link": [{"relation": "next", "url": "https://x"}]}
    card = desk.card(a_call(ORDER_SIGN, prefetch=prefetched(phq9=page)))
    assert "more pages than were sent" in card["detail"]


def test_a_key_that_nobody_asked_for_is_read_and_not_repeated(desk: Desk) -> None:
    more = {"Mr Brown's scores": found(a_score(PHQ9, 12), {"resourceType": "Patient", "id": "x"})}
    card = desk.card(a_call(ORDER_SIGN, prefetch=prefetched(**more)))
    assert "PHQ-9 is 12" in card["detail"]
    assert "Brown" not in json.dumps(card)


def test_words_from_outside_are_escaped(desk: Desk, words: Vocabulary) -> None:
    nasty = "<img src=x onerror=alert(1)> [click](https://evil.example) `CBT` **now**"
    orders = [an_order(f"CMHT {nasty}", id="a"), an_order("CMHT", id="b")]
    prefetch = screened(words, long_term_conditions=[nasty])
    for card in desk.cards(a_call(ORDER_SIGN, *orders, prefetch=prefetch)):
        assert "<img" not in card["detail"].replace("\\<", "")
        assert "[click](" not in card["detail"].replace("\\[", "")
        assert "**now**" not in card["detail"]


FAULTS: list[dict[str, Any]] = [
    {"hookInstance": "1"},
    {"context": None},
    {"context": {"patientId": PATIENT}},
    {"fhirServer": 1},
    {"hook": "patient-view"},
]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_names_its_field_and_never_hides_danger(
    desk: Desk, words: Vocabulary, fault: dict[str, Any]
) -> None:
    call = {**a_call(ORDER_SIGN), **fault}
    call["prefetch"] = prefetched(a_screening(words, plan="active"))
    problem = desk.refused({**call, "hook": call["hook"]}, 400) if "hook" not in fault else None
    if problem is None:
        answer = desk.post("/cds-services/triage-order-sign", call)
        assert answer.status_code == 400
        problem = answer.get_json(force=True)
    assert all(one["field"].partition(".")[0] in fault for one in problem["errors"])
    assert (problem["safety"]["route"], problem["safety"]["urgency"]) == ("crisis", "very_urgent")


def test_danger_is_told_where_the_patient_is_missing(desk: Desk, words: Vocabulary) -> None:
    prefetch = prefetched(a_screening(words, plan="active"), patient=None)
    assert desk.refused(a_call(ORDER_SIGN, prefetch=prefetch), 412)["safety"]["route"] == "crisis"


def test_danger_of_somebody_else_is_not_told_as_this_persons(desk: Desk, words: Vocabulary) -> None:
    theirs: Resource = {**a_screening(words, plan="active"), "subject": SOMEBODY_ELSE}
    prefetch = prefetched(theirs, patient=None)
    assert "safety" not in desk.refused(a_call(ORDER_SIGN, prefetch=prefetch), 412)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"1", b'{"hook": "x", "hook": "y"}', b'{"context": NaN}', b"\xff"]
)
def test_what_is_not_strict_json_is_refused(desk: Desk, body: bytes) -> None:
    assert desk.post("/cds-services/triage-order-sign", body).status_code == 400


def test_a_service_that_there_is_not_is_not_found(desk: Desk) -> None:
    for path in ("triage-x", "triage-x/feedback"):
        assert desk.post(f"/cds-services/{path}", a_call(ORDER_SIGN)).status_code == 404


def test_a_call_may_be_as_long_as_records_are(desk: Desk) -> None:
    scores = [a_score(PHQ9, 12, id=str(n), note=[{"text": "x" * 2000}]) for n in range(200)]
    call = a_call(ORDER_SIGN, prefetch=prefetched(*scores))
    assert len(json.dumps(call)) > 256 * 1024
    desk.cards(call)
    assert desk.post("/cds-services/triage-order-sign", b" " * 1_100_000).status_code == 413
