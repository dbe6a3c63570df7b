"""What charts are made of, in units of which a telephone is 320 wide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap

from triage.pages.chart_inks import ink_of
from triage.reporting import Sheet, Withheld
from triage.reporting.sheets import Row
from triage.reporting.suppression import Cell

WIDTH, LINE, BAR = 320, 18, 14
"""How wide a chart is, how high a line of words, and how high a bar that lies."""

LETTERS = 40
"""How many letters fit beside one another."""

GAP = 1.5
"""How much white parts the boxes of one bar."""

RING = 3.5
"""The radius of the ring that stands for a number that is not told."""

KEY_TEXT = 22
"""Where the words begin beside the marks that they explain."""


@dataclass(frozen=True, slots=True)
class Box:
    """A box with an ink. ``x`` and ``y`` are its corner at the top left."""

    x: float
    y: float
    width: float
    height: float
    ink: int

    @property
    def bottom(self) -> float:
        """Where it ends."""
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Words:
    """A line of words that stands on ``y`` and begins, ends or has its middle at ``x``."""

    x: float
    y: float
    text: str
    anchor: str = "start"

    @property
    def bottom(self) -> float:
        """Where what hangs below the line ends."""
        return self.y + LINE - BAR


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin line across a chart."""

    x: float
    y: float

    @property
    def bottom(self) -> float:
        """Where it lies."""
        return self.y


@dataclass(frozen=True, slots=True)
class Ring:
    """What stands for a number that is not told, by its middle."""

    x: float
    y: float

    @property
    def bottom(self) -> float:
        """Where it ends."""
        return self.y + RING


Mark = Box | Words | Rule | Ring


def lines(text: str, y: float, x: float = 0, letters: int = LETTERS) -> Iterator[Words]:
    """Some words in as many lines as they need, the first below ``y``."""
    for place, line in enumerate(wrap(text, letters), 1):
        yield Words(x, y + place * LINE - (LINE - BAR), line)


def end(marks: Sequence[Mark]) -> float:
    """Where the last of some marks ends."""
    return max((mark.bottom for mark in marks), default=0)


def number(cell: Cell) -> int:
    """A cell as it is drawn: what is not told, as none."""
    return cell if isinstance(cell, int) else 0


def told_in(sheet: Sheet, row: Row) -> int:
    """What the parts of a row add up to, of those that are told."""
    return sum(number(row[column]) for column in sheet.series)


def few(cell: Cell) -> bool:
    """Is a cell a count that is too small to be told?"""
    return cell == Withheld.FEW


def key(sheet: Sheet, y: float) -> Iterator[Mark]:
    """What the inks of a sheet stand for, of the parts that are drawn, and what the ring does."""
    for place, column in enumerate(sheet.series):
        if any(number(row[column]) for row in sheet.rows):
            found = [*lines(sheet.columns[column], y, KEY_TEXT, LETTERS - 3)]
            yield Box(0, y, BAR, BAR, ink_of(place))
            yield from found
            y = end(found) + LINE - BAR
    if any(few(row[column]) for row in sheet.rows for column in sheet.series):
        yield Ring(BAR / 2, y + BAR / 2)
        yield from lines(f"{Withheld.FEW} in a part, drawn as none", y, KEY_TEXT, LETTERS - 3)
