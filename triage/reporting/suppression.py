"""Small numbers are kept back, so that nobody is known by being one of few.

A count under 5 is not told, nought no more than four; every other is rounded to the nearest 5.
That is what the national figures do. **A total is that of the numbers that are told**, as they are
told, and nothing else ever is: not even a rounded total of all, for from 5, 5, "fewer than 5" and
20 in all anybody sees that the one kept back is four (7, 7 and 4 are 18). So each cell hangs on its
own count alone, and a total on nothing but its cells: whether a count that is kept back is 0 or 4,
the table is the same to the last mark, and no sum, difference or rank of it tells which.

The price is that a total may be a little less than the whole. What is told of the same people by
another table, or of other days, is not looked at: there rounding stands alone, as it does in the
national figures.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

FEWEST = 5
"""The smallest count that is told."""

NEAREST = 5
"""To what counts are rounded."""


class Withheld(StrEnum):
    """What stands in the place of a number that is not told."""

    FEW = "fewer than 5"
    NOT_SHOWN = "not shown"


Cell = str | int
"""A number as it may be told, or words."""


def shown(count: int) -> Cell:
    """A count as it may be told."""
    return Withheld.FEW if count < FEWEST else round(count / NEAREST) * NEAREST


def with_total(counts: Iterable[int]) -> tuple[Cell, ...]:
    """Counts that add up, as they may be told, and last their total."""
    cells = tuple(map(shown, counts))
    told = [cell for cell in cells if isinstance(cell, int)]
    return (*cells, sum(told) if told else Withheld.NOT_SHOWN)


def share(part: Cell, whole: Cell) -> Cell:
    """What share a count is of another, both as they are told, in whole per cent."""
    if isinstance(part, int) and isinstance(whole, int):
        return f"{round(100 * part / whole)}%"
    return Withheld.NOT_SHOWN
