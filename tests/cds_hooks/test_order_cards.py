from __future__ import annotations

from typing import Any

import pytest
from fhir.resources.R4B.servicerequest import ServiceRequest

from schemas.cds_hooks import ORDER_SELECT, ORDER_SIGN
from tests.cds_hooks.calls import (
    ITEM_9,
    PHQ9,
    ROUTES,
    Resource,
    a_call,
    a_patient,
    a_score,
    a_screening,
    an_order,
    prefetched,
    screened,
)
from tests.cds_hooks.desk import Desk
from triage.domain.vocabulary import Vocabulary
from triage.fhir.own import Own
from triage.fhir.systems import ODS_CODE
from triage.rulebook import Rulebook


@pytest.fixture(scope="module")
def words(rulebook: Rulebook) -> Vocabulary:
    return rulebook.vocabulary


def performer(words: Vocabulary, team: str) -> list[Resource]:
    """An order's performer: a team of ours."""
    return [{"identifier": {"system": Own.of(words).identifier("team"), "value": team}}]


def suggested(card: dict[str, Any]) -> Resource:
    """The order that a card suggests."""
    (suggestion,) = card["suggestions"]
    (action,) = suggestion["actions"]
    assert action["type"] == "update"
    resource: Resource = action["resource"]
    return resource


def team_of(order: Resource) -> str:
    (named,) = order["performer"]
    return str(named["identifier"]["value"])


@pytest.mark.parametrize("hook", [ORDER_SELECT, ORDER_SIGN])
def test_a_plan_to_end_their_life_is_critical_and_goes_to_the_crisis_team(
    desk: Desk, words: Vocabulary, hook: str
) -> None:
    card = desk.card(a_call(hook, prefetch=prefetched(a_screening(words, plan="active"))))
    assert card["indicator"] == "critical"
    assert card["summary"] == "Crisis team within 4 hours: ring 01632 960001 now"
    assert "There is an active plan" in card["detail"]
    assert "call 999 now" in card["detail"]
    order = suggested(card)
    assert (team_of(order), order["priority"]) == ("doncaster-crisis-team", "asap")


def test_a_phq9_alone_asks_about_risk_first_and_never_settles_on_talking_therapies(
    desk: Desk,
) -> None:
    card = desk.card(a_call(ORDER_SIGN, prefetch=prefetched(a_score(PHQ9, 12), a_score(ITEM_9, 0))))
    assert card["indicator"] == "warning"
    assert card["summary"].startswith("Ask about risk first. Clinical review the same day")
    assert card["source"]["topic"]["code"] == "clinical_review"
    first, *_ = card["detail"].split("\n\n**Clinical review")
    assert first.startswith("**Ask first:**\n\n- Is anybody in danger right now")
    assert "thoughts of ending their life" in first
    order = suggested(card)
    assert (team_of(order), order["priority"]) == ("doncaster-single-point-of-access", "urgent")
    assert any(one["url"].endswith("/Questionnaire/referral-screening") for one in card["links"])


def test_with_nothing_known_but_the_patient_it_says_so(desk: Desk) -> None:
    card = desk.card(a_call(ORDER_SIGN, prefetch={"patient": a_patient()}))
    assert card["summary"].startswith("Ask about risk first.")
    assert "phq9, gad7, wsas, audit, questionnaireResponses" in card["detail"]


def test_what_is_known_to_be_empty_is_not_missing(desk: Desk) -> None:
    card = desk.card(a_call(ORDER_SIGN, prefetch=prefetched()))
    assert card["summary"].startswith("Ask about risk first.")
    assert "About what was sent" not in card["detail"]


def test_a_settled_route_suggests_team_and_priority_and_leaves_the_rest_as_it_was(
    desk: Desk, words: Vocabulary
) -> None:
    sent = an_order(
        "CMHT referral",
        performer=performer(words, "doncaster-cmht"),
        priority="routine",
        reasonCode=[{"text": "Low mood"}],
        note=[{"text": "Prefers the morning"}],
        authoredOn="2026-11-20",
    )
    card = desk.card(a_call(ORDER_SIGN, sent, prefetch=screened(words)))
    assert card["indicator"] == "info"
    assert card["summary"].startswith("Talking therapies, step 2, within 4 weeks")
    order = suggested(card)
    assert card["suggestions"][0]["isRecommended"] is True
    assert team_of(order) == "doncaster-talking-therapies"
    assert order["performer"][0]["display"] == "Doncaster talking therapies"
    assert order["priority"] == "routine"
    changed = ("performer", "priority")
    assert {name: one for name, one in order.items() if name not in changed} == {
        name: one for name, one in sent.items() if name not in changed
    }


