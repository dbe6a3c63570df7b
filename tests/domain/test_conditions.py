"""Conditions with three truth values, opened into branches."""

from __future__ import annotations

from itertools import product

import pytest

from triage.domain.conditions import (
    OPERATORS,
    OPPOSITES,
    All,
    AnyOf,
    AtLeastOf,
    Compare,
    Condition,
    Not,
    branches,
)
from triage.domain.sentences import Sentence

A, B, C = (Compare(name, "is", wanted=True) for name in "abc")


def fires(condition: Condition, **facts: bool) -> bool:
    return any(branch.holds(facts) for branch in branches(condition))


@pytest.mark.parametrize(
    ("condition", "on_true", "on_false", "on_unknown"),
    [
        (A, True, False, False),
        (Not(A), False, True, False),
        (Not(Not(A)), True, False, False),
        (Compare("a", "known", wanted=True), True, True, False),
        (Compare("a", "known", wanted=False), False, False, True),
        (Not(Compare("a", "known", wanted=True)), False, False, True),
    ],
)
def test_a_missing_fact_is_neither_true_nor_false(
    condition: Condition, on_true: bool, on_false: bool, on_unknown: bool
) -> None:
    assert (fires(condition, a=True), fires(condition, a=False), fires(condition)) == (
        on_true,
        on_false,
        on_unknown,
    )


def truth(condition: Condition, facts: dict[str, bool]) -> bool | None:
    """Kleene's three values, by hand."""
    match condition:
        case Compare(fact=fact):
            return facts.get(fact)
        case Not(of=inner):
            found = truth(inner, facts)
            return None if found is None else not found
        case All(of=of):
            wanted = len(of)
        case AnyOf(of=of):
            wanted = 1
        case AtLeastOf(count=wanted, of=of):
            pass
    found_all = [truth(part, facts) for part in of]
    if found_all.count(True) >= wanted:
        return True
    return None if found_all.count(True) + found_all.count(None) >= wanted else False


TREES: list[Condition] = [
    All((A, B, C)),
    AnyOf((A, B, C)),
    Not(All((A, B, C))),
    Not(AnyOf((A, B, C))),
    AtLeastOf(2, (A, B, C)),
    Not(AtLeastOf(2, (A, B, C))),
    All((AnyOf((A, Not(B))), Not(All((B, C))))),
    Not(All((AnyOf((A, B)), AnyOf((Not(A), C))))),
    Not(AtLeastOf(3, (A, AnyOf((B, C)), Not(C)))),
    AnyOf((All((A, B)), All((Not(A), C)), Not(AnyOf((B, C))))),
]


@pytest.mark.parametrize("tree", TREES, ids=range(len(TREES)))
def test_the_branches_hold_exactly_where_the_tree_is_true(tree: Condition) -> None:
    for values in product((True, False, None), repeat=3):
        facts = {
            name: value for name, value in zip("abc", values, strict=True) if value is not None
        }
        assert fires(tree, **facts) is (truth(tree, facts) is True), facts


def test_the_branches_of_an_any_stay_in_the_order_written_and_say_why() -> None:
    first = Compare("a", "is", wanted=True, because=Sentence("First."))
    second = Compare("b", "is", wanted=True, because=Sentence("Second."))
    found = branches(AnyOf((first, second), because=Sentence("Above.")))
    assert [[each.text for each in branch.because] for branch in found] == [
        ["Above.", "First."],
        ["Above.", "Second."],
    ]


def test_opposites_are_opposites() -> None:
    for here, there in OPPOSITES.items():
        assert OPPOSITES[there] == here
    for operator in ("at_least", "at_most"):
        holds, fails = OPERATORS[operator], OPERATORS[OPPOSITES[operator]]
        assert all(holds(value, 2) is not fails(value, 2) for value in range(5))
