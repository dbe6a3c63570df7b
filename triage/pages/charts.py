"""Charts of sheets of figures, each as a picture with its table, for the pages to put in.

A chart is as narrow as a telephone and grows with the room it is given, so its words never get too
small to read. Every bar has its words and its number beside it; the parts of bars have a pattern
each. A number that is not told is drawn as none, with a ring.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from markupsafe import Markup

from triage.pages.chart_bars import bars, pairs, parts
from triage.pages.chart_columns import columns
from triage.pages.chart_inks import INKS, TILE
from triage.pages.chart_marks import (
    LINE,
    RING,
    WIDTH,
    Box,
    Mark,
    Ring,
    Rule,
    Words,
    end,
    number,
    told_in,
)
from triage.pages.page import templates
from triage.reporting import Drawn, Sheet
from triage.reporting.sheets import Row

_LAYOUTS: Mapping[Drawn, Callable[[Sheet], list[Mark]]] = {
    Drawn.BARS: bars,
    Drawn.PAIRS: pairs,
    Drawn.PARTS: parts,
    Drawn.COLUMNS: columns,
}


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a chart is made of, in units of which it is ``WIDTH`` wide.

    ``says`` is for whoever does not see it. ``inks`` are the places of those that it uses.
    """

    height: float
    says: str
    boxes: tuple[Box, ...]
    words: tuple[Words, ...]
    rules: tuple[Rule, ...]
    rings: tuple[Ring, ...]

    @property
    def inks(self) -> list[int]:
        """The inks that it needs, by their places."""
        return sorted({box.ink for box in self.boxes})


def drawing_of(sheet: Sheet) -> Drawing:
    """The chart of a sheet."""
    marks = _LAYOUTS[sheet.drawn](sheet)
    return Drawing(
        end(marks) + LINE / 2,
        f"{sheet.says} {_most(sheet)} The table below has every number.",
        tuple(mark for mark in marks if isinstance(mark, Box)),
        tuple(mark for mark in marks if isinstance(mark, Words)),
        tuple(mark for mark in marks if isinstance(mark, Rule)),
        tuple(mark for mark in marks if isinstance(mark, Ring)),
    )


def chart(sheet: Sheet, id_: str, csv: str | None = None) -> Markup:
    """A sheet as a picture and a table, under an id that no other part of the page has.

    ``csv`` is the address of the table as a file; without it there is no link.
    """
    drawing = drawing_of(sheet) if sheet.rows else None
    filled: Markup = _macros().chart(sheet, drawing, id_, csv)
    return filled


def _most(sheet: Sheet) -> str:
    """Which bar is longest, in words."""
    row = max(sheet.rows, key=lambda one: _length(sheet, one))
    most = _length(sheet, row)
    if not most:
        return "No number in it is large enough to be shown."
    return f"The most: {row[0]}, {most:,}."


def _length(sheet: Sheet, row: Row) -> int:
    in_parts = sheet.drawn in (Drawn.PARTS, Drawn.COLUMNS)
    return told_in(sheet, row) if in_parts else number(row[sheet.series[0]])


@cache
def _macros() -> Any:
    template = templates().get_template("chart.html.j2")
    return template.make_module({"inks": INKS, "ring_size": RING, "tile": TILE, "width": WIDTH})