@pytest.mark.parametrize("priority", ["routine", None])
def test_an_order_that_goes_where_it_should_is_left_as_it_is(
    desk: Desk, words: Vocabulary, priority: str | None
) -> None:
    order = an_order(performer=performer(words, "doncaster-talking-therapies"), priority=priority)
    card = desk.card(a_call(ORDER_SIGN, order, prefetch=screened(words)))
    assert card["indicator"] == "info"
    assert card["summary"].startswith("As ordered: Talking therapies, step 2")
    assert "suggestions" not in card


def test_the_right_team_with_the_wrong_priority_is_not_right(desk: Desk, words: Vocabulary) -> None:
    order = an_order(performer=performer(words, "doncaster-crisis-team"), priority="routine")
    call = a_call(ORDER_SIGN, order, prefetch=screened(words, plan="active"))
    assert suggested(desk.card(call))["priority"] == "asap"


def test_an_order_that_agrees_with_a_crisis_is_critical_all_the_same(
    desk: Desk, words: Vocabulary
) -> None:
    order = an_order(performer=performer(words, "doncaster-crisis-team"), priority="asap")
    card = desk.card(a_call(ORDER_SIGN, order, prefetch=screened(words, plan="active")))
    assert card["indicator"] == "critical"
    assert card["summary"].startswith("Crisis team within 4 hours: ring")
    assert "suggestions" not in card


def test_each_of_several_orders_has_a_card_of_its_own_on_one_decision(
    desk: Desk, words: Vocabulary
) -> None:
    right = performer(words, "doncaster-talking-therapies")
    orders = [
        an_order("CMHT referral", id="a"),
        an_order("Full blood count", id="b"),
        an_order("Talking therapies *now*", id="c", performer=right),
    ]
    cards = desk.cards(a_call(ORDER_SIGN, *orders, prefetch=screened(words)))
    assert len(cards) == 2
    assert suggested(cards[0])["id"] == "a"
    assert "- CMHT referral\n" in cards[0]["detail"]
    assert "suggestions" not in cards[1]
    assert "- Talking therapies \\*now\\*\n" in cards[1]["detail"]


def test_two_teams_that_act_at_once_may_each_have_an_order(desk: Desk, words: Vocabulary) -> None:
    prefetch = screened(words, specialist_indicator="psychosis", substance_use="dependent")
    orders = [
        an_order("CMHT", id="a", performer=performer(words, "doncaster-cmht"), priority="urgent"),
        an_order("Alcohol", id="b", performer=performer(words, "doncaster-drug-and-alcohol")),
    ]
    cards = desk.cards(a_call(ORDER_SIGN, *orders, prefetch=prefetch))
    assert [one["summary"].startswith("As ordered: ") for one in cards] == [True, True]


def test_only_the_orders_just_selected_have_cards(desk: Desk, words: Vocabulary) -> None:
    orders = [an_order("CMHT", id="a"), an_order("Talking therapies", id="b")]
    call = a_call(ORDER_SELECT, *orders, prefetch=screened(words))
    call["context"]["selections"] = ["ServiceRequest/b"]
    assert suggested(desk.card(call))["id"] == "b"


def test_orders_for_other_things_need_no_data_and_have_no_card(desk: Desk) -> None:
    assert desk.cards(a_call(ORDER_SIGN, an_order("Full blood count"), prefetch={})) == []
    selected_none = a_call(ORDER_SELECT, prefetch={})
    selected_none["context"]["selections"] = []
    assert desk.cards(selected_none) == []


def test_in_an_emergency_nothing_is_suggested_that_would_be_waited_on(
    desk: Desk, words: Vocabulary
) -> None:
    card = desk.card(a_call(ORDER_SIGN, prefetch=screened(words, emergency_now=True)))
    assert card["summary"] == "Emergency services now: ring 999"
    assert "suggestions" not in card


def test_an_order_that_nobody_can_name_has_advice_but_no_suggestion(
    desk: Desk, words: Vocabulary
) -> None:
    card = desk.card(a_call(ORDER_SIGN, an_order(id=None), prefetch=screened(words)))
    assert "suggestions" not in card
    assert "Doncaster talking therapies" in card["detail"]


