"""Finds decisions in the log, a page at a time, and each page in a bounded time.

Every filter is a list of decisions in the order of the log, which an index gives: those of a route,
those in which a rule fired, those of a person. Of these lists the one that is shortest hereabouts
is walked, and each decision on it is looked up in the others. Which list that is, is asked again
after some steps: what is rare this year may have been common last year.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from time import perf_counter
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, not_, select, text

from triage.domain.search import Search
from triage.store.entries import Entry, Kind
from triage.store.listed import is_overridden, lists_of, numbers_of
from triage.store.log import DecisionLog
from triage.store.tables import ENTRIES
from triage.store.times import times_of
from triage.store.tree import size_of

FIRST_STEP, LONGEST_STEP = 256, 2048
"""How far a list is walked before it is asked again which is shortest."""

TWO = 2
"""So many lists PostgreSQL may read side by side."""

LEAST_SHARE = 32
"""How far each list is walked at least where one filter has many."""

SECONDS = 0.025
"""How long decisions are looked for, before it is told how far that got."""

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
            low, high = _beyond(after, low, high, newest=newest)
        numbers, place = _Walk(connection, log, search, newest=newest).through(low, high, most + 1)
        if len(numbers) > most:
            numbers, place = numbers[:most], numbers[most - 1]
        return Page(_read(connection, numbers), place)


def count(log: DecisionLog, search: Search) -> Count:
    """How many decisions a search finds, up to a thousand. Raises ``LogUnavailableError``."""
    with log.database.read() as connection:
        walk = _Walk(connection, log, search, newest=True)
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


class _Walk:
    """A walk through the log for one search, within one transaction."""

    def __init__(
        self, connection: Connection, log: DecisionLog, search: Search, *, newest: bool
    ) -> None:
        number = search.nhs_number
        person = log.person_key.hash(number) if number else None
        self._connection, self._newest = connection, newest
        self._lists = lists_of(connection, search, person)
        self._times = times_of(connection, search)
        self._overridden = search.overridden
        self._until = perf_counter() + SECONDS
        if connection.dialect.name == "postgresql":
            merges = "on" if len(self._lists) == TWO else "off"
            connection.execute(_PLAIN_PLANS, {"merges": merges})

    def through(self, low: int, high: int, most: int) -> tuple[list[int], int | None]:
        """The numbers of up to ``most`` decisions between two entries, and how far it got.

        None where it got to the end.
        """
        found: list[int] = []
        step, place = FIRST_STEP, None
        stretches = list(self._times.between(low, high))
        for stretch in reversed(stretches) if self._newest else stretches:
            low, high = stretch
            while low <= high:
                if place and (len(found) == most or perf_counter() > self._until):
                    return found, place
                place = self._sort_lists(low, high, step)
                here = (place, high) if self._newest else (low, place)
                found += self._fitting(*here, most - len(found))
                low, high = _beyond(place, low, high, newest=self._newest)
                step = min(2 * step, LONGEST_STEP)
        return found, None

    def _sort_lists(self, low: int, high: int, step: int) -> int:
        """Put the list first on which the next ``step`` decisions reach farthest; how far that is.

        Where one filter has several lists, each is given its share of the steps.
        """
        nearest, end = (max, low) if self._newest else (min, high)
        reaches = iter(self._reaches(low, high, step))
        far = [
            nearest([end if place is None else place for place in islice(reaches, len(one.each))])
            for one in self._lists
        ]
        order = sorted(range(len(far)), key=far.__getitem__, reverse=not self._newest)
        self._lists = [self._lists[number] for number in order]
        return far[order[0]]

    def _reaches(self, low: int, high: int, step: int) -> Sequence[int | None]:
        """How far such a number of steps reaches on each list; None where a list ends before."""
        wanted = [
            self._part(one, low, high, each.sequence)
            .offset(max(step // len(each.each), LEAST_SHARE) - 1)
            .limit(1)
            .scalar_subquery()
            for each in self._lists
            for one in each.lists()
        ]
        return tuple(self._connection.execute(select(*wanted)).one())

    def _fitting(self, low: int, high: int, most: int) -> list[int]:
        """The decisions on the first list that are on all the others, and pass what is no list."""
        walked, *others = self._lists
        sequence = walked.sequence
        wanted = self._part(walked.joined(), low, high, sequence).limit(most)
        for one in others:
            wanted = wanted.where(one.holds(sequence, low, high))
        if self._overridden is False:
            wanted = wanted.where(not_(is_overridden().holds(sequence, low, high)))
        wanted = wanted.where(self._times.hold(sequence))
        return list(self._connection.execute(wanted).scalars())

    def _part(
        self, one: Select[Any], low: int, high: int, sequence: ColumnElement[int]
    ) -> Select[Any]:
        order = sequence.desc() if self._newest else sequence
        return one.where(sequence.between(low, high)).order_by(order)


def _beyond(place: int, low: int, high: int, *, newest: bool) -> tuple[int, int]:
    """What is left of a stretch after an entry in it."""
    return (low, min(high, place - 1)) if newest else (max(low, place + 1), high)


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


_PLAIN_PLANS = text(
    "SELECT set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),"
    " set_config('enable_mergejoin', :merges, true), set_config('join_collapse_limit', '1', true),"
    " set_config('jit', 'off', true)"
)
"""Lets PostgreSQL walk and look up as it is told, whatever it believes how much there is to read.

Two lists it may also read side by side, which is faster where both are long. Several it would put
in an order of its own, and take longer over that than the reading takes.
"""
