"""What each rulebook decided: how many decisions, the first of them and the last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from triage.store.database import Database
from triage.store.tables import ENTRIES, IS_DECISION


@dataclass(frozen=True, slots=True)
class Use:
    """How many decisions a rulebook made, and when the first and the last (as entries have it)."""

    decisions: int
    first_at: str
    last_at: str


def first_decided_at(database: Database, digest: str) -> str | None:
    """When a rulebook made its first decision; None where it made none. Raises as ``read``."""
    of_rulebook = select(ENTRIES.c.at).where(IS_DECISION, ENTRIES.c.rulebook == digest)
    with database.read() as connection:
        return connection.execute(of_rulebook.order_by(ENTRIES.c.sequence).limit(1)).scalar()


def uses_of(database: Database) -> Mapping[str, Use]:
    """What every rulebook decided that ever did, by its digest. Raises as ``read``."""
    spans = (
        select(
            ENTRIES.c.rulebook,
            func.count().label("decisions"),
            func.min(ENTRIES.c.sequence).label("first"),
            func.max(ENTRIES.c.sequence).label("last"),
        )
        .where(IS_DECISION)
        .group_by(ENTRIES.c.rulebook)
        .subquery()
    )
    first, last = ENTRIES.alias("first_entry"), ENTRIES.alias("last_entry")
    wanted = (
        select(spans.c.rulebook, spans.c.decisions, first.c.at, last.c.at.label("last_at"))
        .join(first, first.c.sequence == spans.c.first)
        .join(last, last.c.sequence == spans.c.last)
    )
    with database.read() as connection:
        rows = connection.execute(wanted).all()
    return {row.rulebook: Use(row.decisions, row.at, row.last_at) for row in rows}
