"""Cells beside one another: alike in all that is asked but a few inputs."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from math import inf
from typing import NamedTuple

from triage.diagram.diagram import below
from triage.diagram.forest import Forest, Node
from triage.diagram.space import Space
from triage.diagram.walks import Cell, witness

Depths = AbstractSet[int]
"""Places of inputs."""


class Step(NamedTuple):
    """The way to the nearest cell: how far it is, and the class of the next input on it."""

    far: float
    place: int = 0


NOWHERE = Step(inf)
"""There is no way."""


class Cells:
    """Finds cells of one space."""

    def __init__(self, forest: Forest, space: Space) -> None:
        self._forest, self._space = forest, space
        self._freed: dict[tuple[Node, frozenset[int]], Node] = {}

    def asked(self, *nodes: Node) -> frozenset[int]:
        """The inputs on which functions depend."""
        forest = self._forest
        found = {forest.depths[one] for node in nodes for one in below(forest, node)}
        return frozenset(found - {forest.depth})

    def together(self, one: Node, others: Sequence[Node], free: Depths) -> list[Cell] | None:
        """A cell of one function, and of each other one that differs in the free inputs alone."""
        forest = self._forest
        beside = forest.every(self._some(other, frozenset(free)) for other in others)
        first = witness(forest, forest.both(one, beside))
        if first is None:
            return None
        return [first, *filter(None, (self.nearest(other, first, free) for other in others))]

    def nearest(self, node: Node, cell: Cell, free: Depths) -> Cell | None:
        """The cell of a function that differs least from another, in the free inputs alone."""
        steps: dict[Node, Step] = {}
        if self._step(node, cell, free, steps) is NOWHERE:
            return None
        found, forest = list(cell), self._forest
        while (depth := forest.depths[node]) < forest.depth:
            found[depth] = steps[node].place
            node = forest.children[node][found[depth]]
        return tuple(found)

    def _step(self, node: Node, cell: Cell, free: Depths, known: dict[Node, Step]) -> Step:
        """The first step from a node; ``known`` are those of the nodes below that were seen."""
        if node not in known:
            forest, depth = self._forest, self._forest.depths[node]
            if depth == forest.depth:
                known[node] = Step(0) if forest.values[node] else NOWHERE
            else:
                children = forest.children[node]
                places = range(len(children)) if depth in free else (cell[depth],)
                unders = [(self._step(children[at], cell, free, known), at) for at in places]
                ways = [
                    Step(under.far + self._apart(depth, cell[depth], at), at)
                    for under, at in unders
                    if under is not NOWHERE
                ]
                known[node] = min(ways, default=NOWHERE)
        return known[node]

    def _apart(self, depth: int, one: int, other: int) -> int:
        """How much two classes of an input differ: as soon as they do, more than facts count."""
        if one == other:
            return 0
        classes = self._space.inputs[depth].classes
        here, there = classes[one].facts, classes[other].facts
        names = here.keys() | there.keys()
        return _MORE_THAN_FACTS + sum(here.get(name) != there.get(name) for name in names)

    def _some(self, node: Node, free: frozenset[int]) -> Node:
        """Where a function is true for some classes of the free inputs."""
        found = self._freed.get((node, free))
        if found is None:
            forest, depth = self._forest, self._forest.depths[node]
            if depth == forest.depth:
                return node
            children = [self._some(child, free) for child in forest.children[node]]
            found = forest.some(children) if depth in free else forest.node(depth, children)
            self._freed[node, free] = found
        return found


_MORE_THAN_FACTS = 100
