"""What is left of a diagram once some inputs are settled: smaller, and canonical again.

An input that is open may still have several classes, by the answers to the one or two questions
about it. What is left asks those questions, each exactly where something still depends on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import cast

from triage.diagram.diagram import Diagram, Outcome, below
from triage.diagram.forest import Forest, Node

Table = Sequence[Sequence[int]]
"""The classes that an input may still have: a row for each answer to the first question about it,
and in it a class for each answer to the second. The first answer of each leaves it unknown."""

Place = int
"""A question: twice the depth of its input, and one more if it is the second about that input."""


class Remaining:
    """What may still come of a referral: a diagram over the questions that are open."""

    def __init__(self, diagram: Diagram, tables: Sequence[Table]) -> None:
        """Restrict a diagram to a table for each input; an input that is settled has one class."""
        self.forest = Forest([len(answers) for table in tables for answers in (table, table[0])])
        self._diagram, self._tables = diagram, tables
        self._left: dict[Node, Node] = {}
        self.root = self._left_of(diagram.root)

    def _left_of(self, node: Node) -> Node:
        found = self._left.get(node)
        if found is None:
            found = self._left[node] = self._restricted(node)
        return found

    def _restricted(self, node: Node) -> Node:
        depth, children = self._diagram.depths[node], self._diagram.children[node]
        if not children:
            return self.forest.leaf(self._diagram.outcomes[node])
        left, table = self._left_of, self._tables[depth]
        if len(table) == len(table[0]) == 1:
            return left(children[table[0][0]])
        rows = [
            self._node(2 * depth + 1, [left(children[place]) for place in row]) for row in table
        ]
        return self._node(2 * depth, rows)

    def _node(self, place: Place, children: Sequence[Node]) -> Node:
        """The function that asks a question; it asks none that has one answer."""
        return children[0] if len(children) == 1 else self.forest.node(place, children)

    @cached_property
    def nodes(self) -> Sequence[Node]:
        """The nodes of what is left, children first."""
        return sorted(below(self.forest, self.root))

    @cached_property
    def outcomes(self) -> Sequence[Outcome]:
        """Everything that may still come of it, and nothing else."""
        values = (self.forest.values[node] for node in self.nodes)
        return [value for value in values if value is not None]

    @property
    def now(self) -> Outcome:
        """What comes of it if nothing more is answered."""
        node = self.root
        while children := self.forest.children[node]:
            node = children[0]
        return cast("Outcome", self.forest.values[node])

    def asked(self, node: Node) -> set[Place]:
        """The questions on which a function depends."""
        found = {self.forest.depths[each] for each in below(self.forest, node)}
        return found - {self.forest.depth}
