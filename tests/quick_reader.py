"""The plain reader, quicker: what it said of a condition is kept for facts alike to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Any

from tests.plain_conclusions import Concluded, PlainDecider, Rule, Settled
from tests.plain_reader import TESTS, Content, Facts

_ANSWERS: dict[Any, tuple[Any, dict[Any, bool]]] = {}
"""For each condition and the named values it reads, its truth by the facts it reads."""


class QuickDecider(PlainDecider):
    """The plain decider, which reads a condition once for all facts that are alike to it.

    What follows from rules that fired, and from ratings, it works out once as well.
    """

    def __init__(self, content: Content) -> None:
        super().__init__(content)
        values = content["rulebook.yaml"]["values"]
        self._quick = [[_quick(rule, values) for rule in layer] for layer in self._layers]
        ratings = [f"rated_{factor}" for factor in self._factors]
        read = _read([rule["when"] for rule in self._reader.rules])
        self._nothing = dict.fromkeys((*read, *ratings))
        self._ratings = itemgetter(*ratings)
        self._followed: dict[Any, Settled] = {}
        self._urgencies: dict[Any, int] = {}

    def conclude(self, facts: Facts) -> Concluded:
        """The same, of facts of which those that are not known are None."""
        return super().conclude({**self._nothing, **facts})

    def _firing(self, layer: int, facts: Facts) -> list[Rule]:
        found = []
        for rule, read, answers in self._quick[layer]:
            key = read(facts)
            fires = answers.get(key)
            if fires is None:
                fires = answers[key] = self._reader.holds(rule["when"], facts)
            if fires:
                found.append(rule)
        return found

    def _settled(self, fired: Sequence[Rule], facts: Facts) -> Settled:
        key = _ids(fired), self._ratings(facts)
        if key not in self._followed:
            self._followed[key] = super()._settled(fired, facts)
        return self._followed[key]

    def _urgency(self, fired: list[Rule]) -> int:
        key = _ids(fired)
        if key not in self._urgencies:
            self._urgencies[key] = super()._urgency(fired)
        return self._urgencies[key]


def _ids(rules: Iterable[Rule]) -> tuple[str, ...]:
    return tuple([rule["id"] for rule in rules])


def _quick(rule: Rule, values: Content) -> tuple[Rule, Callable[[Any], Any], dict[Any, bool]]:
    """A rule with how to read its facts, and what is known already of its condition."""
    when, read = rule["when"], list(dict.fromkeys(_read(rule["when"])))
    numbers = tuple(values[name]["value"] for name in read if name in values)
    _, answers = _ANSWERS.setdefault((id(when), numbers), (when, {}))
    return rule, itemgetter(*read), answers


def _read(written: Any) -> Iterator[str]:
    """The facts and the named values that a condition reads."""
    if isinstance(written, list):
        for each in written:
            yield from _read(each)
    elif isinstance(written, dict):
        for key, each in written.items():
            if key == "value":
                yield each
            elif isinstance(each, dict) and each.keys() & SIGNS:
                yield key
            yield from _read(each)


SIGNS = {*TESTS, "known"}
