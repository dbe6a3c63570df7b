"""Tables as spreadsheets open them: CSV (RFC 4180), in which no cell is taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""With these a cell begins that a spreadsheet would work out."""


def csv_of_rows(rows: Iterable[Iterable[str]]) -> bytes:
    """Rows as lines of CSV; a cell that would be taken for a formula begins with an apostrophe."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(map(_guarded, rows))
    return text.getvalue().encode()


def _guarded(cells: Iterable[str]) -> list[str]:
    return [f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells]
