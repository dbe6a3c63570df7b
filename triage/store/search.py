"""Finds decisions in the log, a page at a time, and each page in a bounded time.

Every filter is a list of decisions in the order of the log, which an index gives: those of a route,
those in which a rule fired, those of a person. ``walk`` says how they are read together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, select

from triage.domain.search import Search
from triage.store.entries import Entry, Kind
from triage.store.listed import is_overridden, numbers_of
from triage.store.log import DecisionLog
from triage.store.tables import ENTRIES
from triage.store.tree import size_of
from triage.store.walk import Walk, beyond

MOST_COUNTED = 1000
"""Up to how many decisions are counted."""

AT_ONCE = 200
"""How many decisions are held in memory where all that a search finds are read."""


@dataclass(frozen=True, slots=True)
class Found:
    """A decision that was found. ``overridden``: an override of it came into force."""

    entry: Entry
    overridden: bool


@dataclass(frozen=True, slots=True)
class Way:
    """Which way to go through the log: after one entry, and before another, unless from its end."""

    newest_first: bool = True
    after: int | None = None
    before: int | None = None


NEWEST_FIRST = Way()


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the decisions that a search finds, in their order.

    ``after`` is the number of the entry up to which was looked; None where that is the end.
    """

    found: Sequence[Found]
    after: int | None


@dataclass(frozen=True, slots=True)
class Count:
    """How many decisions a search finds. ``exact``: no more than these."""

    at_least: int
    exact: bool


def find(log: DecisionLog, search: Search, most: int, way: Way = NEWEST_FIRST) -> Page:
    """Up to so many decisions that a search finds, the next ones on a way through the log.

    A page may hold fewer, even none, and yet not be the last, where much had to be looked through.
    Raises ``LogUnavailableError``.
    """
    with log.database.read() as connection:
        newest, after = way.newest_first, way.after
        low, high = 1, size_of(connection) if way.before is None else way.before - 1
        if after is not None:
            low, high = beyond(after, low, high, newest=newest)
        walk = Walk(connection, search, _person(log, search), newest=newest)
        numbers, place = walk.through(low, high, most + 1)
        if len(numbers) > most:
            numbers, place = numbers[:most], numbers[most - 1]
        return Page(_read(connection, numbers), place)


def count(log: DecisionLog, search: Search) -> Count:
    """How many decisions a search finds, up to a thousand. Raises ``LogUnavailableError``."""
    with log.database.read() as connection:
        walk = Walk(connection, search, _person(log, search), newest=True)
        numbers, place = walk.through(1, size_of(connection), MOST_COUNTED + 1)
        found = len(numbers)
        return Count(min(found, MOST_COUNTED), exact=found <= MOST_COUNTED and place is None)


def find_all(log: DecisionLog, search: Search, before: int) -> Iterator[Page]:
    """All decisions that a search finds before an entry of the log, the oldest first, in pages.

    Each page is read by itself when it is asked for: who takes their time holds up nobody. Raises
    ``LogUnavailableError``.
    """
    place: int | None = 0
    while place is not None:
        page = find(log, search, AT_ONCE, Way(newest_first=False, after=place, before=before))
        yield page
        place = page.after


def last_entry(log: DecisionLog) -> int:
    """The number of the last entry there is, 0 where there is none. Raises as ``find``."""
    with log.database.read() as connection:
        return size_of(connection)


def ever(log: DecisionLog, name: str, values: Sequence[str]) -> set[str]:
    """Which of these routes, urgencies or sources any decision has; or rules that ever fired.

    ``name`` is the column, or "rule". Raises ``LogUnavailableError``.
    """
    with log.database.read() as connection:
        if name == "rule":
            return set(numbers_of(connection, values))
        return {value for value in values if connection.execute(_any(name, value)).first()}


def _person(log: DecisionLog, search: Search) -> bytes | None:
    return log.person_key.hash(search.nhs_number) if search.nhs_number else None


def _any(name: str, value: str) -> Select[Any]:
    column, is_decision = ENTRIES.c[name], ENTRIES.c.kind == Kind.DECISION
    return select(ENTRIES.c.sequence).where(is_decision, column == value).limit(1)


def _read(connection: Connection, numbers: Sequence[int]) -> list[Found]:
    """The decisions of these numbers, in their order."""
    entry = ENTRIES.c
    low, high = min(numbers, default=0), max(numbers, default=0)
    overridden = is_overridden().holds(entry.sequence, low, high)
    wanted = select(entry.sequence, entry.id, entry.at, entry.leaf, overridden.label("overridden"))
    rows = {
        row.sequence: Found(
            Entry(row.sequence, row.id, row.at, bytes(row.leaf)), bool(row.overridden)
        )
        for row in connection.execute(wanted.where(entry.sequence.in_(numbers)))
    }
    return [rows[number] for number in numbers]
