"""Every sheet of made figures, held against what a person would write down."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date

import pytest

from tests.reporting.made import figures
from triage.errors import ReferralError
from triage.reporting import Period, Sheet, Withheld, csv_of, sheets_of
from triage.reporting.standards import BANDS, STANDARDS, band_of
from triage.reporting.suppression import Cell
from triage.rulebook import Rulebook

FEW, HIDDEN = Withheld.FEW, Withheld.NOT_SHOWN


@pytest.fixture(scope="module")
def sheets(rulebook: Rulebook) -> dict[str, Sheet]:
    return {sheet.id: sheet for sheet in sheets_of(figures(), rulebook)}


def rows(sheet: Sheet) -> dict[Cell, tuple[Cell, ...]]:
    """The rows of a sheet by what they are about."""
    return {row[0]: row[1:] for row in sheet.rows}


def test_what_stands_is_told_beside_what_was_decided(sheets: dict[str, Sheet]) -> None:
    found = rows(sheets["routes"])
    assert found["Talking therapies, step 2"] == (130, 140)
    assert found["Crisis team"] == (FEW, FEW)
    assert sheets["routes"].totals == (("Total shown", 200, 200),)
    assert sheets["received"].totals == (("Total shown", 215),)


def test_every_week_has_its_row_and_small_numbers_are_kept_back(sheets: dict[str, Sheet]) -> None:
    found = rows(sheets["weeks"])
    assert len(found) == 5
    assert found["19 October 2026"][:2] == (70, FEW)
    assert found["19 October 2026"][-1] == 100
    assert found["2 November 2026"][-1] == 40
    assert found["16 November 2026"][-1] == HIDDEN


def test_a_source_is_listed_where_a_number_of_it_is_told(sheets: dict[str, Sheet]) -> None:
    assert list(rows(sheets["sources"])) == ["A1 General practitioner", "B1 Self", "Not stated"]


def test_declined_and_not_known_are_kept_apart(sheets: dict[str, Sheet]) -> None:
    found = rows(sheets["ethnicities"])
    assert len(found) == 18
    assert found["A White, first category"][0] == 100
    assert found["Z Asked and declined"][0] == 10
    assert found["99 Not known, not asked, or erased"][0] == 20
    assert rows(sheets["ages"])["Not known"][-1] == 5


def test_overrides_are_told_by_rate_reason_and_urgency(sheets: dict[str, Sheet]) -> None:
    found = rows(sheets["overrides"])
    assert found["Talking therapies, step 2"] == (140, 15, "11%")
    assert found["Community mental health team"] == (20, FEW, HIDDEN)
    assert rows(sheets["override-reasons"])["The person's own choice"] == (5,)
    assert list(rows(sheets["override-urgency"]).values()) == [(10,), (5,), (FEW,), (10,)]


def test_bands_of_waiting_stand_beside_the_standards(sheets: dict[str, Sheet]) -> None:
    first, second, third, *_ = sheets["waiting"].rows
    assert first == ("0 to 14 days", "14 days to an assessment", 60, FEW, 60)
    assert second == ("15 to 28 days", "28 days to treatment", FEW, 40, 40)
    assert third == ("29 to 42 days", "6 weeks to treatment", 70, FEW, 70)
    assert rows(sheets["waiting-elsewhere"])["Community mental health team"][0] == 30
    assert rows(sheets["clocks"])["Routine (4 weeks)"] == (150, 20, 170)
    assert "No appointment is recorded here" in sheets["waiting"].notes[0]
    assert [one.days for one in STANDARDS] == [14, 28, 42, 126]
    assert [band_of(days) for days in (0, 14, 15, 42, 43, 126, 127)] == [0, 0, 1, 2, 3, 3, 4]
    assert BANDS[-1] == "over 126 days"


def test_rules_that_never_fired_are_listed_and_earlier_ones_where_told(
    sheets: dict[str, Sheet], rulebook: Rulebook
) -> None:
    told = [(row[0], row[1]) for row in sheets["rules"].rows]
    titles = {rule.id: rule.title for rule in rulebook.rules}
    first, second, third = told[:3]
    assert (first, second) == ((titles["step-2"], 140), (titles["severity-high"], 40))
    assert str(third[0]).endswith(": of-old")
    assert third[1] == 30
    assert len(told) == len(rulebook.rules) + 1
    assert {count for _, count in told[3:]} == {FEW}


def test_a_review_is_no_other_team_and_active_monitoring_is_near(sheets: dict[str, Sheet]) -> None:
    assert sheets["practices"].rows == (
        ("C86001", 90, 10, "11%"),
        ("C86004", 10, 10, "100%"),
        ("C86002", 20, FEW, HIDDEN),
    )


def test_a_csv_reads_back_and_works_nothing_out(sheets: dict[str, Sheet]) -> None:
    sheet = replace(sheets["routes"], rows=(("=1+1", 5, FEW),))
    told = list(csv.reader(io.StringIO(csv_of(sheet).decode(), newline="")))
    assert told == [
        ["Route", "Stands now", "As decided"],
        ["'=1+1", "5", "fewer than 5"],
        ["Total shown", "200", "200"],
    ]


def test_a_sheet_is_the_same_when_it_was_kept(sheets: dict[str, Sheet]) -> None:
    for sheet in sheets.values():
        assert Sheet.of_dict(json.loads(json.dumps(sheet.as_dict()))) == sheet


def test_a_period_is_in_order_and_not_too_long() -> None:
    day = date(2026, 1, 1)
    with pytest.raises(ReferralError, match="swap"):
        Period(day, date(2025, 12, 31))
    with pytest.raises(ReferralError, match="400 days"):
        Period(day, date(2027, 2, 5))
    assert Period(day, date(2027, 2, 4)).last.year == 2027
