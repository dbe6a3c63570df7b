"""Which orders there are cards on: those for the person whose record is open, and not too many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from triage.cds_hooks.notes import of_another
from triage.cds_hooks.orders import Order
from triage.cds_hooks.subjects import Subject
from triage.fhir.findings import Finding, Severity

MOST_ORDERS = 20
"""How many orders of one call are looked at."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The orders that are looked at, and what is told of those that are not."""

    orders: Sequence[Order]
    findings: Sequence[Finding]

    @classmethod
    def of(cls, orders: Sequence[Order], subject: Subject) -> Chosen:
        """The first of the orders that are for somebody."""
        theirs = [one for one in orders if subject.owns(one.element)]
        others = [of_another(one) for one in orders if not subject.owns(one.element)]
        return cls(theirs[:MOST_ORDERS], [*others, *_too_many(theirs)])


def _too_many(orders: Sequence[Order]) -> Sequence[Finding]:
    if len(orders) <= MOST_ORDERS:
        return ()
    says = (
        f"Of {len(orders)} orders for mental-health services only the first {MOST_ORDERS} were"
        " looked at; sign fewer at once."
    )
    return (Finding(Severity.WARNING, "too-long", "context.draftOrders", says),)
