"""All 10,800 combinations of the seven risk answers, against an independent reading.

What holds beside whatever else a referral says is tried of a tenth of them, and in full of all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from itertools import product
from random import Random

import pytest

from tests.builders import ReferralBuilder, referral_builder
from tests.campaigns import share
from tests.decide.risk_reading import (
    CHOICES,
    CLASS_OF_URGENCY,
    COMBINATIONS,
    Answers,
    contradicts,
    level,
    routes,
    urgency,
)
from triage.decide import Decider
from triage.domain.decision import Decision
from triage.domain.vocabulary import Value

Key = tuple[str | bool | None, ...]


def decide_all(
    decider: Decider, start: ReferralBuilder, combinations: Iterable[Answers] = COMBINATIONS
) -> dict[Key, Decision]:
    """The decision for every combination, beside whatever else a referral says."""
    return {
        tuple(answers.values()): decider.decide(start.answering(**answers).build())
        for answers in combinations
    }


def some_combinations(seed: str) -> list[Answers]:
    """About a tenth: two of the answers, drawn, stand at a few of their values; in full all."""
    random = Random(seed)
    standing = random.sample(sorted(CHOICES), 2)
    values = list(product(*(CHOICES[name] for name in standing)))
    drawn = set(random.sample(values, share(len(values))))
    return [one for one in COMBINATIONS if tuple(one[name] for name in standing) in drawn]


@pytest.fixture(scope="module")
def decisions(decider: Decider) -> dict[Key, Decision]:
    return decide_all(decider, referral_builder())


def differing(
    decisions: Mapping[Key, Decision],
    wanted: Callable[[Mapping[str, str | bool | None]], object],
    found: Callable[[Decision], object],
) -> Iterator[str]:
    for key, decision in decisions.items():
        answers = dict(zip(CHOICES, key, strict=True))
        if found(decision) != wanted(answers):
            yield f"{answers}: {found(decision)}, not {wanted(answers)}"


def test_there_are_10800_combinations() -> None:
    assert len(COMBINATIONS) == 10_800


def test_the_level_of_risk_is_what_the_contract_says(decisions: dict[Key, Decision]) -> None:
    wrong = differing(decisions, level, lambda decision: decision.levels["risk"].level)
    assert list(wrong)[:3] == []


def test_the_routes_are_what_the_contract_says_lead_first(decisions: dict[Key, Decision]) -> None:
    def standing(decision: Decision) -> list[str]:
        return [each.route.id for each in (decision.route, *decision.also_indicated)]

    assert list(differing(decisions, routes, standing))[:3] == []


def test_the_urgency_is_what_the_contract_says(decisions: dict[Key, Decision]) -> None:
    wrong = differing(decisions, urgency, lambda decision: decision.urgency.id)
    assert list(wrong)[:3] == []


def test_a_booking_is_held_exactly_at_medium_risk(decisions: dict[Key, Decision]) -> None:
    wrong = differing(
        decisions,
        lambda answers: level(answers) == "medium",
        lambda decision: decision.booking_held,
    )
    assert list(wrong)[:3] == []


def test_intent_or_a_plan_without_thoughts_is_shown_as_a_contradiction(
    decisions: dict[Key, Decision],
) -> None:
    wrong = differing(
        decisions,
        contradicts,
        lambda decision: any(alert.id == "contradiction" for alert in decision.alerts),
    )
    assert list(wrong)[:3] == []


def test_information_is_needed_exactly_where_review_of_unknown_risk_leads(
    decisions: dict[Key, Decision],
) -> None:
    wrong = differing(
        decisions,
        lambda answers: level(answers) == "unknown" and routes(answers)[0] == "clinical_review",
        lambda decision: decision.status.value == "needs_information",
    )
    assert list(wrong)[:3] == []


def test_the_crisis_team_is_told_of_every_emergency(decisions: dict[Key, Decision]) -> None:
    wrong = differing(
        decisions,
        lambda answers: routes(answers)[0] == "emergency",
        lambda decision: any(action.id == "inform_crisis_team" for action in decision.actions),
    )
    assert list(wrong)[:3] == []


SETTINGS: dict[str, ReferralBuilder] = {
    "a child": referral_builder().of_patient(birth_date=date(2012, 2, 2)),
    "somebody of unknown age": referral_builder().of_patient(),
    "psychosis after a birth": referral_builder(specialist_indicator="psychosis", perinatal=True),
    "mania after a birth, a child": referral_builder(
        specialist_indicator="mania", perinatal=True
    ).of_patient(age=17),
    "item 9 not asked": referral_builder(phq9_item9=None),
    "item 9 at 1": referral_builder(phq9_item9=1),
    "item 9 at 2": referral_builder(phq9_item9=2),
    "item 9 at 3": referral_builder(phq9_item9=3),
    "stress below caseness": referral_builder(presenting_problem="stress"),
    "a recent trigger": referral_builder(recent_trigger="job_loss", trigger_days_ago=12),
    "high impairment and dependence": referral_builder(
        daily_functioning="marked", substance_use="dependent"
    ),
}
ROUTES_THAT_WAIT = {"iapt_step_2", "iapt_step_3", "active_monitoring", "counselling"}


def test_a_worse_answer_never_lowers_the_urgency_and_a_gap_is_never_milder_than_the_mildest(
    decisions: dict[Key, Decision],
) -> None:
    check_the_invariant(decisions)


@pytest.mark.parametrize("setting", SETTINGS)
def test_nor_does_it_whatever_else_a_referral_says(quick_decider: Decider, setting: str) -> None:
    check_the_invariant(decide_all(quick_decider, SETTINGS[setting], some_combinations(setting)))


def check_the_invariant(found: Mapping[Key, Decision]) -> None:
    classes = {key: CLASS_OF_URGENCY[decision.urgency.id] for key, decision in found.items()}
    assert list(_less_urgent(classes))[:3] == []
    assert list(_careless(found))[:3] == []


def _less_urgent(classes: Mapping[Key, int]) -> Iterator[str]:
    """Combinations where the next worse answer is less urgent, or a gap is milder than the mildest.

    The choices run from not asked over mildest to worst, so neighbours are compared one by one,
    and not asked against mildest the other way about.
    """
    for key, here in classes.items():
        for place, (name, choices) in enumerate(CHOICES.items()):
            at = choices.index(key[place])
            if at + 1 == len(choices):
                continue
            there = classes.get((*key[:place], choices[at + 1], *key[place + 1 :]), here)
            if (here > there) if at == 0 else (there > here):
                yield f"{key}: {name} {choices[at]} is class {here}, {choices[at + 1]} is {there}"


def _careless(found: Mapping[Key, Decision]) -> Iterator[str]:
    """Decisions on unknown risk that are slower than the same day or lead where people wait."""
    for key, decision in found.items():
        if decision.levels["risk"].level != "unknown":
            continue
        slow = CLASS_OF_URGENCY[decision.urgency.id] > CLASS_OF_URGENCY["same_day"]
        if slow or decision.route.route.id in ROUTES_THAT_WAIT:
            yield f"{key}: {decision.route.route.id}, {decision.urgency.id}"


@pytest.mark.parametrize("rated", ["low", "medium", "high"])
def test_a_rating_of_risk_only_ever_raises_and_breaks_no_promise(
    quick_decider: Decider, decisions: dict[Key, Decision], rated: str
) -> None:
    start = referral_builder().rated(risk=rated)
    found = decide_all(quick_decider, start, some_combinations(rated))
    lowered = [key for key, decision in found.items() if _lowered(decisions[key], decision)]
    leads = {decision.route.route.id for decision in found.values()}
    assert lowered[:3] == []
    assert (leads <= {"emergency", "crisis"}) is (rated == "high")
    check_the_invariant(found)


def _lowered(before: Decision, after: Decision) -> bool:
    ranks = {"unknown": 2, "low": 0, "medium": 1, "high": 3}
    level_before, level_after = before.levels["risk"].level, after.levels["risk"].level
    slower = CLASS_OF_URGENCY[after.urgency.id] > CLASS_OF_URGENCY[before.urgency.id]
    return ranks[level_after] < ranks[level_before] or slower


ITEM9_SCORES: list[Value | None] = [None, 0, 1, 2, 3]


@pytest.mark.parametrize("thoughts", CHOICES["thoughts_of_harm"])
def test_a_higher_item_9_never_lowers_the_urgency(decider: Decider, thoughts: str | None) -> None:
    start = referral_builder(presenting_problem="stress", thoughts_of_harm=thoughts)
    classes = [
        CLASS_OF_URGENCY[decider.decide(start.answering(phq9_item9=score).build()).urgency.id]
        for score in ITEM9_SCORES
    ]
    assert classes[1:] == sorted(classes[1:], reverse=True)
    assert classes[0] <= classes[1]
