"""Sheets: a table of figures as it may be told, from which its chart and its CSV are made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from triage.reporting.suppression import Cell
from triage.spreadsheet import csv_of_rows

Row = tuple[Cell, ...]
"""A cell for each column; the first says what the row is about."""


class Drawn(StrEnum):
    """How the chart of a sheet is drawn.

    A bar for each row; two bars beside one another; a bar in parts; a column in parts.
    """

    BARS = "bars"
    PAIRS = "pairs"
    PARTS = "parts"
    COLUMNS = "columns"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of figures, small numbers kept back. ``id`` is what it is called in addresses.

    ``says`` is one sentence about what is counted; ``totals`` are rows at its foot. The first
    ``wordy`` columns hold words, all others numbers; ``series`` are the columns that are drawn.
    """

    id: str
    title: str
    says: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    drawn: Drawn
    series: tuple[int, ...]
    notes: tuple[str, ...] = ()
    totals: tuple[Row, ...] = ()
    wordy: int = 1

    def as_dict(self) -> dict[str, Any]:
        """The sheet as plain values, to be kept as JSON."""
        return asdict(self)

    @classmethod
    def of_dict(cls, told: Mapping[str, Any]) -> Sheet:
        """The sheet that was kept."""
        plain: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in told.items()
        }
        rows = {name: tuple(map(tuple, told[name])) for name in ("rows", "totals")}
        return cls(**{**plain, **rows, "drawn": Drawn(told["drawn"])})


def csv_of(sheet: Sheet) -> bytes:
    """The table of a sheet as CSV, its totals last."""
    rows: Sequence[Row] = (sheet.columns, *sheet.rows, *sheet.totals)
    return csv_of_rows(map(str, row) for row in rows)
