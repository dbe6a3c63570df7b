"""Two evaluators, one truth: what stands where the engine and the diagram do not agree.

Every decision is concluded twice, by the rule engine and by the diagram of the same rulebook, which
share nothing else. Where they differ one of them is wrong, and nobody knows which: the more urgent
stands, nothing is booked, and a person must look.
"""

from __future__ import annotations

from typing import NamedTuple

from triage.diagram import Diagram, Outcome
from triage.domain.vocabulary import Facts, Urgency, Vocabulary
from triage.rulebook import Rulebook


class Settled(NamedTuple):
    """What stands: the routes, lead first, and the urgency; ``because`` where the two differ."""

    routes: tuple[str, ...]
    urgency: Urgency
    because: str | None = None


class Agreement:
    """Holds what the engine concluded against the diagram."""

    def __init__(self, rulebook: Rulebook, diagram: Diagram) -> None:
        self._diagram = diagram
        self._vocabulary = rulebook.vocabulary

    def settle(
        self, facts: Facts, answers: Facts, routes: tuple[str, ...], urgency: Urgency
    ) -> Settled:
        """What stands of a referral on which the engine concluded these routes and this urgency."""
        other = self._other(facts, answers)
        if other == (routes[0], urgency.id):
            return Settled(routes, urgency)
        return _more_urgent(self._vocabulary, routes, urgency, other)

    def _other(self, facts: Facts, answers: Facts) -> Outcome:
        """What the diagram says; nothing where it does not know such facts."""
        try:
            return self._diagram.outcome(facts, answers)
        except KeyError:
            return Outcome(None, None)


def _more_urgent(
    words: Vocabulary, routes: tuple[str, ...], urgency: Urgency, other: Outcome
) -> Settled:
    """The more urgent of two outcomes; of one class, the route that comes first in precedence."""
    if other.lead is None or other.urgency is None:
        return Settled(routes, urgency, "Only one of two evaluations of the rules gave a route.")
    order = {name: place for place, name in enumerate(words.routes)}
    one, two = (routes[0], urgency), (other.lead, words.urgencies[other.urgency])
    lead, _ = min(one, two, key=lambda each: (each[1].rank, order[each[0]]))
    taken = words.routes[lead].replaces
    beside = {*routes, other.lead} - {lead} - taken - _giving_way(words)
    rest = sorted(beside, key=order.__getitem__)
    soonest = min(urgency, two[1], key=lambda each: each.order)
    return Settled((lead, *rest), soonest, _said(words, one, two))


def _giving_way(words: Vocabulary) -> set[str]:
    """The routes that never stand beside another."""
    return {name for name, route in words.routes.items() if route.gives_way}


def _said(words: Vocabulary, *outcomes: tuple[str, Urgency]) -> str:
    one, other = (
        f"{words.routes[route].title}, {urgency.title.lower()}" for route, urgency in outcomes
    )
    return (
        f"Two evaluations of the same rules differ: {one}; and {other}."
        " The more urgent stands until somebody has looked."
    )
