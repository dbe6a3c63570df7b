"""The card on an order: it goes where it should, or where it should go instead."""

from __future__ import annotations

from uuid import UUID

from triage.cds_hooks.advice import Advice
from triage.cds_hooks.cards import CRITICAL, INFO, WARNING, Card, Cards, Says, doubts
from triage.cds_hooks.markdown import listed
from triage.cds_hooks.orders import Order
from triage.cds_hooks.suggestions import Suggestions
from triage.domain.decision import Status

ASK_FIRST, AS_ORDERED, SO_FAR = "Ask about risk first. ", "As ordered: ", "So far: "
"""How a summary begins where risk is not known, where nothing is to be changed, and where an answer
could still change it."""

MOST_ASKED_FIRST = 5
"""How many questions are put before everything else."""


class OrderCards:
    """Makes the cards on orders."""

    def __init__(self, cards: Cards, suggestions: Suggestions) -> None:
        self._cards, self._suggestions = cards, suggestions

    def card(self, call: UUID, order: Order, advice: Advice, orders: int) -> Card:
        """The card on one of so many orders."""
        suggestion = self._suggestions.suggestion(call, order, advice)
        says = Says(
            summary=f"{self._beginning(order, advice)}{advice.told.summary}",
            indicator=self._indicator(order, advice),
            detail=(
                listed("The order", [order.title]) if orders > 1 else "",
                _asked_first(advice),
                self._priority(order, advice),
                listed("Which place", [advice.placed]) if advice.placed else "",
                advice.told.as_markdown(),
                doubts(advice),
            ),
            suggestions=(suggestion,) if suggestion else (),
        )
        return self._cards.card(call, advice, says)

    def _beginning(self, order: Order, advice: Advice) -> str:
        if advice.is_danger:
            return ""
        if advice.asks_first:
            return ASK_FIRST
        if self._suggestions.is_higher(order, advice):
            return f"Your priority, {order.priority}, is higher and stays. By the answers: "
        if self._suggestions.agrees(order, advice):
            beside = self._suggestions.beside(order, advice)
            return f"{AS_ORDERED}{beside}, beside " if beside else AS_ORDERED
        return SO_FAR if advice.decision.status is Status.PROVISIONAL else ""

    def _indicator(self, order: Order, advice: Advice) -> str:
        if advice.is_danger:
            return CRITICAL
        agrees = self._suggestions.agrees(order, advice)
        pressing = advice.is_held if agrees else advice.is_pressing
        return WARNING if pressing or self._suggestions.is_higher(order, advice) else INFO

    def _priority(self, order: Order, advice: Advice) -> str:
        """That somebody gave the order a higher priority, which the rules know nothing of."""
        if not self._suggestions.is_higher(order, advice):
            return ""
        concluded, team = self._suggestions.concluded(order, advice), advice.decision.route.team
        higher = (
            f"The order has priority {order.priority}, which is higher than {concluded}, which the"
            " answers conclude. It stays as it is; the rules do not read it."
        )
        ring = f"If you know why it is urgent, ring {team.name} on {team.phone} now."
        return listed("Your priority", [higher, ring])


def _asked_first(advice: Advice) -> str:
    """The questions about risk, where that is not known."""
    if not advice.asks_first:
        return ""
    missing = advice.decision.missing[:MOST_ASKED_FIRST]
    return listed("Ask first", (one.question for one in missing))
