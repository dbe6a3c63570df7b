"""Levels are settled factor by factor: that one of them waits for a flag delays no other.

No shipped rule concludes a level from a flag. Here a case by PHQ-9 is at least of low chronicity.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from random import Random

import pytest

from tests.builders import a_referral, alert_ids, nothing_asked, referral_builder
from tests.facts import facts_of
from tests.quick_reader import QuickDecider
from tests.random_things import Drawer
from tests.verify.proofs.edited import Edited, a_rule
from tests.without_gaps import decider_without_gaps
from triage.decide import Decider
from triage.domain.decision import Decision
from triage.domain.vocabulary import EVALUATORS_DISAGREE
from triage.rulebook import Rulebook

REFERRALS = 1_500


def from_flags(rulebook: Rulebook, *others: str) -> Rulebook:
    """The shipped rules, and one that takes a level from a flag; ``others`` follow from it."""
    edited = Edited(rulebook)
    case = a_rule("case", {"phq9_caseness": {"is": True}}, {"level": {"chronicity": "low"}})
    edited.add(case, file="levels.yaml")
    for name in others:
        level = {"level": {name: "medium"}}
        edited.add(a_rule(f"{name}-then", {"chronicity_level": {"is": "low"}}, level))
    return edited.rulebook()


@pytest.fixture(scope="module")
def waiting(rulebook: Rulebook) -> Iterator[Decider]:
    with closing(Decider(from_flags(rulebook))) as made:
        yield made


def fired(decision: Decision) -> set[str]:
    return {reason.rule.id for reason in decision.reasoning}


def test_the_level_waits_for_its_flag_and_the_others_do_not(waiting: Decider) -> None:
    first, second, *_ = waiting.rulebook.stages
    assert {"risk_level", "phq9_caseness"} <= first.settles
    assert {"chronicity_level", "ratings_that_differ"} <= second.settles


def test_unknown_risk_is_seen(waiting: Decider) -> None:
    decision = waiting.decide(nothing_asked().build())
    assert (decision.route.route.id, decision.urgency.id) == ("clinical_review", "same_day")
    assert decision.status.value == "needs_information"
    assert decision.levels["risk"].level == "unknown"
    assert "review-risk-unknown" in fired(decision)
    assert EVALUATORS_DISAGREE not in alert_ids(decision.alerts)


def test_a_level_that_other_rules_read_at_once_is_seen(waiting: Decider) -> None:
    decision = waiting.decide(a_referral(daily_functioning="marked"))
    assert (decision.route.route.id, decision.urgency.id) == ("cmht", "soon")
    assert decision.levels["impairment"].level == "high"
    assert EVALUATORS_DISAGREE not in alert_ids(decision.alerts)


@pytest.mark.parametrize(("phq9_total", "level"), [(9, "unknown"), (10, "low")])
def test_the_level_is_the_flags(waiting: Decider, phq9_total: int, level: str) -> None:
    without = referral_builder(phq9_total=phq9_total).without("problem_duration_days")
    decision = waiting.decide(without.build())
    assert decision.levels["chronicity"].level == level
    assert set(decision.levels) == set(waiting.rulebook.vocabulary.factors)


@pytest.mark.parametrize(
    ("rating", "differs"), [({"chronicity": "high"}, True), ({"chronicity": "low"}, False)]
)
def test_a_rating_is_held_against_the_level_that_the_flag_gave(
    waiting: Decider, rating: dict[str, str], differs: bool
) -> None:
    rated = referral_builder(phq9_total=10).without("problem_duration_days").rated(**rating)
    decision = waiting.decide(rated.build())
    assert ("contradiction" in alert_ids(decision.alerts)) is differs
    assert EVALUATORS_DISAGREE not in alert_ids(decision.alerts)


@pytest.mark.parametrize("others", [(), ("complexity",), ("risk", "impairment")], ids=str)
def test_engine_diagram_and_plain_reader_agree_on_random_referrals(
    rulebook: Rulebook, others: tuple[str, ...]
) -> None:
    waiting = from_flags(rulebook, *others)
    drawer, plain, random = Drawer(waiting), QuickDecider(waiting.content), Random(8)
    with closing(decider_without_gaps(waiting)) as decider:
        for _ in range(REFERRALS):
            referral = drawer.referral(random)
            decision = decider.decide(referral)
            found = plain.conclude({**waiting.switches, **facts_of(referral, waiting)})
            levels = {name: one.level for name, one in decision.levels.items()}
            assert levels == found.levels, referral
            assert fired(decision) == found.fired, referral
            assert EVALUATORS_DISAGREE not in alert_ids(decision.alerts), referral
