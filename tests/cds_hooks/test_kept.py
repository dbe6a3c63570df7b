"""What somebody ordered is kept: their priority, whom they named, and the place they know."""

from __future__ import annotations

from typing import Any

import pytest
from fhir.resources.R4B.servicerequest import ServiceRequest

from schemas.cds_hooks import ORDER_SIGN
from tests.cds_hooks.calls import Resource, a_call, a_patient, an_order, screened
from tests.cds_hooks.desk import Desk
from triage.domain.vocabulary import Vocabulary
from triage.fhir.own import Own
from triage.rulebook import Rulebook

TWO = {"specialist_indicator": "psychosis", "substance_use": "dependent"}
"""What calls for two teams at the same time."""


@pytest.fixture(scope="module")
def words(rulebook: Rulebook) -> Vocabulary:
    return rulebook.vocabulary


def team(words: Vocabulary, id_: str) -> Resource:
    return {"identifier": {"system": Own.of(words).identifier("team"), "value": id_}}


def named(order: Resource) -> list[str]:
    """Whom an order is addressed to: teams by their ids, others by their names."""
    return [
        one["identifier"]["value"] if "identifier" in one else one["display"]
        for one in order["performer"]
    ]


def suggested(card: dict[str, Any]) -> Resource:
    (suggestion,) = card["suggestions"]
    order: Resource = suggestion["actions"][0]["resource"]
    ServiceRequest.model_validate(order)
    return order


@pytest.mark.parametrize("priority", ["urgent", "asap", "stat"])
def test_a_priority_is_never_lowered_and_that_it_is_higher_is_said(
    desk: Desk, words: Vocabulary, priority: str
) -> None:
    card = desk.card(a_call(ORDER_SIGN, an_order(priority=priority), prefetch=screened(words)))
    assert suggested(card)["priority"] == priority
    assert card["suggestions"][0]["isRecommended"] is False
    assert card["indicator"] == "warning"
    assert card["summary"].startswith(f"Your priority, {priority}, is higher")
    assert "the rules do not read it" in card["detail"]
    assert "ring Doncaster talking therapies on 01632 960007 now" in card["detail"]


def test_an_order_to_the_right_team_with_a_higher_priority_stays_as_it_is(
    desk: Desk, words: Vocabulary
) -> None:
    right = [team(words, "doncaster-talking-therapies")]
    order = an_order(performer=right, priority="stat")
    card = desk.card(a_call(ORDER_SIGN, order, prefetch=screened(words)))
    assert "suggestions" not in card
    assert card["indicator"] == "warning"


def test_a_higher_priority_than_that_of_danger_stays(desk: Desk, words: Vocabulary) -> None:
    card = desk.card(
        a_call(ORDER_SIGN, an_order(priority="stat"), prefetch=screened(words, plan="active"))
    )
    assert suggested(card)["priority"] == "stat"
    assert card["indicator"] == "critical"
    assert card["summary"].startswith("Crisis team within 4 hours: ring")


def test_a_priority_that_there_is_not_is_routine(desk: Desk, words: Vocabulary) -> None:
    card = desk.card(a_call(ORDER_SIGN, an_order(priority="soonish"), prefetch=screened(words)))
    assert suggested(card)["priority"] == "routine"


def test_only_a_team_of_ours_is_replaced(desk: Desk, words: Vocabulary) -> None:
    others = [
        {"reference": "Practitioner/9", "display": "Dr X"},
        {"display": "Community mental health team, somewhere else"},
        {"reference": "Organization/3", "display": "CMHT"},
    ]
    ours = [team(words, "doncaster-cmht"), {"display": "Crisis team"}]
    order = an_order("CMHT", performer=[*others, *ours])
    found = suggested(desk.card(a_call(ORDER_SIGN, order, prefetch=screened(words))))
    assert found["performer"][:3] == others
    assert named(found)[3:] == ["doncaster-talking-therapies"]


def test_a_team_is_added_where_none_was_named(desk: Desk, words: Vocabulary) -> None:
    order = an_order(performer=[{"display": "Dr X"}])
    found = suggested(desk.card(a_call(ORDER_SIGN, order, prefetch=screened(words))))
    assert named(found) == ["Dr X", "doncaster-talking-therapies"]


def test_of_two_teams_that_must_act_an_order_to_either_or_both_agrees(
    desk: Desk, words: Vocabulary
) -> None:
    lead, beside = team(words, "doncaster-cmht"), team(words, "doncaster-drug-and-alcohol")
    doctor = {"display": "Dr X"}
    for performers in ([lead], [beside], [lead, beside], [beside, doctor], [{"display": "CMHT"}]):
        order = an_order("Referral", performer=performers, priority="urgent")
        card = desk.card(a_call(ORDER_SIGN, order, prefetch=screened(words, **TWO)))
        assert "suggestions" not in card


