"""One rulebook's outcome, lead route and urgency, as a diagram ready to be walked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from triage.diagram.forest import Forest, Node
from triage.diagram.model import Model, routing_rules
from triage.diagram.space import Space, space_of
from triage.domain.vocabulary import Facts
from triage.rulebook import Rulebook, Stamp


class Outcome(NamedTuple):
    """Where a referral goes and how soon, by their names. None: the rules give it no route."""

    lead: str | None
    urgency: str | None


class Diagram:
    """What a rulebook makes of every referral. Never changes; safe for many threads.

    Nodes are numbered so that children come before whoever asks on: a loop over the numbers is a
    walk from the leaves up. The last node is the root.
    """

    def __init__(self, stamp: Stamp, space: Space, nodes: Sequence[tuple[int, Any]]) -> None:
        """Make the diagram of nodes: a depth with children, or the depth of leaves with a value."""
        self.stamp, self.space = stamp, space
        self.bottom = len(space.inputs)
        self.depths = [depth for depth, _ in nodes]
        self.children: list[tuple[Node, ...]] = [
            () if depth == self.bottom else tuple(below) for depth, below in nodes
        ]
        self.outcomes: list[Outcome | None] = [
            Outcome(*below) if depth == self.bottom else None for depth, below in nodes
        ]
        self.root: Node = len(nodes) - 1
        self._places = [one.place for one in space.inputs]

    @classmethod
    def of(cls, rulebook: Rulebook) -> Diagram:
        """The diagram of a rulebook, built over the rules that lead to routes and urgencies."""
        space = space_of(rulebook, routing_rules(rulebook))
        model = Model(rulebook, space)
        return cls(rulebook.stamp, space, list(_numbered(model.forest, model.outcome)))

    def __len__(self) -> int:
        return len(self.depths)

    def outcome(self, facts: Facts, answers: Facts) -> Outcome:
        """What the rulebook makes of a referral, by its facts and the answers they come from.

        One walk from the root to a leaf. Raises ``KeyError`` for facts that no referral amounts to.
        """
        node, depths, children, places = self.root, self.depths, self.children, self._places
        bottom = self.bottom
        while (depth := depths[node]) < bottom:
            node = children[node][places[depth](facts, answers)]
        return self.outcomes[node]  # type: ignore[return-value]

    def outcome_at(self, cell: Sequence[int]) -> Outcome:
        """What the rulebook makes of a referral, by the class of each input."""
        node = self.root
        while self.depths[node] < self.bottom:
            node = self.children[node][cell[self.depths[node]]]
        return self.outcomes[node]  # type: ignore[return-value]

    def is_settled(self, possible: Sequence[Iterable[Iterable[int]]], outcome: Outcome) -> bool:
        """Is this the only outcome, whichever of the ``possible`` classes each input may be of?

        The classes of an input come in rows, by the answers to the first question about it.
        """
        own = self._bits[outcome]
        pending, seen = [self.root], {self.root}
        while pending:
            node = pending.pop()
            if self.reach[node] == own:
                continue
            if not self.children[node]:
                return False
            below = self.children[node]
            for row in possible[self.depths[node]]:
                for place in row:
                    if below[place] not in seen:
                        seen.add(below[place])
                        pending.append(below[place])
        return True

    @cached_property
    def _bits(self) -> dict[Outcome | None, int]:
        """For each outcome its bit."""
        return {self.outcomes[leaf]: self.reach[leaf] for leaf in self.leaves}

    @cached_property
    def leaves(self) -> Sequence[Node]:
        """The leaves, each an outcome that some referral has."""
        return [node for node, outcome in enumerate(self.outcomes) if outcome is not None]

    @cached_property
    def reach(self) -> Sequence[int]:
        """For each node, the leaves below it, as bits in the order of ``leaves``."""
        bits = {leaf: 1 << place for place, leaf in enumerate(self.leaves)}
        found: list[int] = []
        for node, below in enumerate(self.children):
            mask = bits.get(node, 0)
            for child in below:
                mask |= found[child]
            found.append(mask)
        return found

    def leaves_in(self, mask: int) -> Iterator[Outcome]:
        """The outcomes of the leaves that a mask has."""
        for place, leaf in enumerate(self.leaves):
            if mask >> place & 1:
                yield self.outcomes[leaf]  # type: ignore[misc]


def _numbered(forest: Forest, root: Node) -> Iterator[tuple[int, Any]]:
    """The nodes below a root under new numbers, children first."""
    wanted = sorted(below(forest, root))
    numbers = {node: number for number, node in enumerate(wanted)}
    for node in wanted:
        if forest.children[node]:
            yield forest.depths[node], [numbers[child] for child in forest.children[node]]
        else:
            yield forest.depth, forest.values[node]


def below(forest: Forest, root: Node) -> set[Node]:
    """Every node that a walk from a root can come to."""
    found: set[Node] = set()
    pending = [root]
    while pending:
        node = pending.pop()
        if node not in found:
            found.add(node)
            pending += forest.children[node]
    return found
