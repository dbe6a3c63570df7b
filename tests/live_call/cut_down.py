"""Rulebooks of a few shipped rules, small enough to try every referral there can be.

The outcome of each is found once, by the engine, and kept in a table; the diagram has no part in
it. What may still come of a partial referral is then looked up, referral by referral.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from math import prod
from random import Random
from typing import Any

from tests.builders import RECEIVED
from tests.facts import facts_of
from triage.decide import Decider
from triage.diagram import Diagram
from triage.diagram.walks import referral_of
from triage.domain.referral import Referral
from triage.domain.vocabulary import EVALUATORS_DISAGREE, Facts
from triage.rulebook import Rulebook

Cell = tuple[int, ...]
"""For each axis, the place of its value."""


@dataclass(frozen=True)
class Axis:
    """A part of a referral and the values that are tried for it; the first is none.

    ``questions`` are the answers by which it can be given, in order of asking; what no question
    settles has none.
    """

    path: str
    values: tuple[Any, ...]
    questions: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name of the answer, or whatever else it is."""
        return self.path.removeprefix("answers.")

    def to_ask(self, done: frozenset[str]) -> str | None:
        """What to ask, of what was neither answered nor declined."""
        return next((name for name in self.questions if name not in done), None)


def asked(name: str, *values: Any, by: tuple[str, ...] = ()) -> Axis:
    """A question."""
    return Axis(f"answers.{name}", (None, *values), (name, *by))


def fixed(path: str, *values: Any) -> Axis:
    """What no question settles."""
    return Axis(path, (None, *values), ())


@dataclass(frozen=True)
class Possible:
    """The outcome of every cell that a partial referral may become, as places in a list.

    ``sizes`` are the numbers of values of the axes that are open, the last counted up first.
    """

    outcomes: bytes
    sizes: tuple[int, ...]

    def depends_on(self, axis: int) -> bool:
        """Does anything depend on one of the open axes?"""
        size, block = self.sizes[axis], prod(self.sizes[axis + 1 :])
        return any(
            self.outcomes[start + block * step : start + block * (step + 1)]
            != self.outcomes[start : start + block]
            for start in range(0, len(self.outcomes), size * block)
            for step in range(1, size)
        )

    def seen(self, table: bytes) -> Possible:
        """The same with other values in the place of outcomes."""
        return Possible(self.outcomes.translate(table), self.sizes)


@dataclass(frozen=True)
class Partial:
    """What is given of a referral, as a cell, and what was declined; all else is not asked."""

    cell: Cell
    declined: frozenset[str]


@dataclass(frozen=True)
class CutDown:
    """A small rulebook, and every referral to it with its outcome."""

    rulebook: Rulebook
    axes: tuple[Axis, ...]

    @cached_property
    def diagram(self) -> Diagram:
        """What is held against the table."""
        return Diagram.of(self.rulebook)

    @cached_property
    def _every(self) -> Sequence[tuple[str, str]]:
        """The outcome of every cell, the last axis counted up first."""
        decider = Decider(self.rulebook)
        cells = product(*(range(len(axis.values)) for axis in self.axes))
        found = [_outcome(decider, self.referral(Partial(cell, frozenset()))) for cell in cells]
        decider.close()
        return found

    @cached_property
    def outcomes(self) -> Sequence[tuple[str, str]]:
        """Every lead route with its urgency."""
        return list(dict.fromkeys(self._every))

    @cached_property
    def table(self) -> bytes:
        """The outcome of every cell, as a place among the outcomes."""
        places = {outcome: place for place, outcome in enumerate(self.outcomes)}
        return bytes(places[outcome] for outcome in self._every)

    @cached_property
    def danger(self) -> bytes:
        """For each outcome itself if it is an emergency or a crisis; all others are alike."""
        urgencies = self.rulebook.vocabulary.urgencies
        alike = len(self.outcomes)
        return bytes(
            place if urgencies[urgency].rank <= 1 else alike
            for place, (_, urgency) in enumerate(self.outcomes)
        ).ljust(256, b"\0")

    def referral(self, partial: Partial) -> Referral:
        """The referral that holds what is given."""
        pairs = zip(self.axes, partial.cell, strict=True)
        given = {axis.path: axis.values[at] for axis, at in pairs if at}
        return replace(referral_of(given), received_at=RECEIVED, declined=partial.declined)

    def drawn(self, random: Random) -> Partial:
        """A partial referral: some of it given, some declined."""
        given, declines = random.choice((0.2, 0.5, 0.8, 0.95)), random.choice((0.0, 0.1, 0.3))
        cell = tuple(
            random.randrange(1, len(axis.values))
            if random.random() < (given if axis.questions else 0.3)
            else 0
            for axis in self.axes
        )
        names = {name for axis in self.axes for name in axis.questions} - self._given(cell)
        declined = (name for name in sorted(names) if random.random() < declines)
        return Partial(cell, frozenset(declined))

    def _given(self, cell: Cell) -> frozenset[str]:
        """The names of the answers in a cell."""
        pairs = zip(self.axes, cell, strict=True)
        return frozenset(axis.name for axis, at in pairs if at)

    def open_axes(self, partial: Partial) -> dict[int, str]:
        """The questions that are open, by the place of their axis, each with what to ask."""
        known = facts_of(self.referral(partial), self.rulebook)
        done = partial.declined | self._given(partial.cell)
        unsettled = {
            place: axis.to_ask(done)
            for place, (axis, at) in enumerate(zip(self.axes, partial.cell, strict=True))
            if not at and axis.name not in known and not _impossible(axis, known)
        }
        return {place: name for place, name in unsettled.items() if name is not None}

    def still_possible(self, partial: Partial, unsettled: Iterable[int]) -> Possible:
        """What may still come of a referral when each open question has any answer, or none."""
        at, stride, sizes = [0], len(self.table), list[int]()
        free = set(unsettled)
        for place, axis in enumerate(self.axes):
            stride //= len(axis.values)
            here = range(len(axis.values)) if place in free else (partial.cell[place],)
            at = [start + stride * step for start in at for step in here]
            sizes += [len(axis.values)] if place in free else []
        return Possible(bytes(self.table[each] for each in at), tuple(sizes))


def _impossible(axis: Axis, known: Facts) -> bool:
    """Was item 9 given, and is unknown for all that?"""
    return axis.name == "phq9_item9" and known["phq9_impossible"] is True


def _outcome(decider: Decider, referral: Referral) -> tuple[str, str]:
    """What the engine alone concludes."""
    decision = decider.decide(referral)
    assert all(alert.id != EVALUATORS_DISAGREE for alert in decision.alerts), referral
    return decision.route.route.id, decision.urgency.id
