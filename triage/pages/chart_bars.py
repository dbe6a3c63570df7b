"""Bars that lie, each below its words: whole, two beside one another, or in parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from triage.pages.chart_inks import ink_of
from triage.pages.chart_marks import (
    BAR,
    GAP,
    LINE,
    RING,
    WIDTH,
    Box,
    Mark,
    Ring,
    Words,
    end,
    few,
    key,
    lines,
    number,
    told_in,
)
from triage.reporting import Sheet, Withheld
from triage.reporting.sheets import Row
from triage.reporting.suppression import Cell

MOST = 20
"""How many rows are drawn; the table holds all."""

FOR_NUMBERS = 60
"""How much room is left for a number beside the longest bar."""

DIGIT = 8
"""How wide a digit is, at the most."""

Lay = Callable[[Sheet, Row, float], Iterator[Mark]]
"""Lays out one row from ``y`` on."""


def bars(sheet: Sheet) -> list[Mark]:
    """A bar for each row, with its number."""
    return _laid(sheet, _beside)


def pairs(sheet: Sheet) -> list[Mark]:
    """A bar for each row, and below it a second one where that differs."""
    marks = _laid(sheet, _beside)
    return [*marks, *key(sheet, end(marks) + LINE)]


def parts(sheet: Sheet) -> list[Mark]:
    """A bar in parts for each row, with the number that its parts add up to."""
    marks = _laid(sheet, _parts)
    return [*marks, *key(sheet, end(marks) + LINE)]


def _laid(sheet: Sheet, lay: Lay) -> list[Mark]:
    marks: list[Mark] = []
    for row in sheet.rows[:MOST]:
        words = [*lines(str(row[0]), end(marks) + LINE / 3)]
        marks += words
        marks += lay(sheet, row, end(words) + 2)
    more = len(sheet.rows) - MOST
    return (
        [*marks, *lines(f"{more} more stand in the table.", end(marks) + LINE)]
        if more > 0
        else marks
    )


def _beside(sheet: Sheet, row: Row, y: float) -> Iterator[Mark]:
    """A bar for each number; another than the first only where it differs."""
    most = max(number(one[column]) for one in sheet.rows for column in sheet.series)
    first = row[sheet.series[0]]
    for place, column in enumerate(sheet.series):
        if place == 0 or row[column] != first:
            yield from _whole(row[column], most, ink_of(place), y)
            y += BAR + GAP


def _whole(cell: Cell, most: int, ink: int, y: float) -> Iterator[Mark]:
    width = _width(number(cell), most)
    if width:
        yield Box(0, y, width, BAR, ink)
    yield from _told(cell, width, y)


def _parts(sheet: Sheet, row: Row, y: float) -> Iterator[Mark]:
    most = max(told_in(sheet, one) for one in sheet.rows)
    x = 0.0
    for place, column in enumerate(sheet.series):
        width = _width(number(row[column]), most)
        if width:
            yield Box(x, y, max(width - GAP, GAP), BAR, ink_of(place))
            x += width
    told = told_in(sheet, row)
    yield from _told(told or f"{Withheld.FEW} in each part", x, y)
    if told and any(few(row[column]) for column in sheet.series):
        yield Ring(x + 12 + DIGIT * len(f"{told:,}"), y + BAR / 2)


def _told(cell: Cell, x: float, y: float) -> Iterator[Mark]:
    """A number at the end of its bar; or the ring for one that is not told, and why."""
    if isinstance(cell, int):
        yield Words(x + 5, y + BAR - 2, f"{cell:,}")
        return
    yield Ring(RING + 1, y + BAR / 2)
    yield Words(2 * RING + 7, y + BAR - 2, str(cell))


def _width(count: int, most: int) -> float:
    return (WIDTH - FOR_NUMBERS) * count / most if most else 0
