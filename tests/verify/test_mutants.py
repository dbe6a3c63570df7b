from __future__ import annotations

import json
from itertools import islice

import pytest

from tests.campaigns import share
from triage.rulebook import Rulebook
from triage.verify.examples import examples_that_fail
from triage.verify.mutants import Mutant, loaded, mutants, some_mutants

KEPT = "monitoring-review-kept: action active_monitoring_review due on monitoring_review_on"


@pytest.fixture(scope="module")
def every(rulebook: Rulebook) -> list[Mutant]:
    """Every mutant of the shipped rules."""
    return list(mutants(rulebook))


def test_a_mutant_is_another_in_one_file(every: list[Mutant], rulebook: Rulebook) -> None:
    for mutant in every:
        changed = [name for name, said in mutant.content.items() if said != rulebook.content[name]]
        assert len(changed) == 1, mutant.said


def test_every_mutant_is_another_one(every: list[Mutant]) -> None:
    assert len({mutant.id for mutant in every}) == len(every) > 1_200
    several = {json.dumps(mutant.content) for mutant in every[:200]}
    assert len(several) == 200


def test_they_come_in_the_same_order_each_time(every: list[Mutant], rulebook: Rulebook) -> None:
    assert list(mutants(rulebook)) == every


@pytest.mark.parametrize(
    "said",
    [
        "severity-medium: phq9_total at_least 10 became 11",
        "severity-medium: phq9_total at_least 10 became 9",
        "severity-medium: phq9_total at_least 10 became above",
        "severity-medium: phq9_total at_most 19 became below",
        "severity-medium: phq9_total at_most 19 was dropped",
        "phq9-at-caseness: phq9_total at_least 10 became 11",
        "emergency: harm_injury is life_threatening became serious",
        "emergency: emergency_now is true became false",
        "emergency: emergency_now known false became true",
        "emergency: emergency_now known false was dropped",
        "safeguarding: harm_towards in: others was dropped",
        "safeguarding: harm_towards in: others became self",
        "step-3-problem: presenting_problem in: specific_phobia was added",
        "interpreter: adjustments includes interpreter became home_visit",
        "contradiction-no-thoughts: not was taken away from plan is none",
        "many-mediums: at_least_of 4 became 3",
        "crisis: route crisis became emergency",
        "crisis: urgency very_urgent became same_day",
        "medium-risk-review: urgency same_day became urgent",
        "medium-risk-review: urgency same_day was dropped",
        "medium-risk-review: hold_booking was dropped",
        "medium-risk-review: alert risk_review was dropped",
        "severity-high: severity high became medium",
        "phq9-below-caseness: flag phq9_caseness false became true",
        "monitoring-first-review: action active_monitoring_review due in days 14 became 15",
        f"{KEPT} was dropped",
        "step-2: route iapt_step_2 became iapt_step_3",
        "crisis: the rule was dropped",
        "value phq9_caseness: phq9_caseness 10 became 11",
        "value medium_risk_destination: medium_risk_destination own_route_with_review became cmht",
        "route crisis: precedence over clinical_review was swapped",
        "route crisis: replaces: clinical_review was dropped",
        "route cmht: concurrent_with: substance_misuse was dropped",
        "route iapt_step_2: gives_way became false",
    ],
)
def test_every_way_a_hand_may_slip_is_among_them(said: str, every: list[Mutant]) -> None:
    assert said in {mutant.said for mutant in every}


def test_few_are_refused(every: list[Mutant]) -> None:
    drawn = every[:: len(every) // share(len(every) // 2)]
    refused = [mutant.said for mutant in drawn if loaded(mutant) is None]
    assert len(refused) <= len(drawn) / 50, refused


def test_what_is_always_true_is_refused(every: list[Mutant]) -> None:
    always = "item9-positive: phq9_item9 at_least 1 became 0"
    assert [loaded(mutant) for mutant in every if mutant.said == always] == [None]


def test_a_mutant_whose_examples_fail_is_loaded_all_the_same(every: list[Mutant]) -> None:
    said = "severity-medium: phq9_total at_least 10 became 11"
    mutant = next(one for one in every if one.said == said)
    assert mutant.rule == "severity-medium"
    assert {one.rule for one in examples_that_fail(mutant.rulebook())} == {mutant.rule}


def test_a_rule_no_longer_says_that_it_distinguishes_by_what_it_does_not_read(
    every: list[Mutant],
) -> None:
    said = "perinatal-psychosis: perinatal is true was dropped"
    made = loaded(next(one for one in every if one.said == said))
    assert made is not None
    rule = next(one for one in made.rules if one.id == "perinatal-psychosis")
    assert (rule.distinguishes, rule.reads) == (frozenset(), frozenset({"specialist_indicator"}))


def test_some_are_drawn_by_a_seed(rulebook: Rulebook) -> None:
    def drawn(seed: int) -> list[str]:
        return [mutant.id for mutant, _ in some_mutants(rulebook, seed, 3)]

    assert drawn(1) == drawn(1) != drawn(2)
    assert len(set(drawn(1))) == 3


def test_all_are_drawn_where_more_are_asked_for(
    rulebook: Rulebook, every: list[Mutant], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("triage.verify.mutants.mutants", lambda _rulebook: islice(every, 3))
    assert len(list(some_mutants(rulebook, 1, 9))) == 3
