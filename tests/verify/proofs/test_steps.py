"""Every step of item 9 that answers can take is known, and each that is known can be taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

import pytest

from tests.campaigns import share
from tests.facts import facts_of
from triage.diagram.questionnaires import PHQ9_PARTS, PHQ9_SCORES, item9_steps
from triage.diagram.walks import referral_of
from triage.rulebook import Rulebook

MAY_MISS = 2
PAIRS = 50_000
STEPS = ((0, None), (0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3))
ITEMS, NINE, TOTAL = "answers.phq9_items", "answers.phq9_item9", "answers.phq9_total"

Given = Mapping[str, Any]


def key(given: Given, names: Sequence[str], rulebook: Rulebook) -> tuple[object, ...]:
    """What rules may read of answers to PHQ-9: of items, whether there are any."""
    facts = facts_of(referral_of(given), rulebook)
    return tuple(name in facts if name == "phq9_items" else facts.get(name) for name in names)


def keys(steps: Sequence[tuple[Any, Any]], names: Sequence[str], rulebook: Rulebook) -> set[Any]:
    return {tuple(key(end.given, names, rulebook) for end in step) for step in steps}


def random_steps(random: Random) -> Iterator[tuple[Given, Given]]:
    """Two ways of answering PHQ-9 that differ in item 9, as an item or as it is stated."""
    while True:
        milder, worse = random.choice(STEPS)
        others = [random.choice((None, 0, 0, 1, 2, 3, 3)) for _ in range(8)]
        given = {TOTAL: random.choice((None, random.randrange(28)))}
        other = random.choice((None, None, 0, 1, 2, 3))
        ways: list[tuple[Given, Given]] = [
            ({ITEMS: (*others, milder), NINE: other}, {ITEMS: (*others, worse), NINE: other}),
            ({ITEMS: (*others, other), NINE: milder}, {ITEMS: (*others, other), NINE: worse}),
            ({NINE: milder}, {NINE: worse}),
        ]
        one, two = random.choice(ways)
        yield known({**given, **one}), known({**given, **two})


def known(given: Given) -> Given:
    return {path: value for path, value in given.items() if value is not None}


@pytest.mark.parametrize(
    ("in_full", "names"), [(False, PHQ9_SCORES), (True, PHQ9_PARTS)], ids=["scores", "in full"]
)
def test_every_step_that_answers_can_take_is_known(
    rulebook: Rulebook, names: Sequence[str], *, in_full: bool
) -> None:
    listed = keys(item9_steps(MAY_MISS, in_full=in_full), names, rulebook)
    drawn = random_steps(Random(9))
    for _ in range(share(PAIRS)):
        pair = tuple(key(given, names, rulebook) for given in next(drawn))
        assert pair in listed or pair[0] == pair[1], pair


def test_every_step_that_is_known_can_be_taken(rulebook: Rulebook) -> None:
    for milder, worse in item9_steps(MAY_MISS, in_full=False):
        for end in (milder, worse):
            facts = facts_of(referral_of(end.given), rulebook)
            assert all(facts.get(name) == end.facts.get(name) for name in PHQ9_SCORES)
        paths = {*milder.given, *worse.given}
        (apart,) = (one for one in paths if milder.given.get(one) != worse.given.get(one))
        before, after = (end.given.get(apart) for end in (milder, worse))
        if apart == ITEMS:
            assert before is not None
            assert after is not None
            assert before[:8] == after[:8]
            before, after = before[8], after[8]
        assert (before, after) in STEPS
