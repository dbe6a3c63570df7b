"""Orders and records of others, of the dead, and more than can be looked at."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.cds_hooks import ORDER_SIGN, PATIENT_VIEW
from tests.cds_hooks.calls import (
    ITEM_9,
    PHQ9,
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

NHS = "https://fhir.nhs.uk/Id/nhs-number"
PTSD = {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "F43.1"}]}
DEPRESSION = {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "F32"}]}


@pytest.fixture(scope="module")
def words(rulebook: Rulebook) -> Vocabulary:
    return rulebook.vocabulary


def numbered(number: str) -> dict[str, Any]:
    return {"identifier": {"system": NHS, "value": number}}


PERSON = a_patient(identifier=[numbered("9990000026")["identifier"]])


@pytest.mark.parametrize(
    "subject", [numbered("9990000018"), {"reference": "Patient/somebody-else"}]
)
def test_an_order_for_somebody_else_is_told_and_nothing_is_advised(
    desk: Desk, words: Vocabulary, subject: dict[str, Any]
) -> None:
    prefetch = {**screened(words, plan="active"), "patient": PERSON}
    card = desk.card(a_call(ORDER_SIGN, an_order(subject=subject), prefetch=prefetch))
    assert card["indicator"] == "warning"
    assert "suggestions" not in card
    assert "topic" not in card["source"]
    assert "order is for somebody else" in card["summary"]
    assert "Crisis" not in card["detail"]


def test_beside_an_order_of_theirs_that_of_somebody_else_is_told(
    desk: Desk, words: Vocabulary
) -> None:
    orders = [
        an_order("CMHT", id="a", subject=numbered("9990000018"), reasonCode=[PTSD]),
        an_order(id="b", subject=numbered("9990000026")),
    ]
    prefetch = {**screened(words, presenting_problem=None), "patient": PERSON}
    card = desk.card(a_call(ORDER_SIGN, *orders, prefetch=prefetch))
    assert card["suggestions"][0]["actions"][0]["resource"]["id"] == "b"
    assert "context.draftOrders.entry\\[0\\].resource.subject: This order is for" in card["detail"]
    assert card["source"]["topic"]["code"] == "iapt_step_2"


def test_a_score_under_another_number_is_not_read_and_that_is_said(desk: Desk) -> None:
    theirs = a_score(PHQ9, 25, subject={"reference": "Patient/patient-1", **numbered("9990000018")})
    card = desk.card(a_call(ORDER_SIGN, prefetch=prefetched(theirs, patient=PERSON)))
    assert "PHQ-9 is" not in card["detail"]
    assert "about somebody else" in card["detail"]


def test_danger_under_an_absolute_reference_counts_below_the_server_that_calls(
    desk: Desk, words: Vocabulary
) -> None:
    server = "https://ehr.example.org/fhir"
    indicators = []
    for base in (server, "https://other.example/fhir"):
        form = a_screening(words, plan="active")
        form["subject"] = {"reference": f"{base}/Patient/patient-1"}
        call = a_call(ORDER_SIGN, prefetch=prefetched(form), fhirServer=server)
        indicators.append(desk.card(call)["indicator"])
    assert indicators == ["critical", "warning"]


def test_a_call_that_is_refused_tells_no_danger_of_another_number(
    desk: Desk, words: Vocabulary
) -> None:
    for number, is_told in (("9990000018", False), ("9990000026", True)):
        form = {**a_screening(words, plan="active"), "subject": numbered(number)}
        call = a_call(ORDER_SIGN, prefetch=prefetched(form, patient=PERSON), hookInstance="1")
        assert ("safety" in desk.refused(call, 400)) is is_told


@pytest.mark.parametrize("hook", [ORDER_SIGN, PATIENT_VIEW])
@pytest.mark.parametrize("held", [{}, {"identifier": PERSON["identifier"]}])
def test_danger_of_a_patient_inside_the_answers_is_not_dropped(
    desk: Desk, words: Vocabulary, held: dict[str, Any], hook: str
) -> None:
    form = a_screening(words, plan="active")
    form |= {"subject": {"reference": "#p"}}
    form |= {"contained": [{"resourceType": "Patient", "id": "p", **held}]}
    card = desk.card(a_call(hook, prefetch=prefetched(form, patient=PERSON)))
    assert card["indicator"] == "critical"
    assert "there are several" not in card["detail"].lower()


def test_the_age_is_that_of_the_patient_whose_record_is_open(desk: Desk, words: Vocabulary) -> None:
    held = {"resourceType": "Patient", "id": "p"}
    order = an_order(subject={"reference": "#p"}, contained=[held])
    child = a_patient(birthDate="2014-03-14")
    card = desk.card(a_call(ORDER_SIGN, order, prefetch={**screened(words), "patient": child}))
    assert card["source"]["topic"]["code"] == "young_people"


OUTCOME = {
    "resourceType": "OperationOutcome",
    "issue": [{"severity": "error", "code": "exception"}],
}


@pytest.mark.parametrize("value", [OUTCOME, found(OUTCOME)])
def test_what_a_server_could_not_give_is_told(desk: Desk, value: dict[str, Any]) -> None:
    card = desk.card(a_call(ORDER_SIGN, prefetch=prefetched(questionnaireResponses=value)))
    told = card["detail"].partition("About what was sent")[2]
    assert "prefetch.questionnaireResponses" in told
    assert "could not be had" in told


def test_the_reasons_of_every_order_are_read(desk: Desk, words: Vocabulary) -> None:
    orders = [an_order(), an_order(id="order-2", reasonCode=[PTSD])]
    call = a_call(ORDER_SIGN, *orders, prefetch=screened(words, presenting_problem=None))
    assert {one["source"]["topic"]["code"] for one in desk.cards(call)} == {"iapt_step_3"}


def test_a_reason_inside_the_second_order_is_read(desk: Desk, words: Vocabulary) -> None:
    held = {"resourceType": "Condition", "id": "c", "subject": {"reference": "Patient/patient-1"}}
    reason = [{"reference": "#c"}]
    orders = [
        an_order(contained=[{"resourceType": "Organization", "id": "c"}]),
        an_order(id="order-2", contained=[{**held, "code": PTSD}], reasonReference=reason),
    ]
    call = a_call(ORDER_SIGN, *orders, prefetch=screened(words, presenting_problem=None))
    assert {one["source"]["topic"]["code"] for one in desk.cards(call)} == {"iapt_step_3"}


def test_reasons_that_contradict_one_another_are_told_by_their_places(
    desk: Desk, words: Vocabulary
) -> None:
    orders = [an_order(reasonCode=[DEPRESSION]), an_order(id="order-2", reasonCode=[PTSD])]
    call = a_call(ORDER_SIGN, *orders, prefetch=screened(words, presenting_problem=None))
    for card in desk.cards(call):
        told = card["detail"].partition("About what was sent")[2]
        assert "context.draftOrders.entry\\[1\\].resource.reasonCode\\[0\\]: " in told
        assert "otherwise at context.draftOrders.entry\\[0\\].resource.reasonCode\\[0\\]" in told


def test_so_many_orders_are_looked_at_and_no_more(desk: Desk, words: Vocabulary) -> None:
    orders = [an_order(f"CMHT {n}", id=f"order-{n}") for n in range(30)]
    cards = desk.cards(a_call(ORDER_SIGN, *orders, prefetch=screened(words)))
    assert len(cards) == 20
    assert all("Of 30 orders" in one["detail"] for one in cards)


def test_on_somebody_who_has_died_nothing_is_advised(desk: Desk, words: Vocabulary) -> None:
    for died in ({"deceasedBoolean": True}, {"deceasedDateTime": "2026-11-01"}):
        prefetch = {**screened(words, gad7_total=None), "patient": a_patient(**died)}
        for hook in (ORDER_SIGN, PATIENT_VIEW):
            card = desk.card(a_call(hook, prefetch=prefetch))
            assert "has died" in card["summary"]
            assert "suggestions" not in card
    assert desk.cards(a_call(PATIENT_VIEW, prefetch=prefetched(patient=a_patient(**died)))) == []
    alive = {**screened(words), "patient": a_patient(deceasedBoolean=False)}
    assert "has died" not in desk.card(a_call(ORDER_SIGN, prefetch=alive))["summary"]


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"thoughts_of_harm": "regular"}, "Thoughts of harm: regular thoughts."),
        ({"harm_injury": "serious"}, "Injury from current harm: serious injury"),
        ({"intent": "some"}, "Intent: some intent."),
    ],
)
def test_what_was_found_stands_before_what_is_still_to_be_asked(
    desk: Desk, words: Vocabulary, answers: dict[str, Any], said: str
) -> None:
    screening = prefetched(a_screening(words, **answers))
    card = desk.card(a_call(PATIENT_VIEW, prefetch=screening))
    assert card["indicator"] == "warning"
    assert card["summary"].startswith(said)
    assert "Still to be asked" in card["summary"]
    assert card["detail"].startswith("**Found:**\n\n- " + said)


def test_an_item_9_that_is_positive_stands_first(desk: Desk) -> None:
    card = desk.card(a_call(PATIENT_VIEW, prefetch=prefetched(a_score(ITEM_9, 3))))
    assert card["summary"].startswith("PHQ-9 item 9 is 3. Still to be asked: ")
    assert card["detail"].startswith("**Found:**\n\n- PHQ-9 item 9 is 3.\n")
    nothing = desk.card(a_call(PATIENT_VIEW, prefetch=prefetched(a_score(ITEM_9, 0))))
    assert "Found" not in nothing["detail"]


def test_nothing_that_is_shown_turns_the_direction_of_reading(desk: Desk) -> None:
    turning = "\u202e\u2066\u200f"
    orders = [an_order(f"CMHT {turning}txt", id="a"), an_order("Crisis team", id="b")]
    for card in desk.cards(a_call(ORDER_SIGN, *orders)):
        assert not set(turning) & set(card["summary"] + card["detail"])
