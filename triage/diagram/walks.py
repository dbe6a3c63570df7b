"""Walks over diagrams: how many referrals, and one that shows it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from triage.diagram.forest import Forest, Node
from triage.diagram.inputs import Given
from triage.diagram.portions import MOMENT
from triage.diagram.space import Space
from triage.domain.referral import SOURCE, Patient, Referral
from triage.domain.vocabulary import Value

Test = Callable[[Any], bool]
"""What is asked of the value of a leaf."""

Cell = tuple[int, ...]
"""A place in a space: the class of each input, in their order."""


class Counts:
    """Counts cells. Keeps what it has counted for one test after another."""

    def __init__(self, forest: Forest, space: Space) -> None:
        self._forest = forest
        self._cells = [[each.cells for each in one.classes] for one in space.inputs]
        self._free = [1] * (forest.depth + 1)
        for depth in reversed(range(forest.depth)):
            self._free[depth] = self._free[depth + 1] * sum(self._cells[depth])
        self._counted: dict[Test, dict[Node, int]] = {}

    def of(self, node: Node, test: Test = bool) -> int:
        """How many cells have a value that passes the test."""
        known = self._counted.setdefault(test, {})
        return self._below(node, test, known) * self._skipped(0, self._forest.depths[node])

    def _skipped(self, first: int, until: int) -> int:
        """In how many ways the inputs from one depth until before another can be."""
        return self._free[first] // self._free[until]

    def _below(self, node: Node, test: Test, known: dict[Node, int]) -> int:
        found = known.get(node)
        if found is None:
            forest, depth = self._forest, self._forest.depths[node]
            if depth == forest.depth:
                found = int(test(forest.values[node]))
            else:
                found = 0
                for cells, child in zip(self._cells[depth], forest.children[node], strict=True):
                    if below := self._below(child, test, known):
                        found += cells * below * self._skipped(depth + 1, forest.depths[child])
            known[node] = found
        return found


def witness(forest: Forest, node: Node, test: Test = bool) -> Cell | None:
    """A cell whose value passes the test, with as little known as can be; None if there is none."""
    fewest: dict[Node, tuple[int, int] | None] = {}
    if _fewest(forest, node, test, fewest) is None:
        return None
    cell = [0] * forest.depth
    while (found := fewest[node]) is not None and forest.depths[node] < forest.depth:
        cell[forest.depths[node]] = found[1]
        node = forest.children[node][found[1]]
    return tuple(cell)


def _fewest(
    forest: Forest, node: Node, test: Test, known: dict[Node, tuple[int, int] | None]
) -> tuple[int, int] | None:
    """How few inputs must be known for the test to pass, and the class of the next of them."""
    if node in known:
        return known[node]
    best: tuple[int, int] | None = None
    if forest.depths[node] == forest.depth:
        best = (0, 0) if test(forest.values[node]) else None
    else:
        for place, child in enumerate(forest.children[node]):
            under = _fewest(forest, child, test, known)
            if under is not None and (best is None or under[0] + (place > 0) < best[0]):
                best = (under[0] + (place > 0), place)
    known[node] = best
    return best


def value_at(forest: Forest, node: Node, cell: Cell) -> Any:
    """The value of a function at a cell."""
    while forest.depths[node] < forest.depth:
        node = forest.children[node][cell[forest.depths[node]]]
    return forest.values[node]


def given_at(space: Space, cell: Cell) -> dict[str, Any]:
    """What a referral holds that stands for a cell, by path."""
    found: dict[str, Any] = {}
    for one, place in zip(space.inputs, cell, strict=True):
        found |= one.classes[place].given
    return found


def referral_of(given: Given) -> Referral:
    """The referral that holds this, received at ``MOMENT``."""
    answers: dict[str, Value] = {}
    levels: dict[str, str] = {}
    patient: dict[str, Any] = {}
    for path, value in given.items():
        part, _, name = path.partition(".")
        if part == "answers":
            answers[name] = value
        elif part == "levels":
            levels[name] = value
        elif part == "patient":
            patient[name] = value
    return Referral(
        received_at=MOMENT,
        answers=answers,
        levels=levels,
        patient=Patient(**patient),
        source=given.get(SOURCE),
    )


def said(given: Given) -> dict[str, Any]:
    """The same as plain data: days are text."""
    return {
        path: value.isoformat() if isinstance(value, date) else value
        for path, value in given.items()
    }