@pytest.mark.parametrize("route", ROUTES)
def test_every_route_has_a_card_and_its_suggestion_is_valid_r4(
    desk: Desk, words: Vocabulary, route: str
) -> None:
    practice = {"identifier": {"system": ODS_CODE, "value": "C86001"}}
    sent = an_order("Crisis team", quantityQuantity={"value": 1.5}, requester=practice)
    ServiceRequest.model_validate(sent)
    card = desk.card(a_call(ORDER_SIGN, sent, prefetch=screened(words, **ROUTES[route])))
    assert card["source"]["topic"]["code"] == route
    assert "/rules#rule-" in card["links"][0]["url"]
    if route != "emergency":
        order = suggested(card)
        ServiceRequest.model_validate(order)
        assert order["quantityQuantity"] == {"value": 1.5}


def test_who_orders_for_themselves_refers_themselves(desk: Desk, words: Vocabulary) -> None:
    call = a_call(ORDER_SIGN, prefetch=screened(words, **ROUTES["active_monitoring"]))
    assert "Who refers: the person, a GP, or somebody else?" in desk.card(call)["detail"]
    call["context"]["userId"] = "Patient/patient-1"
    assert "Who refers" not in desk.card(call)["detail"]


def test_a_child_goes_where_children_go(desk: Desk, words: Vocabulary) -> None:
    prefetch = {**screened(words), "patient": a_patient(birthDate="2014-03-14")}
    card = desk.card(a_call(ORDER_SIGN, prefetch=prefetch))
    assert card["source"]["topic"]["code"] == "young_people"
    assert team_of(suggested(card)) == "doncaster-young-people"


def test_the_team_is_that_of_where_the_person_lives(desk: Desk, words: Vocabulary) -> None:
    patient = a_patient(address=[{"postalCode": "S60 1AA"}])
    card = desk.card(a_call(ORDER_SIGN, prefetch={**screened(words), "patient": patient}))
    assert team_of(suggested(card)) == "rotherham-talking-therapies"


def test_a_booking_that_is_held_is_a_warning(desk: Desk, words: Vocabulary) -> None:
    prefetch = screened(words, thoughts_of_harm="regular")
    card = desk.card(a_call(ORDER_SIGN, prefetch=prefetch))
    assert card["indicator"] == "warning"
    right = performer(words, "doncaster-talking-therapies")
    agreed = a_call(ORDER_SIGN, an_order(performer=right, priority="urgent"), prefetch=prefetch)
    assert desk.card(agreed)["indicator"] == "warning"


def test_reasons_to_decide_otherwise_are_those_of_the_rule_files(
    desk: Desk, words: Vocabulary
) -> None:
    card = desk.card(a_call(ORDER_SIGN))
    assert {one["code"]: one["display"] for one in card["overrideReasons"]} == {
        one.id: one.title for one in words.override_reasons.values()
    }
    assert {one["system"] for one in card["overrideReasons"]} == {
        Own.of(words).system("override-reason")
    }


def test_a_card_leads_to_the_rule_and_the_call_script(desk: Desk, words: Vocabulary) -> None:
    card = desk.card(a_call(ORDER_SIGN, prefetch=screened(words, plan="active")))
    urls = [one["url"] for one in card["links"]]
    assert urls[:2] == [
        "https://triage.example.org/rules#rule-crisis",
        "https://triage.example.org/rules/call-script",
    ]
    assert card["source"]["url"] == "https://triage.example.org/rules"
    assert card["source"]["label"] == "Doncaster referral triage 2026.1"


def test_another_call_has_other_ids(desk: Desk, words: Vocabulary) -> None:
    call = a_call(ORDER_SIGN, prefetch=screened(words, emergency_now=True))
    other = {**call, "hookInstance": "00000000-0000-4000-8000-000000000001"}
    again = {**call, "hookInstance": call["hookInstance"].upper()}
    assert desk.card(call)["uuid"] == desk.card(again)["uuid"]
    assert desk.card(call)["uuid"] != desk.card(other)["uuid"]


def test_nothing_is_recorded(desk: Desk, words: Vocabulary) -> None:
    before = desk.log.head().head.size
    desk.cards(a_call(ORDER_SIGN, prefetch=screened(words)))
    assert desk.log.head().head.size == before
