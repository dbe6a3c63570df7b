"""Finds recorded decisions for a page that somebody turns back and forth, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from triage.domain.search import Search
from triage.searching.listing import listed
from triage.store.log import DecisionLog
from triage.store.search import Found, Way, count, find
from triage.web.audit.titles import Titles, moment_short

AT_ONCE = 25
"""How many decisions a page shows."""

TURNS = 20
"""How often it is looked further for one page, before the page is given as it is."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: before an entry, after an entry, or with the newest."""

    before: int | None = None
    after: int | None = None


NEWEST = Place()


@dataclass(frozen=True, slots=True)
class Turned:
    """The decisions of a page, and between which entries others lie.

    ``older`` is the entry before which it goes on, ``newer`` the one after which; None where it
    does not. ``looked_to``: nothing was found as yet up to this entry, and there is more to look
    through.
    """

    found: Sequence[Found]
    older: int | None
    newer: int | None
    looked_to: int | None = None


def turned_to(log: DecisionLog, search: Search, place: Place, most: int = AT_ONCE) -> Turned:
    """The decisions of one page. Raises ``LogUnavailableError``."""
    if place.after is not None:
        found, further = _collected(log, search, Way(newest_first=False, after=place.after), most)
        if found and further is not None:
            newest_first = found[::-1]
            return Turned(newest_first, _number(newest_first[-1]), _number(newest_first[0]))
        place = NEWEST  # that was the last page on the way to the newest
    found, older = _collected(log, search, Way(after=place.before), most)
    newer = None
    if place.before is not None:
        newer = _number(found[0]) if found else place.before - 1
    return Turned(found, older, newer, looked_to=None if found else older)


def _number(found: Found) -> int:
    return found.entry.sequence


def _collected(
    log: DecisionLog, search: Search, way: Way, most: int
) -> tuple[list[Found], int | None]:
    """Decisions on a way through the log, and the entry at which it goes on."""
    kept: list[Found] = []
    for _ in range(TURNS):
        page = find(log, search, most - len(kept), way)
        kept += page.found
        if page.after is None or len(kept) == most:
            return kept, page.after
        way = replace(way, after=page.after)
    return kept, way.after


@dataclass(frozen=True, slots=True)
class Row:
    """A decision as a row of a table. ``damage``: its entry cannot be read as a decision."""

    id: str
    sequence: int
    at: str
    route: str = ""
    urgency: str = ""
    source: str = ""
    practice: str = ""
    age: str = ""
    marks: tuple[str, ...] = ()
    damage: bool = False


def row_of(found: Found, titles: Titles) -> Row:
    """A decision that was found, in words; nothing of it names the person."""
    entry = found.entry
    try:
        told = listed(found)
        marks = {"Overridden": told["overridden"], "Booking held": told["booking_held"]}
        return Row(
            id=entry.id,
            sequence=entry.sequence,
            at=moment_short(entry.at),
            route=titles.route(told["route"]),
            urgency=titles.urgency(told["urgency"]),
            source=titles.source(told["source"]),
            practice=told["ods_code"] or "none",
            age=told["age_band"] or "not known",
            marks=tuple(mark for mark, holds in marks.items() if holds),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return Row(entry.id, entry.sequence, moment_short(str(entry.at)), damage=True)


def count_words(log: DecisionLog, search: Search) -> str:
    """How many decisions a search finds, in words. Raises ``LogUnavailableError``."""
    counted = count(log, search)
    if not counted.exact:
        return f"At least {counted.at_least:,} decisions" if counted.at_least else "Many decisions"
    return "1 decision" if counted.at_least == 1 else f"{counted.at_least:,} decisions"


def ends_of(log: DecisionLog, search: Search) -> tuple[int, int] | None:
    """The first and the last entry that a search finds. Raises ``LogUnavailableError``."""
    oldest = _first_on(log, search, Way(newest_first=False))
    newest = _first_on(log, search, Way())
    return (oldest, newest) if oldest is not None and newest is not None else None


def _first_on(log: DecisionLog, search: Search, way: Way) -> int | None:
    while True:
        page = find(log, search, 1, way)
        if page.found:
            return _number(page.found[0])
        if page.after is None:
            return None
        way = replace(way, after=page.after)
