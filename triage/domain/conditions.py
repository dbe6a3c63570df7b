"""Conditions of rules: a small tree, read with three truth values.

A comparison on a missing fact is neither true nor false, so neither it nor its ``not`` lets a
rule fire; only ``known: false`` sees absence. Each operator is one row of ``OPERATORS``.

For evaluation a tree is opened into branches: the alternatives that each make it true on their
own. A branch is a list of comparisons that must all hold, and it carries the sentences that say
why, so that the branch which fired can explain itself.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations, product
from typing import Any

from triage.domain.sentences import Sentence
from triage.domain.vocabulary import Facts, Value

Test = Callable[[Any, Any], bool]

OPERATORS: Mapping[str, Test] = {
    "is": operator.eq,
    "is_not": operator.ne,
    "in": lambda value, wanted: value in wanted,
    "not_in": lambda value, wanted: value not in wanted,
    "includes": lambda value, wanted: wanted in value,
    "excludes": lambda value, wanted: wanted not in value,
    "at_least": operator.ge,
    "below": operator.lt,
    "at_most": operator.le,
    "above": operator.gt,
    "known": lambda _value, wanted: wanted,
}
"""What each operator asks of a known value."""

OPPOSITES: Mapping[str, str] = {
    "is": "is_not",
    "in": "not_in",
    "includes": "excludes",
    "at_least": "below",
    "at_most": "above",
}
OPPOSITES = {**OPPOSITES, **{there: here for here, there in OPPOSITES.items()}}
"""The comparison that holds of a known value exactly where another does not."""

WRITTEN = ("is", "in", "includes", "at_least", "at_most", "above", "below", "known")
"""The operators that may be written in a rule file."""


@dataclass(frozen=True, slots=True)
class Compare:
    """One fact against a constant. ``wanted`` is True or False for the operator ``known``."""

    fact: str
    operator: str
    wanted: Value
    because: Sentence | None = None
    of_absent: bool = field(init=False, repr=False, compare=False)
    """Is it true of a fact that is not known? Only ``known: false`` is."""
    _test: Test = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "of_absent", self.operator == "known" and self.wanted is False)
        object.__setattr__(self, "_test", OPERATORS[self.operator])

    def holds(self, facts: Facts) -> bool:
        """Is it true of what is known?"""
        value = facts.get(self.fact)
        return self.of_absent if value is None else self._test(value, self.wanted)

    def holds_of(self, value: Value) -> bool:
        """Is it true of a value of its fact?"""
        return self._test(value, self.wanted)

    def opposite(self) -> Compare:
        """What must hold for this to be false."""
        if self.operator == "known":
            return replace(self, wanted=not self.wanted)
        return replace(self, operator=OPPOSITES[self.operator])


@dataclass(frozen=True, slots=True)
class All:
    """Every one of the conditions holds."""

    of: tuple[Condition, ...]
    because: Sentence | None = None


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of the conditions holds."""

    of: tuple[Condition, ...]
    because: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Not:
    """The condition is known to be false."""

    of: Condition
    because: Sentence | None = None


@dataclass(frozen=True, slots=True)
class AtLeastOf:
    """At least ``count`` of the conditions hold."""

    count: int
    of: tuple[Condition, ...]
    because: Sentence | None = None


Condition = Compare | All | AnyOf | Not | AtLeastOf


@dataclass(frozen=True, slots=True, eq=False)
class Branch:
    """One way for a condition to be true: comparisons that all hold, and the sentences for it."""

    comparisons: tuple[Compare, ...]
    because: tuple[Sentence, ...] = ()
    reads: tuple[str, ...] = field(init=False)
    """The facts this branch compares, each once, in the order written."""

    def __post_init__(self) -> None:
        facts = dict.fromkeys(comparison.fact for comparison in self.comparisons)
        object.__setattr__(self, "reads", tuple(facts))

    def holds(self, facts: Facts) -> bool:
        """Do all of the comparisons hold?"""
        return all(comparison.holds(facts) for comparison in self.comparisons)


def branches(condition: Condition) -> tuple[Branch, ...]:
    """Every branch of a condition, in the order written."""
    return tuple(_open(condition, negated=False))


def _open(condition: Condition, *, negated: bool) -> list[Branch]:
    found = _ways(condition, negated=negated)
    if condition.because is None:
        return found
    return [Branch(branch.comparisons, (condition.because, *branch.because)) for branch in found]


def _ways(condition: Condition, *, negated: bool) -> list[Branch]:
    match condition:
        case Compare():
            return [Branch((condition.opposite() if negated else condition,))]
        case Not(of=inner):
            return _open(inner, negated=not negated)
        case AtLeastOf(count=count, of=of):
            wanted = len(of) - count + 1 if negated else count
            return _some(wanted, [_open(part, negated=negated) for part in of])
        case All(of=of) | AnyOf(of=of):
            parts = [_open(part, negated=negated) for part in of]
            every = isinstance(condition, All) is not negated
            return _some(len(parts) if every else 1, parts)


def _some(count: int, parts: list[list[Branch]]) -> list[Branch]:
    chosen = (chain for group in combinations(parts, count) for chain in product(*group))
    return [_joined(branch) for branch in chosen]


def _joined(parts: tuple[Branch, ...]) -> Branch:
    comparisons = dict.fromkeys(comparison for part in parts for comparison in part.comparisons)
    sentences = dict.fromkeys(sentence for part in parts for sentence in part.because)
    return Branch(tuple(comparisons), tuple(sentences))
