"""Recorded referrals as they stand, one after another, for whoever counts them.

When a referral was received stands in its entry alone, so every entry that may be of the time is
read; a part of the log at a time, so that whoever takes their time holds nobody up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import chain
from typing import Any

import orjson
from sqlalchemy import Connection, Row, Select, and_, case, select

from triage.domain.overriding import Chain
from triage.domain.search import Search
from triage.errors import LogError
from triage.store.chains import CHAIN
from triage.store.database import Database
from triage.store.entries import Kind, rules_fired
from triage.store.tables import ENTRIES, IDENTITIES
from triage.store.times import Stretch, times_of
from triage.store.tree import size_of

ENTRIES_AT_ONCE = 1000
"""How many entries are read in one go."""

Progress = Callable[[int, int], object]
"""Told how many entries are read, of how many."""


class LeftOut(StrEnum):
    """Why a referral does not count: it was taken back, or another took its place."""

    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class Receipts:
    """From when on, and before when, referrals were received. All carry their time zones.

    None of them was recorded before ``recorded_from``.
    """

    earliest: datetime
    before: datetime
    recorded_from: datetime


@dataclass(frozen=True, slots=True)
class Received:
    """A recorded referral: what is counted of it. ``chain`` is its decision and the overrides.

    ``rules`` fired in the decision. ``ethnic_category`` is None as well where the person was
    erased.
    """

    received_at: datetime
    source: str | None
    ods_code: str | None
    self_referred: bool | None
    age: int | None
    ethnic_category: str | None
    rules: tuple[str, ...]
    chain: Chain
    left_out: LeftOut | None


def received(database: Database, receipts: Receipts, progress: Progress) -> Iterator[Received]:
    """The referrals received in a time, in the order of the log, as they stand now.

    What is recorded meanwhile is left out. Raises ``LogUnavailableError``, and ``LogError`` where
    an entry cannot be read.
    """
    with database.read() as connection:
        size = size_of(connection)
        times = times_of(connection, Search(earliest=receipts.recorded_from))
    stretches = list(times.between(1, size))
    total, done = sum(last - first + 1 for first, last in stretches), 0
    for first, last in chain.from_iterable(map(_parts, stretches)):
        with database.read() as connection:
            found = _in_part(connection, receipts, (first, last), size)
        yield from found
        done += last - first + 1
        progress(done, total)


def _parts(stretch: Stretch) -> Iterator[Stretch]:
    first, last = stretch
    for begin in range(first, last + 1, ENTRIES_AT_ONCE):
        yield begin, min(begin + ENTRIES_AT_ONCE - 1, last)


def _in_part(
    connection: Connection, receipts: Receipts, part: Stretch, size: int
) -> list[Received]:
    """The referrals in one part of a log of that size."""
    rows = [(row, *_read(row)) for row in connection.execute(_decisions(part))]
    theirs = [one for one in rows if receipts.earliest <= one[2] < receipts.before]
    later = _later(connection, [row.id for row, _, _ in theirs], size)
    return [_received(row, entry, at, later[row.id]) for row, entry, at in theirs]


def _decisions(part: Stretch) -> Select[Any]:
    """The decisions in one part of the log, each with the ethnic category in its identity."""
    entry, identity = ENTRIES.c, IDENTITIES.c
    theirs = and_(identity.sequence == entry.sequence, identity.sequence.between(*part))
    wanted = select(entry.sequence, entry.id, entry.leaf, identity.ethnic_category)
    found = wanted.select_from(ENTRIES).outerjoin(IDENTITIES, theirs)
    are_of_part = and_(entry.kind == Kind.DECISION, entry.sequence.between(*part))
    return found.where(are_of_part).order_by(entry.sequence)


def _read(row: Row[Any]) -> tuple[Mapping[str, Any], datetime]:
    """What an entry says, and when the referral in it was received."""
    with _readable(row.sequence):
        entry = orjson.loads(row.leaf)
        return entry, datetime.fromisoformat(entry["referral"]["received_at"])


def _later(
    connection: Connection, ids: Sequence[str], size: int
) -> Mapping[str, Sequence[Row[Any]]]:
    """For each of these decisions what was recorded about it later, in its order."""
    about, found = ENTRIES.c.about, defaultdict[str, list[Row[Any]]](list)
    wanted = _LATER.where(about.in_(ids), ENTRIES.c.sequence <= size)
    for row in connection.execute(wanted.order_by(ENTRIES.c.sequence)) if ids else ():
        found[row.about].append(row)
    return found


def _received(
    row: Row[Any], entry: Mapping[str, Any], at: datetime, later: Sequence[Row[Any]]
) -> Received:
    with _readable(row.sequence):
        referral = entry["referral"]
        return Received(
            received_at=at,
            source=referral["source"],
            ods_code=referral["ods_code"],
            self_referred=referral["self_referred"],
            age=referral["patient"]["age"],
            ethnic_category=row.ethnic_category,
            rules=tuple(rules_fired(entry)),
            chain=_chain(entry, later),
            left_out=_left_out({one.kind for one in later}),
        )


def _chain(entry: Mapping[str, Any], later: Sequence[Row[Any]]) -> Chain:
    found = Chain.begun_by(entry)
    for row in later:
        if row.kind in CHAIN:
            with _readable(row.sequence):
                found = found.after(orjson.loads(row.leaf))
    return found


def _left_out(kinds: set[str]) -> LeftOut | None:
    if Kind.CANCELLATION in kinds:
        return LeftOut.CANCELLED
    return LeftOut.SUPERSEDED if Kind.DECISION in kinds else None


@contextmanager
def _readable(sequence: int) -> Iterator[None]:
    """Says which entry it was that could not be read."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        problem = f"entry {sequence} cannot be read as the log writes it"
        raise LogError(f"{problem}; run: triage log verify") from error


_LATER: Select[Any] = select(
    ENTRIES.c.sequence,
    ENTRIES.c.about,
    ENTRIES.c.kind,
    case((ENTRIES.c.kind.in_(CHAIN), ENTRIES.c.leaf)).label("leaf"),
).where(ENTRIES.c.kind.in_((*CHAIN, Kind.CANCELLATION, Kind.DECISION)))
"""What says how a referral stands; the entry itself only where more than its kind is needed."""
