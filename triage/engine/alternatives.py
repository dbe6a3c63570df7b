"""The ways in which a rule can be true, as conditions of the engine, and which exclude which."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from triage.domain.conditions import Branch, Compare
from triage.domain.rules import Rule
from triage.engine.properties import Properties, Property

Condition = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Span:
    """The numbers a property may have for a condition to hold. ``low`` None: it must be absent."""

    low: float | None = float("-inf")
    high: float = float("inf")

    def excludes(self, other: Span) -> bool:
        """Can no number be in both?"""
        if self.low is None or other.low is None:
            return self.low is not other.low
        return self.high < other.low or other.high < self.low

    def within(self, other: Span) -> Span:
        """The numbers that are in both."""
        if self.low is None or other.low is None:
            return self
        return Span(max(self.low, other.low), min(self.high, other.high))


ABSENT = Span(None)


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way for a rule to be true, as the engine is given it."""

    rule: Rule
    branch: Branch
    conditions: tuple[Condition, ...]
    spans: Mapping[str, Span]
    properties: frozenset[Property]

    def excludes(self, other: Alternative) -> bool:
        """Can the two never be true of the same facts?"""
        return any(
            name in other.spans and span.excludes(other.spans[name])
            for name, span in self.spans.items()
        )


def alternatives(rule: Rule, properties: Properties) -> Iterator[Alternative]:
    """Every way a rule can be true, in the order of its branches."""
    for branch in rule.branches:
        seen = frozenset(properties.of(each) for each in branch.comparisons)
        for ways in product(*(_ways(each, properties.of(each)) for each in branch.comparisons)):
            spans: dict[str, Span] = {}
            for name, span, _ in ways:
                spans[name] = spans.get(name, span).within(span)
            yield Alternative(rule, branch, tuple(way[2] for way in ways), spans, seen)


Way = tuple[str, Span, Condition]


def _ways(comparison: Compare, seen: Property) -> list[Way]:
    """The ways a comparison can be true, each with the numbers that its property may then have."""
    name, wanted = seen.name, comparison.wanted
    match comparison.operator:
        case "known":
            return (
                [(name, Span(), {"$ex": {name: 1}})]
                if wanted
                else [(name, ABSENT, {"$nex": {name: 1}})]
            )
        case "includes" | "excludes":
            return [_between(name, int(comparison.operator == "includes"))]
        case "in":
            return [_between(name, *run) for run in _runs(seen.encode(each) for each in wanted)]  # type: ignore[union-attr]
        case "not_in":
            others = [{"$neq": {name: seen.encode(each)}} for each in wanted]  # type: ignore[union-attr]
            return [(name, Span(), {"$and": others})]
        case operator:
            number = seen.encode(wanted)
            span, sign = _SIGNS[operator]
            return [(name, span(number), {sign: {name: number}} if sign else {name: number})]


_SIGNS: Mapping[str, tuple[Callable[[int], Span], str]] = {
    "is": (lambda number: Span(number, number), ""),
    "is_not": (lambda _number: Span(), "$neq"),
    "at_least": (lambda number: Span(low=number), "$gte"),
    "above": (lambda number: Span(low=number + 1), "$gt"),
    "at_most": (lambda number: Span(high=number), "$lte"),
    "below": (lambda number: Span(high=number - 1), "$lt"),
}


def _runs(places: Iterable[int]) -> list[list[int]]:
    """The first and last of each run of places without a gap."""
    runs: list[list[int]] = []
    for place in sorted(places):
        if runs and place == runs[-1][1] + 1:
            runs[-1][1] = place
        else:
            runs.append([place, place])
    return runs


def _between(name: str, low: int, high: int | None = None) -> Way:
    if high is None or high == low:
        return (name, Span(low, low), {name: low})
    return (name, Span(low, high), {"$and": [{"$gte": {name: low}}, {"$lte": {name: high}}]})
