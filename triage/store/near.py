"""Entries as they stand in the database, sound or not: what somebody looks at who found damage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Row, select

from triage.store.database import Database
from triage.store.entries import columns
from triage.store.merkle import HASH_BYTES, leaf_hash
from triage.store.tables import ENTRIES

REPEATED = ("sequence", "id", "kind", "at", "about", "route", "urgency", "source", "ods_code")
"""The columns that repeat what an entry says, so that it is found."""


@dataclass(frozen=True, slots=True)
class Otherwise:
    """A thing that is one in the entry itself, and another in the column that should repeat it."""

    name: str
    kept: str
    said: str


@dataclass(frozen=True, slots=True)
class Near:
    """An entry by its columns, and whether it is what stands beside it.

    ``hash_fits``: it has the hash that is kept beside it. ``otherwise`` is what the columns say
    otherwise than the entry, and None where the entry cannot be read at all.
    """

    sequence: int
    id: str
    kind: str
    at: str
    about: str | None
    hash_fits: bool
    otherwise: tuple[Otherwise, ...] | None

    @property
    def is_sound(self) -> bool:
        """Is nothing wrong with it that can be seen by looking at it alone?"""
        return self.hash_fits and self.otherwise == ()


def entries_near(database: Database, sequence: int, reach: int) -> tuple[Near, ...]:
    """The entries from so many before one to so many after it, in their order.

    Those that are missing are left out. Raises ``LogUnavailableError``.
    """
    between = ENTRIES.c.sequence.between(sequence - reach, sequence + reach)
    with database.read() as connection:
        rows = connection.execute(select(ENTRIES).where(between).order_by(ENTRIES.c.sequence)).all()
    return tuple(map(_near, rows))


def _near(row: Row[Any]) -> Near:
    try:
        hash_fits = row.hashes[:HASH_BYTES] == leaf_hash(row.leaf)
        otherwise = tuple(_otherwise(row._asdict(), columns(orjson.loads(row.leaf))))
    except (TypeError, ValueError, LookupError, AttributeError):  # SQLite keeps whatever it gets
        hash_fits, otherwise = False, None
    about = None if row.about is None else str(row.about)
    return Near(row.sequence, str(row.id), str(row.kind), str(row.at), about, hash_fits, otherwise)


def _otherwise(kept: Mapping[Any, Any], said: Mapping[str, Any]) -> Iterator[Otherwise]:
    for name in REPEATED:
        if kept[name] != said[name]:
            yield Otherwise(name, str(kept[name]), str(said[name]))
