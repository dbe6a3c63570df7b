"""Monotone violations: somewhere a worse answer about risk, or none, is less urgent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.verify.proofs.edited import Written, a_rule, to
from tests.verify.proofs.faults.drawn import (
    RANKS,
    URGENCIES,
    Draws,
    Fault,
    must,
    one_of,
    outcome,
)
from tests.verify.proofs.faults.pool import Sample, with_answer
from tests.verify.proofs.shown import PlainWitness
from triage.domain.referral import Referral

MILDEST_FIRST: Mapping[str, Sequence[Any]] = {
    "emergency_now": (False, True),
    "thoughts_of_harm": ("none", "fleeting", "regular", "frequent"),
    "intent": ("none", "some", "strong"),
    "plan": ("none", "passive", "active"),
    "harm_injury": ("none", "minor", "serious", "life_threatening"),
    "serious_harm_history": (False, True),
    "protective_factors": ("some", "none_or_minimal"),
    "safeguarding_concern": (False, True),
    "phq9_item9": (0, 1, 2, 3),
}

Pair = tuple[Referral, Referral]


def worse(draws: Draws) -> Fault:
    """A worse answer that is less urgent for somebody in the pool."""
    return one_of(draws.random, WAYS)(draws)


def steps(answer: str) -> Iterator[tuple[Any, Any]]:
    """Each milder answer with each worse one; and the mildest with none."""
    values = MILDEST_FIRST[answer]
    yield values[0], None
    for at, later in enumerate(values):
        for sooner in values[:at]:
            yield sooner, later


def pair(referral: Referral, answer: str, step: tuple[Any, Any]) -> Pair:
    """The same referral with the milder and with the worse answer."""
    milder, later = (with_answer(referral, answer, one) for one in step)
    return milder, later


def _sooner_where_milder(draws: Draws) -> Fault:
    """Somebody's milder answer, in a context, calls for more than the worse answer gets."""
    random = draws.random
    answer = random.choice(list(MILDEST_FIRST))
    step = random.choice(list(steps(answer)))
    sample = draws.sample(lambda one: one.concluded.urgency_class > 1)
    referral = pair(sample.referral, answer, step)[1]
    rank = outcome(referral, PlainWitness(draws.rulebook)).rank
    must(rank > 0)
    urgency = random.choice([one for one in URGENCIES if RANKS[one] < rank])
    parts = [_milder(answer, step, draws)]
    parts += draws.true_of(sample, random.randint(0, 2), frozenset(MILDEST_FIRST))
    then = random.choice(({"urgency": urgency}, to("cmht", urgency), to("crisis", urgency)))
    draws.put(a_rule("sooner", draws.joined(parts), then))
    return _shown(draws, answer, [pair(sample.referral, answer, step)], str(parts))


def _milder(answer: str, step: tuple[Any, Any], draws: Draws) -> Written:
    """A condition that is true of the milder answer, and not of the worse one."""
    milder, later = step
    if later is None and draws.random.random() < 0.5:
        return {answer: {"known": True}}
    if isinstance(milder, str) and draws.random.random() < 0.4:
        others = [one for one in MILDEST_FIRST[answer] if one not in step]
        more = draws.random.sample(others, draws.random.randint(0, len(others)))
        return {answer: {"in": [milder, *more]}}
    return {answer: {"is": milder}}


def _shipped_later(draws: Draws) -> Fault:
    """A shipped rule about risk is made less urgent, or is asked for more."""
    random = draws.random
    rule = draws.edited.rule(random.choice(ABOUT_RISK))
    said = f"{rule['id']} is less urgent"
    routes = [one["route"] for one in rule["then"] if "route" in one]
    if routes and random.random() < 0.7:
        routes[0]["urgency"] = random.choice(URGENCIES[2:])
    else:
        answer = random.choice(list(MILDEST_FIRST))
        value = MILDEST_FIRST[answer][0]
        rule["when"] = {"all": [rule["when"], {answer: {"is": value}}]}
        said = f"{rule['id']} asks for {answer} {value}"
    return _shown(draws, None, list(_some_pairs(draws)), said)


ABOUT_RISK = (
    "emergency",
    "crisis",
    "cmht-history-alone",
    "review-risk-unknown",
    "medium-risk-review",
    "review-risk-contradiction",
    "risk-high",
    "risk-high-history",
    "risk-medium",
)


def _some_pairs(draws: Draws) -> Iterator[Pair]:
    """Pairs of the pool, of those who have some risk."""
    for _ in range(40):
        sample = draws.sample(_has_risk)
        answer = draws.random.choice(list(MILDEST_FIRST))
        yield pair(sample.referral, answer, draws.random.choice(list(steps(answer))))


def _has_risk(sample: Sample) -> bool:
    return sample.concluded.levels["risk"] != "low"


def _total_that_item_9_moves(draws: Draws) -> Fault:
    """A run of totals calls for more than the totals above it, which item 9 may lead to."""
    random = draws.random
    ninth, others = random.choice(((0, 1), (1, 2), (2, 3), (0, 3))), random.randint(1, 20)
    items = (*_adding_up_to(others), ninth[0])
    sample = draws.sample(lambda one: one.concluded.urgency_class > 2)
    when = {"phq9_total": {"at_most": others + ninth[0]}}
    draws.put(a_rule("sooner", when, {"urgency": random.choice(URGENCIES[:4])}))
    referral = with_answer(with_answer(sample.referral, "phq9_total", None), "phq9_item9", None)
    two = [with_answer(referral, "phq9_items", (*items[:8], one)) for one in ninth]
    return _shown(draws, "phq9_item9", [(two[0], two[1])], str(when))


def _adding_up_to(score: int) -> Iterator[int]:
    for _ in range(8):
        item = min(3, score)
        yield item
        score -= item


def _shown(draws: Draws, answer: str | None, pairs: Sequence[Pair], said: str) -> Fault:
    """Is the worse of two less urgent, for one of these pairs?"""
    plain = draws.plain()
    must(any(outcome(one, plain).rank < outcome(two, plain).rank for one, two in pairs))
    return Fault(said, draws.edited.rulebook(), answer)


WAYS = {
    "sooner where milder": _sooner_where_milder,
    "a shipped rule later": _shipped_later,
    "a total that item 9 moves": _total_that_item_9_moves,
}
