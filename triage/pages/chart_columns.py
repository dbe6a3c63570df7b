"""Columns that stand beside one another, one for each week, in parts from below."""

from __future__ import annotations

from collections.abc import Iterator

from triage.pages.chart_inks import ink_of
from triage.pages.chart_marks import (
    GAP,
    LINE,
    RING,
    WIDTH,
    Box,
    Mark,
    Ring,
    Rule,
    Words,
    end,
    few,
    key,
    number,
    told_in,
)
from triage.reporting import Sheet

LEFT, TOP, HEIGHT = 42, 14, 180
"""Where the columns begin, and how high the tallest may be."""

NAMED = 4
"""How many columns have their words below them, at most."""

WORDS_WIDE = 60
"""How wide the words below a column are, at most."""

SHORT = 3
"""To how many letters the name of a month is cut."""

ROUND = (1, 2, 5)
"""A scale ends at one of these, with noughts behind it."""


def columns(sheet: Sheet) -> list[Mark]:
    """A column in parts for each row."""
    top = _scale(max(told_in(sheet, row) for row in sheet.rows))
    marks = [*_rules(top), *_standing(sheet, top), *_below(sheet)]
    return [*marks, *key(sheet, end(marks) + LINE / 2)]


def _rules(top: int) -> Iterator[Mark]:
    for count in (0, top // 2, top):
        y = _height(top - count, top) + TOP
        yield Rule(LEFT, y)
        yield Words(LEFT - 5, y + 5, f"{count:,}", "end")


def _standing(sheet: Sheet, top: int) -> Iterator[Mark]:
    wide = (WIDTH - LEFT) / len(sheet.rows)
    for place, row in enumerate(sheet.rows):
        x, y = LEFT + place * wide, float(TOP + HEIGHT)
        for ink, column in enumerate(sheet.series):
            high = _height(number(row[column]), top)
            if high:
                yield Box(x, y - high, wide * 0.8, max(high - GAP, GAP), ink_of(ink))
                y -= high
        if any(few(row[column]) for column in sheet.series):
            yield Ring(x + wide * 0.4, y - RING - 2)


def _below(sheet: Sheet) -> Iterator[Mark]:
    """The words of some columns: their day and month, and the year below."""
    wide = (WIDTH - LEFT) / len(sheet.rows)
    step = -(-len(sheet.rows) // NAMED)
    for place in range(0, len(sheet.rows), step):
        day, month, year = str(sheet.rows[place][0]).split()
        x, y, anchor = LEFT + place * wide, TOP + HEIGHT + LINE, "start"
        if x + WORDS_WIDE > WIDTH:
            x, anchor = x + wide * 0.8, "end"
        yield Words(x, y, f"{day} {month[:SHORT]}", anchor)
        yield Words(x, y + LINE, year, anchor)


def _scale(most: int) -> int:
    """The end of a scale for counts up to this: an even number, as it has a middle."""
    size = 10
    while True:
        for one in ROUND:
            if one * size >= most:
                return one * size
        size *= 10


def _height(count: int, top: int) -> float:
    return HEIGHT * count / top
