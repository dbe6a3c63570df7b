"""The chain of a decision in the log: the overrides of it, and what became of them."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from triage.errors import ChangedError
from triage.store.entries import Guard, Kind
from triage.store.tables import ENTRIES

CHAIN = (Kind.OVERRIDE, Kind.OVERRIDE_CONFIRMATION, Kind.OVERRIDE_WITHDRAWAL)
"""The kinds of entries that a chain is made of."""


def unless_grown(decision_id: str, sequence: int) -> Guard:
    """Lets an entry pass only while the newest of the chain is the one of that number.

    0 stands for a chain without an entry. The guard raises ``ChangedError``.
    """
    newest = select(func.max(ENTRIES.c.sequence)).where(
        ENTRIES.c.about == decision_id, ENTRIES.c.kind.in_(CHAIN)
    )

    def guard(connection: Connection) -> None:
        if (connection.execute(newest).scalar() or 0) != sequence:
            raise ChangedError(
                "somebody else overrode this decision at the same moment; read its history, then"
                " decide again"
            )

    return guard
