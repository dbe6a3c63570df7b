"""Finds the least that would have to be otherwise for another route to lead: shortest paths.

A step from a node to a child costs as many answers as its class is away from the referral's own. So
the cheapest way from the root to a leaf changes as few answers as can be, and no fewer would do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from triage.diagram import Diagram
from triage.diagram.forest import Node
from triage.diagram.portions import MOMENT
from triage.domain.clock import local_day
from triage.domain.vocabulary import Value, Vocabulary
from triage.explain.moves import Changed, Here, Movable, Move
from triage.explain.parts import Seen

HANDFUL = 5
"""The most routes that are told, unless more are equally near."""


class Way(NamedTuple):
    """A route that could lead, and what would have to be otherwise."""

    lead: str
    changed: Changed


Came = Mapping[Node, tuple[Node, Move]]
"""From where one comes to a node at the least cost, and by which move."""


class Changes:
    """Finds changes on one diagram. Safe for many threads."""

    def __init__(self, diagram: Diagram, vocabulary: Vocabulary) -> None:
        self._diagram = diagram
        self._order = {name: place for place, name in enumerate(vocabulary.routes)}
        self._inputs = [Movable(one, vocabulary) for one in diagram.space.inputs]

    def nearest(self, seen: Seen) -> Sequence[Way]:
        """The other routes that could lead, the nearest first, each by one of its shortest ways."""
        ways = [way for way in self._ways(seen) if way.lead != seen.outcome.lead]
        ways.sort(key=lambda way: (len(way.changed), self._order[way.lead]))
        near = sum(len(way.changed) == len(ways[0].changed) for way in ways)
        return ways[: max(near, HANDFUL)]

    def _ways(self, seen: Seen) -> Iterator[Way]:
        """For each route that can lead, the cheapest way to a leaf of it."""
        costs, came = self._walked(seen)
        leads: dict[str, Node] = {}
        for leaf in sorted(costs.keys() & self._diagram.leaves, key=costs.__getitem__):
            outcome = self._diagram.outcomes[leaf]
            if outcome and outcome.lead:
                leads.setdefault(outcome.lead, leaf)
        for lead, leaf in leads.items():
            yield Way(lead, _changed(leaf, came))

    def _walked(self, seen: Seen) -> tuple[dict[Node, int], Came]:
        """What it costs to come to each node that can be come to, and how one does."""
        later = local_day(seen.referral.received_at) - MOMENT.date()
        here = Here(seen.facts, seen.referral.declined, later)
        moves = [
            (Move(own, {}, 0), *one.moves(own, here))
            for own, one in zip(seen.cell, self._inputs, strict=True)
        ]
        diagram, costs, came = self._diagram, {self._diagram.root: 0}, {}
        for node in range(diagram.root, -1, -1):
            if node in costs and diagram.children[node]:
                for move in moves[diagram.depths[node]]:
                    child, cost = diagram.children[node][move.place], costs[node] + move.cost
                    if child not in costs or cost < costs[child]:
                        costs[child], came[child] = cost, (node, move)
        return costs, came


def _changed(leaf: Node, came: Came) -> Changed:
    """Everything that changes on the way to a leaf, in the order of the diagram."""
    moves: list[Move] = []
    node = leaf
    while node in came:
        node, move = came[node]
        moves.append(move)
    found: dict[str, Value] = {}
    for move in reversed(moves):
        found |= move.changed
    return found
