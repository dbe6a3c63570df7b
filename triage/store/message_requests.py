"""By which service request of a sender a decision was made, so that its next message finds it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Connection

from triage.store.database import Database
from triage.store.rows import ask

MOST_NAMES = 8
"""By how many names of a service request it is looked for."""


def newest(where: Database | Connection, keys: Sequence[bytes]) -> str | None:
    """The id of the newest decision on a service request; None where there is none.

    ``keys`` are keyed hashes of whose it is and of each of its names, the first few of which count.
    A connection is that of a guard, which sees what was recorded until now and lets nobody record
    more. Raises ``LogUnavailableError``.
    """
    if isinstance(where, Database):
        with where.read() as connection:
            return newest(connection, keys)
    chosen = tuple(keys[:MOST_NAMES])
    if not chosen:
        return None
    (found,) = ask(where, (_newest(len(chosen)), chosen))
    return str(found[0][0]) if found else None


@cache
def _newest(count: int) -> str:
    """The statement for so many keys."""
    marks = ", ".join("?" * count)
    return (
        "SELECT entries.id FROM message_requests JOIN entries USING (sequence)"  # noqa: S608 (our names)
        f" WHERE message_requests.key IN ({marks}) ORDER BY sequence DESC LIMIT 1"
    )
