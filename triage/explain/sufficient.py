"""Finds what alone decides: parts of a referral that force its outcome, whatever the rest is.

Parts are left out one by one for as long as the others still force the outcome. So none of those
that are left can be spared: what forces an outcome still does with more known. Another reason may
be shorter; so this is done in several orders, and the shortest reason found is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from triage.diagram import Diagram
from triage.diagram.forest import Node
from triage.domain.vocabulary import Facts
from triage.explain.parts import Classes, Part, Seen

Held = Mapping[Part, Classes]
"""What is held of a referral: for each part of a reason, the classes its input may be of."""

THIRDS = (1, 2)
"""Parts are left out from the last, from the first, and from these thirds on and round again."""


class Sufficiency:
    """Finds reasons on one diagram. Safe for many threads."""

    def __init__(self, diagram: Diagram, parts: Sequence[Part]) -> None:
        self._diagram, self._parts = diagram, parts
        self._bits = {diagram.outcomes[leaf]: diagram.reach[leaf] for leaf in diagram.leaves}
        self._ways = [tuple(_by_child(children)) for children in diagram.children]
        self._inputs = [
            ((1 << len(one.classes)) - 1, [part for part in parts if part.depth == depth])
            for depth, one in enumerate(diagram.space.inputs)
        ]
        self._orders = list(_orders(parts))

    def reason(self, seen: Seen) -> Held:
        """A minimal reason for the outcome of a referral, in the order of the diagram.

        What is not known is left out first: a reason is made of answers where it can be.
        """
        facts = seen.facts
        orders = (sorted(order, key=lambda part: part.fact in facts) for order in self._orders)
        found = (self._minimal(order, seen) for order in orders)
        shortest = min(found, key=lambda held: _length(held, facts))
        return {part: shortest[part] for part in self._parts if part in shortest}

    def widened(self, reason: Held, seen: Seen) -> Held:
        """The same reason with every number as wide as it can be, so that it still is one.

        They are widened one after another: all may be anywhere in their ranges at once.
        """
        held, wanted = reason, self._bits[seen.outcome]
        for part in reason:
            for runs in part.beside(seen.facts.get(part.fact)):
                for run in runs:
                    wider = {**held, part: held[part] | run.classes}
                    if not run.classes or not self._force(self._allowed(wider), wanted):
                        break
                    held = wider
        return held

    def _minimal(self, order: Sequence[Part], seen: Seen) -> Held:
        wanted = self._bits[seen.outcome]
        held = {part: part.alike[seen.cell[part.depth]] for part in order}
        allowed = self._allowed(held)
        for part in order:
            own, before = held.pop(part), allowed[part.depth]
            allowed[part.depth] = self._may_be(part.depth, held)
            if not self._force(allowed, wanted):
                held[part], allowed[part.depth] = own, before
        return held

    def _allowed(self, held: Held) -> list[Classes]:
        return [self._may_be(depth, held) for depth in range(len(self._inputs))]

    def _may_be(self, depth: int, held: Held) -> Classes:
        """The classes that an input may be of where this holds."""
        classes, parts = self._inputs[depth]
        for part in parts:
            classes &= held.get(part, classes)
        return classes

    def _force(self, allowed: Sequence[Classes], wanted: int) -> bool:
        """Has everything of these classes the wanted outcome?"""
        depths, reach, root = self._diagram.depths, self._diagram.reach, self._diagram.root
        seen, pending = {root}, [root]
        while pending:
            node = pending.pop()
            if not reach[node] & wanted:
                return False
            if reach[node] != wanted:
                here = allowed[depths[node]]
                new = {child for child, classes in self._ways[node] if classes & here} - seen
                seen |= new
                pending += new
        return True


def _by_child(children: Sequence[Node]) -> Iterator[tuple[Node, Classes]]:
    """The children of a node, each once, with the classes that lead to it."""
    for child in dict.fromkeys(children):
        yield child, sum(1 << place for place, each in enumerate(children) if each == child)


def _orders(parts: Sequence[Part]) -> Iterator[Sequence[Part]]:
    """The orders in which parts are left out; by the first, what is asked first stays longest."""
    yield parts[::-1]
    yield parts
    for third in THIRDS:
        place = len(parts) * third // 3
        yield (*parts[place:], *parts[:place])


def _length(held: Held, facts: Facts) -> tuple[int, int]:
    """How long a reason is, and how much of it is not known."""
    return len(held), sum(part.fact not in facts for part in held)
