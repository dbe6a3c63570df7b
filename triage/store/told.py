"""Who was told of what was decided: the deliveries of a few entries, whatever became of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from triage.store.database import Database
from triage.store.passing_tables import OUTBOX


@dataclass(frozen=True, slots=True)
class Told:
    """That somebody is told of an entry, through which channel, and how far that has come.

    ``delivered_at`` is None until it was delivered.
    """

    sequence: int
    channel: str
    state: str
    delivered_at: str | None


def told_of(database: Database, sequences: Sequence[int]) -> tuple[Told, ...]:
    """The deliveries of entries, in their order. Raises ``LogUnavailableError``."""
    columns = (OUTBOX.c.sequence, OUTBOX.c.channel, OUTBOX.c.state, OUTBOX.c.delivered_at)
    wanted = select(*columns).where(OUTBOX.c.sequence.in_(sequences))
    ordered = wanted.order_by(OUTBOX.c.sequence, OUTBOX.c.channel)
    with database.read() as connection:
        return tuple(Told(*row) for row in connection.execute(ordered))
