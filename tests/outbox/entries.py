"""Entries of which somebody is to be told, as small as can be."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from triage.domain.caller import Caller, Role
from triage.store.database import Database
from triage.store.entries import Entry, Kind, NewEntry
from triage.store.log import DecisionLog

GP = Caller(Role.GP_SYSTEM, "a-practice", "a-gp-system", "an-issuer")


def to_tell(urgency: str = "routine", *channels: str, **more: Any) -> NewEntry:
    """An override in force, of which somebody is to be told: by letter unless it is said."""
    parts = {"route": "cmht", "urgency": urgency, "reason": "clinical_judgement"}
    return NewEntry(Kind.OVERRIDE, GP, parts, deliveries=channels or ("letter",), **more)


def told_of(log: DecisionLog, *urgencies: str) -> list[Entry]:
    """Such entries of these urgencies, recorded one after the other."""
    return [log.append(to_tell(urgency)) for urgency in urgencies]


def rows(database: Database, columns: str = "*") -> list[Any]:
    """The rows of the outbox, in the order of the log."""
    wanted = text(f"SELECT {columns} FROM outbox ORDER BY sequence, channel")  # noqa: S608
    with database.read() as connection:
        return list(connection.execute(wanted))
