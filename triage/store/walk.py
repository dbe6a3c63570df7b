"""A walk through the log along the lists that the filters of a search stand for.

Of these lists the one that is shortest hereabouts is walked, and each decision on it is looked up
in the others. Which list that is, is asked again after some steps: what is rare this year may have
been common last year.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from time import perf_counter
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, not_, select, text

from triage.domain.search import Search
from triage.store.listed import is_overridden, lists_of
from triage.store.times import times_of

FIRST_STEP, LONGEST_STEP = 256, 2048
"""How far a list is walked before it is asked again which is shortest."""

TWO = 2
"""So many lists PostgreSQL may read side by side."""

LEAST_SHARE = 32
"""How far each list is walked at least where one filter has many."""

SECONDS = 0.025
"""How long decisions are looked for, before it is told how far that got."""

PLAIN_PLANS = text(
    "SELECT set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),"
    " set_config('enable_mergejoin', :merges, true), set_config('join_collapse_limit', '1', true),"
    " set_config('jit', 'off', true)"
)
"""Lets PostgreSQL walk and look up as it is told, whatever it believes how much there is to read.

Two lists it may also read side by side, which is faster where both are long. Several it would put
in an order of its own, and take longer over that than the reading takes.
"""


class Walk:
    """One walk, within one transaction. ``person`` is the keyed hash of whom the search names."""

    def __init__(
        self, connection: Connection, search: Search, person: bytes | None, *, newest: bool
    ) -> None:
        self._connection, self._newest = connection, newest
        self._lists = lists_of(connection, search, person)
        self._times = times_of(connection, search)
        self._overridden = search.overridden
        self._until = perf_counter() + SECONDS
        if connection.dialect.name == "postgresql":
            merges = "on" if len(self._lists) == TWO else "off"
            connection.execute(PLAIN_PLANS, {"merges": merges})

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
                low, high = beyond(place, low, high, newest=self._newest)
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
            .offset(max(step // len(each.each), min(step, LEAST_SHARE)) - 1)
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


def beyond(place: int, low: int, high: int, *, newest: bool) -> tuple[int, int]:
    """What is left of a stretch after an entry in it."""
    return (low, min(high, place - 1)) if newest else (max(low, place + 1), high)
