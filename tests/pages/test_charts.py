"""Charts are pictures with words, and tables: for whoever sees them, hears them or prints them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.reporting.made import figures
from triage.pages.chart_inks import INKS
from triage.pages.charts import chart
from triage.reporting import Sheet, Withheld, sheets_of
from triage.rulebook import Rulebook

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def sheets(rulebook: Rulebook) -> Sequence[Sheet]:
    return sheets_of(figures(), rulebook)


def drawn(sheet: Sheet, csv: str | None = None) -> ET.Element:
    """A chart with its table, which must be well formed."""
    return ET.fromstring(chart(sheet, f"figures-{sheet.id}", csv))  # noqa: S314 (our own)


def words(element: ET.Element) -> str:
    """Everything that is written in an element, in one line."""
    return " ".join(" ".join(element.itertext()).split())


def texts(picture: ET.Element) -> str:
    """The words that are drawn in a picture."""
    return " ".join(words(one) for one in picture.iter(f"{SVG}text"))


def test_a_picture_has_a_title_and_says_what_it_shows(sheets: Sequence[Sheet]) -> None:
    for sheet in sheets:
        picture = drawn(sheet).find(f"{SVG}svg")
        assert picture is not None
        title, says = picture.find(f"{SVG}title"), picture.find(f"{SVG}desc")
        assert title is not None
        assert says is not None
        assert picture.get("role") == "img"
        assert picture.get("aria-labelledby") == f"{title.get('id')} {says.get('id')}"
        assert title.text == sheet.title
        assert sheet.says in words(says)


def test_several_charts_stand_on_one_page(sheets: Sequence[Sheet]) -> None:
    page = "".join(chart(sheet, f"figures-{sheet.id}") for sheet in sheets)
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    asked = re.findall(r"url\(#([^)]+)\)", page)
    assert asked
    assert set(asked) <= set(ids)
    assert not re.search(r"<script|<style| style=| on[a-z]+=", page)


def test_bars_have_their_words_and_numbers_beside_them(sheets: Sequence[Sheet]) -> None:
    by_id = {sheet.id: drawn(sheet) for sheet in sheets}
    told = texts(by_id["routes"])
    assert "Talking therapies, step 2 130 140" in told
    assert "Crisis team fewer than 5" in told
    assert "Stands now As decided" in told
    ages = texts(by_id["ages"])
    assert "26 to 64 years 130" in ages
    assert "Under 18 years fewer than 5 in each part" in ages
    assert "fewer than 5 in a part, drawn as none" in ages


def test_columns_stand_above_their_weeks(sheets: Sequence[Sheet]) -> None:
    picture = drawn(next(one for one in sheets if one.id == "weeks"))
    told = texts(picture)
    assert "0 50 100" in told
    assert "19 Oct 2026" in told
    assert len(list(picture.iter(f"{SVG}circle"))) == 5 + 1
    boxes = list(picture.iter(f"{SVG}rect"))
    assert len(boxes) == 4 + 3
    assert all(float(box.get("height") or 0) > 0 for box in boxes)


def test_the_table_has_every_number_with_its_headings(sheets: Sequence[Sheet]) -> None:
    for sheet in sheets:
        table = drawn(sheet).find(".//table")
        assert table is not None
        assert table.findtext("caption") == sheet.title
        heads = [one for one in table.iter("th") if one.get("scope") == "col"]
        assert [words(one) for one in heads] == list(sheet.columns)
        rows = [*sheet.rows, *sheet.totals]
        scoped = [words(one) for one in table.iter("th") if one.get("scope") == "row"]
        assert scoped == [row[0] for row in rows]
        cells = [words(one) for one in table.iter("td")]
        told = [cell for row in rows for cell in row[1:]]
        assert cells == [f"{one:,}" if isinstance(one, int) else one for one in told]


def test_what_words_hold_is_shown_as_text(sheets: Sequence[Sheet]) -> None:
    odd = replace(sheets[0], title="<b>&", rows=(('"<i>', 5),))
    assert "<b>&" in words(drawn(odd, "/figures?a=1&b=2"))
    empty = drawn(replace(odd, rows=()))
    assert empty.find(".//table") is None
    assert "large enough to be shown" in words(empty)
    none = drawn(replace(odd, rows=(("nobody", Withheld.FEW),)))
    assert "No number in it is large enough" in words(none)
    assert list(none.iter(f"{SVG}rect")) == []


def test_inks_are_told_apart_from_white_and_from_their_neighbours() -> None:
    shades = [brightness(ink.colour) for ink in INKS]
    assert all((1 + 0.05) / (shade + 0.05) >= 3 for shade in shades)
    for one, other in pairwise([*shades, shades[0]]):
        assert (max(one, other) + 0.05) / (min(one, other) + 0.05) >= 3
    assert len({ink.path for ink in INKS}) == len(INKS)


def brightness(colour: str) -> float:
    """The relative luminance of a colour (WCAG 2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_class_of_a_chart_is_its_own(sheets: Sequence[Sheet]) -> None:
    css = Path(__file__).parents[2] / "triage" / "web" / "static" / "charts.css"
    styled = set(re.findall(r"\.([a-z][a-z-]+)", css.read_text()))
    page = "".join(chart(sheet, sheet.id, "/x") for sheet in sheets)
    used = set(re.findall(r' class="([^"]+)"', page))
    assert all(one == "chart" or one.startswith("chart-") for one in styled | used)
    assert styled <= used
