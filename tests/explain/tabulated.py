"""The cut-down rulebook, tabulated by the plain reader: reasons and changes by brute force.

Some of the combinations of facts are a whole number with a bit for each of them. So "wherever this
holds and that holds" is an ``&``, and all of them can be looked at in a moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from itertools import combinations
from operator import and_
from typing import Any, TypeVar

from tests.cut_down import CHANGEABLE, NAMES, Facts, every_cell
from tests.quick_reader import QuickDecider
from triage.diagram import Outcome
from triage.explain import Known
from triage.rulebook import Rulebook

T = TypeVar("T")

Cells = int
"""Some of the combinations of facts, as bits."""


class Tabulated:
    """Every combination of facts that the cut-down rules tell apart, with its outcome."""

    def __init__(self, rulebook: Rulebook) -> None:
        urgencies = sorted(rulebook.vocabulary.urgencies.values(), key=lambda each: each.order)
        self._urgencies = [each.id for each in urgencies]
        self._plain = QuickDecider(_ranked(rulebook, self._urgencies))
        self._switches = rulebook.switches
        self.cells = list(every_cell())
        self._every = (1 << len(self.cells)) - 1
        outcomes = [self.outcome(cell) for cell in self.cells]
        self._of_outcome = _by_value(outcomes)
        self._of_lead = _by_value([one.lead for one in outcomes])
        self._where = {name: _by_value([cell.get(name) for cell in self.cells]) for name in NAMES}

    def outcome(self, facts: Facts) -> Outcome:
        """What the plain reader concludes."""
        found = self._plain.conclude({**self._switches, **facts})
        return Outcome(found.routes[0], self._urgencies[found.urgency_class])

    def force(self, known: Iterable[Known], outcome: Outcome) -> bool:
        """Has everything of which this is known one outcome?"""
        held = reduce(and_, map(self._held, known), self._every)
        return not held & ~self._of_outcome[outcome]

    def shortest(self, facts: Facts, outcome: Outcome) -> int:
        """How many facts of a referral are enough, if they are the right ones."""
        own = [self._where[name][facts.get(name)] for name in NAMES]
        others = ~self._of_outcome[outcome]
        return next(
            many
            for many in range(len(own) + 1)
            for held in combinations(own, many)
            if not reduce(and_, held, self._every) & others
        )

    def distances(self, facts: Facts, kept: Iterable[str]) -> Mapping[str, int]:
        """For each other route, how few answers must be otherwise for it to lead.

        What is fixed or is to be ``kept`` stays, and nothing that is known becomes unknown.
        """
        within, same = [self._every], self._every
        for name in NAMES:
            own, unknown = self._where[name][facts.get(name)], self._where[name][None]
            if name not in CHANGEABLE or name in kept:
                same &= own
            else:
                may = self._every if name not in facts else ~unknown
                within = _one_more(within, own, may)
        lead = self.outcome(facts).lead
        return {
            str(other): next(many for many, cells in enumerate(within) if cells & same & there)
            for other, there in self._of_lead.items()
            if other != lead and within[-1] & same & there
        }

    def _held(self, known: Known) -> Cells:
        """Where a part of a reason holds; a number may be anywhere in its range."""
        where = self._where[known.answer]
        if known.same is None:
            return where[known.value]
        low, high = known.same
        return sum(
            cells
            for value, cells in where.items()
            if isinstance(value, int) and low <= value <= high
        )


def _one_more(within: list[Cells], own: Cells, may: Cells) -> list[Cells]:
    """Where at most so many answers are otherwise, for each number, with one more answer."""
    stays = [cells & own for cells in [*within, within[-1]]]
    moves = [0, *(cells & may for cells in within)]
    return [one | other for one, other in zip(stays, moves, strict=True)]


def _by_value(values: Sequence[T]) -> dict[T, Cells]:
    """Where each value stands."""
    found: dict[T, list[str]] = {value: ["0"] * len(values) for value in set(values)}
    for place, value in enumerate(values):
        found[value][-1 - place] = "1"
    return {value: int("".join(bits), 2) for value, bits in found.items()}


def _ranked(rulebook: Rulebook, urgencies: Sequence[str]) -> Mapping[str, Any]:
    """What the rule files say, with a rank for each urgency, so that none reads as another."""
    words = rulebook.content["vocabulary.yaml"]
    ranks = {name: {"rank": rank} for rank, name in enumerate(urgencies)}
    return {**rulebook.content, "vocabulary.yaml": {**words, "urgencies": ranks}}
