"""What the log keeps beside its entries: every key that signed it, every rulebook that decided."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from triage.store.database import Database
from triage.store.tables import RULEBOOKS, SIGNING_KEYS


@dataclass(frozen=True, slots=True)
class KeptKey:
    """A key as it is published, and the size of the log from which on it signs."""

    key_id: str
    vkey: str
    from_size: int


@dataclass(frozen=True, slots=True)
class KeptRulebook:
    """A rulebook by its names, and when it first decided (a time as entries have it)."""

    digest: str
    id: str
    version: str
    first_used_at: str


def keys_of(database: Database) -> tuple[KeptKey, ...]:
    """Every key that signs or signed the log, the first one first. Raises as ``read``."""
    wanted = select(SIGNING_KEYS).order_by(SIGNING_KEYS.c.from_size, SIGNING_KEYS.c.key_id)
    with database.read() as connection:
        rows = connection.execute(wanted).all()
    return tuple(KeptKey(row.key_id, row.vkey, row.from_size) for row in rows)


def rulebooks_of(database: Database) -> tuple[KeptRulebook, ...]:
    """Every rulebook that ever decided, the last that began to first. Raises as ``read``."""
    named = (RULEBOOKS.c.digest, RULEBOOKS.c.id, RULEBOOKS.c.version, RULEBOOKS.c.first_used_at)
    newest_first = (RULEBOOKS.c.first_used_at.desc(), RULEBOOKS.c.digest)
    with database.read() as connection:
        rows = connection.execute(select(*named).order_by(*newest_first)).all()
    return tuple(KeptRulebook(*row) for row in rows)
