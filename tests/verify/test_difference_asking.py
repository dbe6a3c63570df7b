"""Rulebooks that do not ask the same, and referrals that were recorded."""

from __future__ import annotations

from typing import Any

import pytest

from tests.verify.rewritten import (
    STEP_2,
    STEP_3,
    Change,
    Content,
    answer_in,
    known,
    rule_in,
    set_value,
    written,
)
from triage.diagram import Outcome
from triage.errors import RulebookError
from triage.rulebook import Rulebook
from triage.verify.difference import difference


def test_an_answer_that_only_one_of_them_asks_for_is_compared(rulebook: Rulebook) -> None:
    def change(content: Content) -> None:
        asked = {**answer_in(content, "veteran"), "name": "homeless", "title": "Homeless"}
        content["vocabulary.yaml"]["answers"].append(asked)
        added = {**rule_in(content, "specialist-indicator"), "id": "homeless"}
        added["when"], added["because"] = {"homeless": {"is": True}}, "The person has no home."
        added["examples"] = [
            {"title": "none", "given": {"homeless": True}, "fires": True},
            {"title": "a home", "given": {"homeless": False}, "fires": False},
        ]
        content["eligibility.yaml"]["rules"].append(added)

    found = difference(rulebook, written(rulebook, change))
    assert all(one.given["answers.homeless"] is True for one in found.flows)
    assert {one.after for one in found.flows if one.before == STEP_2} == {Outcome("cmht", "soon")}
    back = difference(written(rulebook, change), rulebook)
    assert back.moved == found.moved
    assert any(one.is_less_urgent for one in back.flows)


def test_choices_that_only_one_of_them_knows_are_left_out_and_told(rulebook: Rulebook) -> None:
    def change(content: Content) -> None:
        answer_in(content, "plan")["choices"].insert(1, {"vague": "a vague plan"})
        answer_in(content, "wsas_total")["to"] = 45

    found = difference(rulebook, written(rulebook, change))
    assert found.left_out == ("plan: vague", "wsas_total: 41 to 45")
    assert found.empty
    assert found.referrals == difference(rulebook, rulebook).referrals


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            lambda content: answer_in(content, "risk_asked_on").update(
                {"type": "number", "from": 0, "to": 9}
            ),
            "risk_asked_on: is a date in one and a number in the other",
        ),
        (
            lambda content: answer_in(content, "phq9_items").update(may_miss=1),
            "phq9_items: is scored by other numbers of items in one than in the other",
        ),
        (
            lambda content: answer_in(content, "gad7_total").update(to=20),
            "gad7_total: has another range in one than in the other",
        ),
        (
            lambda content: content["vocabulary.yaml"]["sources_of_referral"]["A1"].update(
                self_referral="always"
            ),
            "A1: is a self-referral in one and not in the other",
        ),
    ],
    ids=["another type", "items that may be missed", "another range", "a source"],
)
def test_rulebooks_that_ask_too_differently_cannot_be_compared(
    change: Change, says: str, rulebook: Rulebook
) -> None:
    with pytest.raises(RulebookError, match=says):
        difference(rulebook, written(rulebook, change))


def test_what_one_asks_and_the_other_concludes_cannot_be_compared(rulebook: Rulebook) -> None:
    def asks(content: Content) -> None:
        asked = {**answer_in(content, "veteran"), "name": "settled"}
        content["vocabulary.yaml"]["answers"].append(asked)

    def concludes(content: Content) -> None:
        content["vocabulary.yaml"]["flags"]["settled"] = {"title": "Settled"}

    with pytest.raises(RulebookError, match="settled: is asked in one and concluded in the other"):
        difference(written(rulebook, asks), written(rulebook, concludes))


def test_an_answer_without_a_choice_that_both_know_cannot_be_compared(
    rulebook: Rulebook,
) -> None:
    def asks(*choices: str) -> Rulebook:
        def change(content: Content) -> None:
            named = [{name: name} for name in choices]
            asked = {**answer_in(content, "plan"), "name": "pet", "choices": named}
            content["vocabulary.yaml"]["answers"].append(asked)

        return written(rulebook, change)

    with pytest.raises(RulebookError, match="pet: has no answer that both know"):
        difference(asks("cat", "dog"), asks("fish", "bird"))


def test_recorded_referrals_are_counted_through_it(rulebook: Rulebook) -> None:
    after = written(rulebook, set_value("phq9_more_severe", 17))
    mild: dict[str, Any] = {"answers.thoughts_of_harm": "none", "answers.harm_injury": "none"}
    mild |= {"answers.serious_harm_history": False, "answers.protective_factors": "some"}
    given: list[dict[str, Any]] = [
        {**mild, "answers.phq9_total": total} for total in (15, 16, 16, 17)
    ]
    found = difference(rulebook, after, [known(one, rulebook) for one in given])
    assert {(one.before, one.after): one.recorded for one in found.flows if one.recorded} == {
        (STEP_3, STEP_2): 2
    }
    recorded = {one.part.name: one.recorded for one in found.beside if one.recorded}
    assert recorded["guided_self_help"] == 2
    assert found.walked is not None
    assert (found.walked.referrals, found.walked.comparable, found.moved_of_walked) == (4, 4, 2)


def test_a_recorded_referral_that_not_both_could_be_given_is_counted_apart(
    rulebook: Rulebook,
) -> None:
    def change(content: Content) -> None:
        answer_in(content, "plan")["choices"].insert(1, {"vague": "a vague plan"})
        answer_in(content, "wsas_total")["to"] = 45

    before = written(rulebook, change)
    given: list[dict[str, Any]] = [
        {"answers.plan": "vague"},
        {"answers.wsas_total": 45},
        {"answers.wsas_total": 40},
    ]
    population = [known(one, before) for one in given]
    found = difference(before, rulebook, population)
    assert found.walked is not None
    assert (found.walked.referrals, found.walked.comparable) == (3, 1)
