"""Which question settles most of what is left of a diagram."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import compress
from typing import NamedTuple

from triage.diagram.forest import Node
from triage.diagram.remaining import Place, Remaining

UNANSWERED = 0.05
"""The chance that a question stays unanswered, as it is taken to be; all answers are taken to be
alike. It serves to put questions in order, and says nothing about anybody."""

Chances = Sequence[float]
"""How likely each outcome is, in the order of those that are left."""


class Prospect(NamedTuple):
    """What a question may bring: how likely each of its answers is, and the chances after it."""

    weights: Sequence[float]
    after: Sequence[Chances]

    @property
    def doubt(self) -> float:
        """How likely two people who answer alike still are to end otherwise than one another."""
        sums = (sum(chance * chance for chance in chances) for chances in self.after)
        return 1 - sum(weight * alike for weight, alike in zip(self.weights, sums, strict=True))

    def swing(self, among: Sequence[bool]) -> float:
        """How far the chance of some of the outcomes hangs on the answer."""
        sums = [sum(compress(chances, among)) for chances in self.after]
        return max(sums) - min(sums)


def prospects(remaining: Remaining) -> Mapping[Place, Prospect]:
    """The prospect of every question on which the outcome still depends."""
    forest, spread, reached = remaining.forest, _spread(remaining), _reached(remaining)
    found: dict[Place, Sequence[Chances]] = {}
    for node, chance in reached.items():
        if children := forest.children[node]:
            place, there = forest.depths[node], spread[node]
            after = found.get(place) or [spread[remaining.root]] * len(children)
            found[place] = [
                [
                    held + chance * (new - old)
                    for held, new, old in zip(chances, spread[child], there, strict=True)
                ]
                for chances, child in zip(after, children, strict=True)
            ]
    return {place: Prospect(_weights(len(after)), after) for place, after in found.items()}


@cache
def _weights(answers: int) -> Sequence[float]:
    """How likely each answer to a question is; the first is none."""
    share = (1 - UNANSWERED) / (answers - 1)
    return (UNANSWERED, *(share for _ in range(answers - 1)))


def _spread(remaining: Remaining) -> Mapping[Node, Chances]:
    """For each node, how those who come to it end."""
    forest, outcomes = remaining.forest, remaining.outcomes
    found: dict[Node, Chances] = {}
    for node in remaining.nodes:
        if children := forest.children[node]:
            unknown, *others = [found[child] for child in children]
            share = (1 - UNANSWERED) / len(others)
            found[node] = [
                UNANSWERED * chance + share * rest
                for chance, rest in zip(unknown, map(sum, zip(*others, strict=True)), strict=True)
            ]
        else:
            found[node] = [float(each is forest.values[node]) for each in outcomes]
    return found


def _reached(remaining: Remaining) -> Mapping[Node, float]:
    """For each node, how likely somebody is to come to it."""
    forest = remaining.forest
    found = dict.fromkeys(reversed(remaining.nodes), 0.0)
    found[remaining.root] = 1.0
    for node, chance in found.items():
        if children := forest.children[node]:
            for weight, child in zip(_weights(len(children)), children, strict=True):
                found[child] += chance * weight
    return found
