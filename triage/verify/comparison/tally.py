"""How many referrals a function gives each of its values, and a referral for each."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, NamedTuple

from triage.diagram.diagram import below
from triage.diagram.forest import Forest, Node
from triage.diagram.space import Space
from triage.diagram.walks import Cell


class _Seen(NamedTuple):
    """Below a node: how many cells have a value, the fewest inputs known, and where to go on."""

    cells: int
    known: int
    place: int


class Tally:
    """Counts the cells of one function by their value, all values in one walk.

    Values that are None are left out: they stand for "nothing to tell".
    """

    def __init__(self, forest: Forest, space: Space, root: Node) -> None:
        self._forest, self._root = forest, root
        self._cells = [[each.cells for each in one.classes] for one in space.inputs]
        self._free = [1] * (forest.depth + 1)
        for depth in reversed(range(forest.depth)):
            self._free[depth] = self._free[depth + 1] * sum(self._cells[depth])
        self._seen: dict[Node, Mapping[Hashable, _Seen]] = {}
        for node in sorted(below(forest, root)):
            self._seen[node] = self._of(node)

    @property
    def counts(self) -> Mapping[Any, int]:
        """For each value, how many cells have it."""
        above = self._free[0] // self._free[self._forest.depths[self._root]]
        return {value: one.cells * above for value, one in self._seen[self._root].items()}

    def witness(self, value: Hashable) -> Cell:
        """A cell that has a value, with as little known as can be."""
        node, cell = self._root, [0] * self._forest.depth
        while (depth := self._forest.depths[node]) < self._forest.depth:
            cell[depth] = self._seen[node][value].place
            node = self._forest.children[node][cell[depth]]
        return tuple(cell)

    def _of(self, node: Node) -> Mapping[Hashable, _Seen]:
        """What is seen from a node; its children were looked at before."""
        depth = self._forest.depths[node]
        if depth == self._forest.depth:
            value = self._forest.values[node]
            return {} if value is None else {value: _Seen(1, 0, 0)}
        found: dict[Hashable, _Seen] = {}
        for place, child in enumerate(self._forest.children[node]):
            skipped = self._free[depth + 1] // self._free[self._forest.depths[child]]
            cells = self._cells[depth][place] * skipped
            for value, one in self._seen[child].items():
                here = _Seen(one.cells * cells, one.known + (place > 0), place)
                found[value] = _merged(found.get(value), here)
        return found


def _merged(one: _Seen | None, other: _Seen) -> _Seen:
    """The cells of both, and the way on which less is known."""
    if one is None:
        return other
    nearer = min(one, other, key=lambda each: each.known)
    return nearer._replace(cells=one.cells + other.cells)
