"""Recorded referrals walked through both rulebooks: how much of what differs has been seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from triage.diagram.forest import Forest, Node
from triage.diagram.space import Space
from triage.diagram.walks import Cell, value_at
from triage.domain.facts import facts
from triage.domain.pseudonymised import Pseudonymised
from triage.domain.vocabulary import Kind, Vocabulary
from triage.verify.comparison.found import Walked

Functions = Mapping[Any, Node]
"""What is asked of every referral, by names of the asker's own."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was walked, and how many of it have each value of each function that was asked."""

    walked: Walked
    counts: Counter[tuple[Any, Any]]


class Weigher:
    """Walks recorded referrals over one space."""

    def __init__(self, forest: Forest, space: Space, vocabulary: Vocabulary) -> None:
        self._forest, self._space, self._vocabulary = forest, space, vocabulary
        self._numbers = [one for one in vocabulary.terms.values() if one.kind is Kind.NUMBER]

    def weigh(self, population: Iterable[Pseudonymised], functions: Functions) -> Recorded:
        """How many of a population have each value of these functions."""
        referrals, cells = 0, Counter[Cell]()
        for referral in population:
            referrals += 1
            cell = self._cell(referral)
            if cell is not None:
                cells[cell] += 1
        counts: Counter[tuple[Any, Any]] = Counter()
        for cell, count in cells.items():
            for name, node in functions.items():
                counts[name, value_at(self._forest, node, cell)] += count
        return Recorded(Walked(referrals, cells.total()), counts)

    def _cell(self, referral: Pseudonymised) -> Cell | None:
        """The cell of a referral; None for one that not every rulebook could be given."""
        known = facts(referral, self._vocabulary)
        for term in self._numbers:
            value = known.get(term.name)
            if isinstance(value, int) and not term.low <= value <= term.high:
                return None
        try:
            return tuple(one.place(known, referral.answers) for one in self._space.inputs)
        except KeyError:
            return None
