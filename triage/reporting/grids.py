"""Lays counts out in rows and columns, and keeps the small ones back.

Which rows there are, and their order, hangs on nothing but what is told: a row that stood only
where a count is not nought would tell that it is not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from triage.reporting.figures import Key
from triage.reporting.sheets import Row
from triage.reporting.suppression import Cell, with_total

OTHER = "(other)"
"""The key of all that the rules of today have no word for."""

Names = Mapping[str, str]
"""The words for each key of a row or a column, in their order."""

ALL = "Total shown"
"""What totals are called."""

OTHERS: Names = {OTHER: "Others, of earlier rules"}


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows that each begin with their words and end with their total; ``columns`` in between."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def grid(counts: Counter[Key], rows: Names, columns: Names) -> Grid:
    """Counts by row and column. What is in neither is among the others.

    The others have their row and their column where any number of theirs is told.
    """
    rows, columns = {**rows, **OTHERS}, {**columns, **OTHERS}
    found = _known(counts, rows, columns)
    lines = {row: with_total(found[row, column] for column in columns) for row in rows}
    width = len(columns)
    if not _told(line[width - 1] for line in lines.values()):
        width -= 1
    laid = {row: (rows[row], *line[:width], line[-1]) for row, line in lines.items()}
    return Grid(tuple(columns.values())[:width], _with_others_if_told(laid))


def listed(names: Names, *counts: Counter[Key]) -> tuple[tuple[Row, ...], Row]:
    """Counts in one column for each counter, and the row of their totals."""
    names = {**names, **OTHERS}
    known = [_known(one, names) for one in counts]
    columns = [with_total(found[name,] for name in names) for found in known]
    *cells, totals = zip(*columns, strict=True)
    laid = {name: (names[name], *row) for name, row in zip(names, cells, strict=True)}
    return _with_others_if_told(laid), (ALL, *totals)


def with_a_number(rows: Iterable[Row]) -> tuple[Row, ...]:
    """The rows in which any number is told."""
    return tuple(row for row in rows if _told(row))


def most_first(rows: Iterable[Row], column: int) -> tuple[Row, ...]:
    """Rows by what is told in a column, the most first; what is not told is last."""

    def order(row: Row) -> int:
        cell = row[column]
        return -cell if isinstance(cell, int) else 0

    return tuple(sorted(rows, key=order))


def _with_others_if_told(laid: Mapping[str, Row]) -> tuple[Row, ...]:
    return tuple(row for key, row in laid.items() if key != OTHER or _told(row))


def _told(cells: Iterable[Cell]) -> bool:
    return any(isinstance(cell, int) for cell in cells)


def _known(counts: Counter[Key], *axes: Names) -> Counter[Key]:
    found: Counter[Key] = Counter()
    for key, count in counts.items():
        known = (one if one in axis else OTHER for one, axis in zip(key, axes, strict=True))
        found[tuple(known)] += count
    return found
