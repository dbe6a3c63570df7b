"""Cards that advise nothing: on somebody who has died, and on orders that are for somebody else."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from triage.cds_hooks.cards import WARNING, Card, Cards, Says
from triage.cds_hooks.markdown import listed
from triage.cds_hooks.orders import Order
from triage.fhir.findings import Finding, Severity

DIED = "The record says that this person has died, so nothing is advised"


def on_the_dead(cards: Cards, call: UUID) -> Card:
    """The card on somebody who has died, by the record."""
    return cards.card(call, None, Says(DIED, WARNING, (listed("What to do", [_CHECK]),)))


def on_others(cards: Cards, call: UUID, strays: Sequence[Finding]) -> Card:
    """The card where every order is for somebody else."""
    lines = (f"{one.expression}: {one.says}" for one in strays)
    return cards.card(call, None, Says(_OTHERS, WARNING, (listed("Not looked at", lines),)))


def of_another(order: Order) -> Finding:
    """That an order is for somebody else than the person whose record is open."""
    return Finding(Severity.WARNING, "business-rule", order.element.near("subject"), _OF_ANOTHER)


_CHECK = (
    "Check that the right record is open. If the person is alive, put the record right first; if"
    " they may be in danger now, call 999."
)

_OTHERS = (
    "The order is for somebody else than the person whose record is open: check whom it is for"
)

_OF_ANOTHER = (
    "This order is for somebody else than the person whose record is open, so nothing is advised on"
    " it. Check whom it is for."
)
