"""Multi-valued decision diagrams: canonical, every function once, so that equal means identical.

A node asks one variable and has a child for each of its classes; a leaf holds a value. Variables
are asked in one fixed order, no node has all its children alike, and no two nodes are alike. So two
functions are the same exactly where their nodes have the same number (Bryant 1986; multi-valued:
Srinivasan and others 1990).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import reduce
from typing import Any

from triage.errors import TangledError

Node = int
"""The number of a node in its forest."""

NO, YES = 0, 1
"""The leaves of functions that are true or false."""

MOST_NODES = 2_000_000
"""How many nodes a forest may have; the shipped rules make about 7,000."""

Join = Callable[[Any, Any], Hashable]


class Forest:
    """The nodes of every function over one list of variables. Grows, and is never changed.

    ``sizes`` are the numbers of classes of the variables, in the order in which they are asked.
    Whatever makes nodes raises ``TangledError`` past ``MOST_NODES``.
    """

    def __init__(self, sizes: Sequence[int]) -> None:
        self.sizes = tuple(sizes)
        self.depth = len(self.sizes)
        """The depth at which leaves stand: below every variable."""
        self.depths: list[int] = []
        """For each node, the place of the variable it asks."""
        self.children: list[tuple[Node, ...]] = []
        """For each node, its children by class; a leaf has none."""
        self.values: list[Any] = []
        """For each leaf its value; None for other nodes."""
        self._nodes: dict[tuple[int, tuple[Node, ...]], Node] = {}
        self._leaves: dict[Hashable, Node] = {}
        self._joined: dict[tuple[Any, Node, Node], Node] = {}
        self._chosen: dict[tuple[Node, Node, Node], Node] = {}
        self._mapped: dict[tuple[Any, Node], Node] = {}
        for value in (False, True):
            self.leaf(value)

    def __len__(self) -> int:
        return len(self.depths)

    def leaf(self, value: Hashable) -> Node:
        """The function that is this value everywhere."""
        key = (type(value), value)
        found = self._leaves.get(key)
        if found is None:
            found = self._leaves[key] = self._add(self.depth, (), value)
        return found

    def node(self, depth: int, children: Sequence[Node]) -> Node:
        """The function that asks a variable and goes on by its class."""
        first = children[0]
        if all(child == first for child in children):
            return first
        key = (depth, tuple(children))
        found = self._nodes.get(key)
        if found is None:
            found = self._nodes[key] = self._add(depth, key[1], None)
        return found

    def _add(self, depth: int, children: tuple[Node, ...], value: Any) -> Node:
        if len(self.depths) >= MOST_NODES:
            raise TangledError(MOST_NODES)
        self.depths.append(depth)
        self.children.append(children)
        self.values.append(value)
        return len(self.depths) - 1

    def both(self, one: Node, other: Node) -> Node:
        """True where both are."""
        return self.choose(one, other, NO)

    def either(self, one: Node, other: Node) -> Node:
        """True where at least one is."""
        return self.choose(one, YES, other)

    def without(self, one: Node, other: Node) -> Node:
        """True where the one is and the other is not."""
        return self.choose(other, NO, one)

    def opposite(self, one: Node) -> Node:
        """True where the other is false."""
        return self.choose(one, NO, YES)

    def every(self, parts: Iterable[Node]) -> Node:
        """True where all are."""
        return reduce(self.both, parts, YES)

    def some(self, parts: Iterable[Node]) -> Node:
        """True where at least one is."""
        return reduce(self.either, parts, NO)

    def choose(self, test: Node, then: Node, other: Node) -> Node:
        """What ``then`` is where a test holds, and what ``other`` is elsewhere."""
        if test == YES or then == other:
            return then
        if test == NO:
            return other
        if then == YES and other == NO:
            return test
        key = (test, then, other)
        found = self._chosen.get(key)
        if found is None:
            depths = self.depths
            depth = min(depths[test], depths[then], depths[other])
            tests, thens, others = (self._below(each, depth) for each in key)
            choose = self.choose
            found = self._chosen[key] = self.node(
                depth, [choose(*three) for three in zip(tests, thens, others, strict=True)]
            )
        return found

    def _below(self, node: Node, depth: int) -> tuple[Node, ...]:
        """What a function goes on as, for each class of a variable."""
        if self.depths[node] == depth:
            return self.children[node]
        return (node,) * self.sizes[depth]

    def join(self, how: Join, one: Node, other: Node) -> Node:
        """The function whose value is made of the values of two."""
        key = (how, one, other)
        found = self._joined.get(key)
        if found is None:
            depth = min(self.depths[one], self.depths[other])
            if depth == self.depth:
                found = self.leaf(how(self.values[one], self.values[other]))
            else:
                pairs = zip(self._below(one, depth), self._below(other, depth), strict=True)
                found = self.node(depth, [self.join(how, *pair) for pair in pairs])
            self._joined[key] = found
        return found

    def fix(self, node: Node, depth: int, place: int) -> Node:
        """The function where one variable is in this class; it no longer asks that variable."""
        if self.depths[node] > depth:
            return node
        if self.depths[node] == depth:
            return self.children[node][place]
        key = ((depth, place), node)
        found = self._mapped.get(key)
        if found is None:
            below = [self.fix(child, depth, place) for child in self.children[node]]
            found = self._mapped[key] = self.node(self.depths[node], below)
        return found

    def map(self, how: Callable[[Any], Hashable], node: Node) -> Node:
        """The function whose value is made of the value of another."""
        key = (how, node)
        found = self._mapped.get(key)
        if found is None:
            if self.depths[node] == self.depth:
                found = self.leaf(how(self.values[node]))
            else:
                below = [self.map(how, child) for child in self.children[node]]
                found = self.node(self.depths[node], below)
            self._mapped[key] = found
        return found
