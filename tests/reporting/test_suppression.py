"""Whatever a small count is, what is told is the same: nobody can work it out."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from tests.reporting.made import COUNTS, figures
from triage.reporting import Withheld, sheets_of
from triage.reporting.figures import Part
from triage.reporting.suppression import FEWEST, share, shown, with_total
from triage.rulebook import Rulebook

SMALL = st.integers(0, FEWEST - 1)

TABLES = st.lists(st.lists(SMALL | st.integers(0, 40), min_size=4, max_size=4), min_size=1)

CELL_BY_CELL = (Part.STANDS, Part.WEEK, Part.SOURCE, Part.AGE, Part.REASON, Part.RULE, Part.CLOCK)
"""The parts of which each count is a cell of its own."""


def told(table: Sequence[Sequence[int]]) -> list[object]:
    """A table as it is told, with totals both ways."""
    return [*map(with_total, table), *map(with_total, zip(*table, strict=True))]


@given(TABLES, st.data())
def test_a_table_is_the_same_whatever_its_small_counts_are(
    table: list[list[int]], data: st.DataObject
) -> None:
    other = [[data.draw(SMALL) if one < FEWEST else one for one in row] for row in table]
    assert told(table) == told(other)


@given(st.data())
def test_no_sheet_tells_by_a_row_or_an_order_what_a_small_count_is(
    rulebook: Rulebook, data: st.DataObject
) -> None:
    part = data.draw(st.sampled_from(CELL_BY_CELL))
    other = {
        key: data.draw(SMALL) if count < FEWEST else count for key, count in COUNTS[part].items()
    }
    assert sheets_of(figures({**COUNTS, part: other}), rulebook) == sheets_of(figures(), rulebook)


@given(st.integers(FEWEST, 10_000))
def test_every_other_count_is_rounded_to_the_nearest_five(count: int) -> None:
    cell = shown(count)
    assert isinstance(cell, int)
    assert cell % 5 == 0
    assert abs(cell - count) <= 2


def test_a_total_is_that_of_what_is_told() -> None:
    assert with_total([7, 7, 4]) == (5, 5, Withheld.FEW, 10)
    assert with_total([4, 0]) == (Withheld.FEW, Withheld.FEW, Withheld.NOT_SHOWN)
    assert share(15, 140) == "11%"
    assert share(Withheld.FEW, 140) == Withheld.NOT_SHOWN
