"""The chain of a decision in the log: the overrides of it, and what became of them."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from triage.errors import ChangedError
from triage.store.entries import Guard, Kind
from triage.store.log import Recorded
from triage.store.tables import ENTRIES, IDENTITIES

CHAIN = (Kind.OVERRIDE, Kind.OVERRIDE_CONFIRMATION, Kind.OVERRIDE_WITHDRAWAL)
"""The kinds of entries that a chain is made of."""


def unless_changed(decision: Recorded, sequence: int) -> Guard:
    """Lets an entry pass only while a decision is as it was looked at.

    The newest of its chain is still the entry of that number, 0 where there was none, and the
    person was not erased since. The guard raises ``ChangedError``.
    """
    newest = select(func.max(ENTRIES.c.sequence)).where(
        ENTRIES.c.about == decision.entry.id, ENTRIES.c.kind.in_(CHAIN)
    )
    named = select(IDENTITIES.c.sequence).where(IDENTITIES.c.sequence == decision.entry.sequence)

    def guard(connection: Connection) -> None:
        grown = (connection.execute(newest).scalar() or 0) != sequence
        if grown or (connection.execute(named).first() is None) != (decision.identity is None):
            raise ChangedError(
                "something was recorded about this decision at the same moment; read its history,"
                " then decide again"
            )

    return guard
