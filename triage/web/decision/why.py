"""What alone decides, what would alter it, and whether the same comes out again: worked out anew.

A reason is asked of the rulebook that decided, and of the very bytes that the log holds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from triage.api.explanation import Explanations
from triage.domain.rules import NO_INDICATORS
from triage.errors import ConflictError, EngineError, LogError
from triage.replay import Difference, Replayer
from triage.store.entries import Entry
from triage.web.decision.names import Names

NUMBERS = ("", "", "two", "three", "four", "five", "six", "seven", "eight", "nine")
"""Small numbers as they are written out."""

FEW = 4
"""Up to so many answers stand in the sentence itself."""


@dataclass(frozen=True, slots=True)
class Why:
    """What alone decides: a sentence, and what it is made of.

    ``known`` was answered, or is known otherwise; ``open`` was not, and decides by that.
    ``changes`` are sentences; None for whoever is not told. ``problem`` says why there is no
    reason, and is empty where there is one.
    """

    sentence: str
    known: tuple[str, ...]
    open: tuple[str, ...]
    changes: tuple[str, ...] | None
    problem: str = ""

    @property
    def is_short(self) -> bool:
        """Does the sentence hold all of it?"""
        return len(self.known) + len(self.open) <= FEW


@dataclass(frozen=True, slots=True)
class Otherwise:
    """A place in a decision where something else came out."""

    path: str
    recorded: str
    replayed: str


@dataclass(frozen=True, slots=True)
class Again:
    """What came of deciding again: where it differed, or the ``problem`` that kept it from that."""

    differences: tuple[Otherwise, ...]
    problem: str = ""

    @property
    def is_same(self) -> bool:
        """Did the same bytes come out?"""
        return not (self.differences or self.problem)


class Workings:
    """Explains the decisions of one log, and decides them again. Safe for many threads."""

    def __init__(self, explanations: Explanations, replayer: Replayer) -> None:
        self._explanations, self._replayer = explanations, replayer

    def why(self, entry: Entry, names: Names, *, with_changes: bool) -> Why:
        """What alone decides an entry; what would alter it for whoever may be told."""
        try:
            told = self._explanations.of(entry, with_changes=with_changes)
        except (LogError, ConflictError) as error:
            return Why("", (), (), None, f"{str(error)[:1].upper()}{str(error)[1:]}.")
        answers = told["sufficient"]["answers"]
        known = tuple(_known(one) for one in answers if one["value"] is not None)
        unknown = tuple(_open(one) for one in answers if one["value"] is None)
        forced = names.goes(told["route"], told["urgency"])
        changes = tuple(one["words"] for one in told["changes"]) if with_changes else None
        return Why(_sentence(known, unknown, forced), known, unknown, changes)

    def again(self, entry: Entry) -> Again:
        """Decide an entry again, by its own rulebook."""
        try:
            found = self._replayer.replay(entry)
        except (LogError, EngineError) as error:
            return Again((), f"{str(error)[:1].upper()}{str(error)[1:]}.")
        return Again(tuple(map(_otherwise, found.differences)))


def _known(one: Mapping[str, Any]) -> str:
    low, high = one["from"], one["to"]
    also = (
        f" (any from {low} to {high} would do the same)" if low is not None and low < high else ""
    )
    return f"“{one['title']}” is {one['words']}{also}"


def _open(one: Mapping[str, Any]) -> str:
    return f"“{one['title']}” was {one['words']}"


def _sentence(known: tuple[str, ...], unknown: tuple[str, ...], forced: str) -> str:
    """The reason in one sentence; a long one says how long it is, and is told apart."""
    count = len(known) + len(unknown)
    if not count:
        return f"Every referral is decided so: {forced}."
    if count > FEW:
        return f"These {_number(count)} together force it, and none can be spared: {forced}."
    what = f"{_these(count, 'answer' if known else 'gap')} alone"
    force = "forces" if count == 1 else "force"
    return f"{what} {force} it, whatever the rest is: {forced}. {'; '.join((*known, *unknown))}."


def _these(count: int, noun: str) -> str:
    return f"This {noun}" if count == 1 else f"These {_number(count)} {noun}s"


def _number(count: int) -> str:
    return NUMBERS[count] if count < len(NUMBERS) else str(count)


def _otherwise(one: Difference) -> Otherwise:
    return Otherwise(one.path, _as_text(one.path, one.recorded), _as_text(one.path, one.replayed))


def _as_text(path: str, value: Any) -> str:
    """A value of a decision; the lowest level of risk reads as it does everywhere."""
    if (path, value) == ("levels.risk.level", "low"):
        return NO_INDICATORS
    return "nothing" if value is None else json.dumps(value, ensure_ascii=False)
