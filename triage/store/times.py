"""Where in the log lies what was recorded between two times? Clocks may have been put back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, true

from triage.domain.search import Search, logged
from triage.store.tables import ENTRIES, SPAN, SPANS

Condition = ColumnElement[bool]

Stretch = tuple[int, int]
"""Entries of the log, by the numbers of the first and the last."""

FIRST_OF_ALL, LAST_OF_ALL = "0000", "9999"
"""Texts before and after every time that an entry may have."""

NO_END = 2**53
"""A number beyond that of any entry."""

EVERYTHING: Stretch = (1, NO_END)
NOTHING: Stretch = (1, 0)


@dataclass(frozen=True, slots=True)
class Times:
    """From when on, and before when, entries are looked for.

    No entry of these times lies outside of ``stretches``, which are in order; and every entry of
    the stretch that is ``sure`` is of these times.
    """

    earliest: str = FIRST_OF_ALL
    before: str = LAST_OF_ALL
    stretches: tuple[Stretch, ...] = (EVERYTHING,)
    sure: Stretch = EVERYTHING

    def between(self, low: int, high: int) -> Iterator[Stretch]:
        """The stretches as far as they lie between two entries, which count as well."""
        for first, last in self.stretches:
            if max(first, low) <= min(last, high):
                yield max(first, low), min(last, high)

    def hold(self, sequence: ColumnElement[int]) -> Condition:
        """Is the entry of a number of these times?"""
        if self.sure == EVERYTHING:
            return true()
        entry = ENTRIES.alias()
        fits = and_(entry.c.at >= self.earliest, entry.c.at < self.before)
        looked_up = select(entry.c.sequence).where(entry.c.sequence == sequence, fits).exists()
        return or_(sequence.between(*self.sure), looked_up)


def times_of(connection: Connection, search: Search) -> Times:
    """The times of a search, looked up in the spans that the database notes."""
    if search.earliest is None and search.before is None:
        return Times()
    earliest = logged(search.earliest) if search.earliest else FIRST_OF_ALL
    before = logged(search.before) if search.before else LAST_OF_ALL
    last = SPANS.c["last"]
    touched = and_(SPANS.c.latest >= earliest, SPANS.c.earliest < before)
    inside = and_(SPANS.c.earliest >= earliest, SPANS.c.latest < before)
    bounds = select(
        func.min(last).filter(touched),
        func.max(last).filter(touched),
        func.min(last).filter(inside),
        func.max(last).filter(inside),
        func.count().filter(inside),
        func.max(last),
    )
    low, high, first, end, sure, newest = connection.execute(bounds).one()
    stretches = [(low - SPAN + 1, high)] if low else []
    stretches.append(((newest or 0) + 1, NO_END))  # these have no span yet
    without_a_gap = sure and end - first == (sure - 1) * SPAN
    return Times(
        earliest,
        before,
        tuple(stretches),
        (first - SPAN + 1, end) if without_a_gap else NOTHING,
    )