def test_both_teams_are_suggested_only_where_an_order_names_both(
    desk: Desk, words: Vocabulary
) -> None:
    lead, beside = team(words, "doncaster-cmht"), team(words, "doncaster-drug-and-alcohol")
    wrong = team(words, "doncaster-counselling")
    expected = {
        "both": ([lead, beside], ["doncaster-cmht", "doncaster-drug-and-alcohol"]),
        "neither": ([wrong], ["doncaster-cmht"]),
        "the other": ([beside, wrong], ["doncaster-drug-and-alcohol"]),
    }
    for performers, teams in expected.values():
        order = an_order("Referral", performer=performers, priority="routine")
        card = desk.card(a_call(ORDER_SIGN, order, prefetch=screened(words, **TWO)))
        assert named(suggested(card)) == teams


def test_two_drafts_that_name_each_team_in_words_both_agree(desk: Desk, words: Vocabulary) -> None:
    orders = [an_order("CMHT", priority="urgent"), an_order("Drug & alcohol team", id="order-2")]
    cards = desk.cards(a_call(ORDER_SIGN, *orders, prefetch=screened(words, **TWO)))
    assert [one["summary"].startswith("As ordered: ") for one in cards] == [True, True]
    assert cards[1]["summary"].startswith(
        "As ordered: Substance misuse service, beside Community mental health team within"
    )
    assert [named(suggested(one)) for one in cards] == [
        ["doncaster-cmht"],
        ["doncaster-drug-and-alcohol"],
    ]


def test_where_nobody_knows_the_place_an_order_to_the_right_team_of_any_agrees(
    desk: Desk, words: Vocabulary
) -> None:
    right = [{"display": "Rotherham talking therapies"}]
    for patient in (a_patient(), a_patient(address=[{"postalCode": "AB10 1AA"}])):
        prefetch = {**screened(words), "patient": patient}
        card = desk.card(a_call(ORDER_SIGN, an_order(performer=right), prefetch=prefetch))
        assert card["summary"].startswith("As ordered: ")
        assert "suggestions" not in card
        assert "01632 960107" in card["summary"]
        assert "the teams are those of Rotherham" in card["detail"]


def test_where_nobody_knows_the_place_no_other_is_suggested(desk: Desk, words: Vocabulary) -> None:
    order = an_order("CMHT", performer=[team(words, "rotherham-cmht")])
    card = desk.card(a_call(ORDER_SIGN, order, prefetch=screened(words, plan="active")))
    assert named(suggested(card)) == ["rotherham-crisis-team"]
    assert "ring 01632 960101 now" in card["summary"]


def test_where_the_place_is_known_an_order_to_another_is_moved(
    desk: Desk, words: Vocabulary
) -> None:
    patient = a_patient(address=[{"postalCode": "DN1 1AA"}])
    order = an_order(performer=[team(words, "rotherham-talking-therapies")])
    prefetch = {**screened(words), "patient": patient}
    found = suggested(desk.card(a_call(ORDER_SIGN, order, prefetch=prefetch)))
    assert named(found) == ["doncaster-talking-therapies"]


def test_a_code_of_ours_that_contradicts_the_route_is_replaced(
    desk: Desk, words: Vocabulary
) -> None:
    local = {"system": "urn:local", "code": "7", "display": "Referral"}
    system = Own.of(words).system("route")
    ours = {"system": system, "code": "iapt_step_2", "display": "Talking therapies, step 2"}
    code = {"coding": [local, ours], "text": "Talking therapies, step 2"}
    order = an_order(code=code, performer=[team(words, "doncaster-crisis-team")], priority="asap")
    card = desk.card(a_call(ORDER_SIGN, order, prefetch=screened(words, plan="active")))
    right = {"system": system, "code": "crisis", "display": "Crisis team"}
    assert suggested(card)["code"] == {"coding": [right, local], "text": "Crisis team"}


def test_a_code_of_ours_that_is_right_stays(desk: Desk, words: Vocabulary) -> None:
    code = {"coding": [{"system": Own.of(words).system("route"), "code": "crisis"}]}
    card = desk.card(
        a_call(ORDER_SIGN, an_order(code=code), prefetch=screened(words, plan="active"))
    )
    assert suggested(card)["code"] == code
