from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from marshmallow import ValidationError

from schemas.days import Day, Moment
from schemas.fields import Choice, Listed, Strict, Text, WholeNumber, YesOrNo
from schemas.patient import OdsCode


def refused(field: Strict, value: Any) -> str:
    with pytest.raises(ValidationError) as error:
        field.read(value)
    return str(error.value)


def test_an_organisation_is_not_known_by_an_nhs_number() -> None:
    assert OdsCode().read("C86001") == "C86001"
    assert "not an ODS code" in refused(OdsCode(), "9990000026")
    assert "not an ODS code" in refused(OdsCode(), "Jane Doe")


@pytest.mark.parametrize("sent", [16, 16.0])
def test_a_whole_number_is_taken_however_it_is_written(sent: float) -> None:
    read = WholeNumber(0, 27).read(sent)
    assert read == 16
    assert type(read) is int


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (2.9, "not a fraction"),
        ("16", "without quotation marks"),
        ("\uff11\uff16", "in plain digits"),
        (True, "not true or false"),
        (float("inf"), "too large"),
        (float("nan"), "must be a whole number"),
        ([16], "must be a whole number from 0 to 27"),
        (28, "outside the range 0 to 27"),
        (-1, "outside the range 0 to 27"),
        (10**30, "outside the range 0 to 27"),
    ],
)
def test_what_is_no_whole_number_of_the_range_is_refused_with_a_remedy(
    sent: object, said: str
) -> None:
    assert said in refused(WholeNumber(0, 27), sent)


@pytest.mark.parametrize("sent", [1, 0, "true", "yes", 1.0, []])
def test_only_true_and_false_are_true_and_false(sent: object) -> None:
    assert "without quotation marks" in refused(YesOrNo(), sent)


def test_a_choice_names_the_nearest_word() -> None:
    assert "did you mean active?" in refused(Choice(("none", "passive", "active")), "Activ")


def test_a_choice_names_all_its_words_where_none_is_near() -> None:
    assert "use one of: none, passive, active" in refused(Choice(("none", "passive", "active")), 3)


def test_a_choice_never_repeats_what_was_sent() -> None:
    assert "Jane Smith" not in refused(Choice(("none", "active")), "Jane Smith")


@pytest.mark.parametrize("sent", ["a\x00b", "a\nb", "a\x1b[31m", "a\x85b", "line\n"])
def test_control_characters_are_refused(sent: str) -> None:
    assert "control character" in refused(Text(20), sent)


def test_notes_may_have_lines() -> None:
    assert Text(20, lines=True).read("one\n\ttwo\r\n") == "one\n\ttwo\r\n"


def test_length_is_counted_in_characters() -> None:
    assert Text(2).read("é😀") == "é😀"
    assert "0 to 2 characters" in refused(Text(2), "abc")


@pytest.mark.parametrize(
    "sent",
    [
        "21/11/2026",
        "2026-02-29",
        "2026-1-2",
        "20261121",
        "\uff12\uff10\uff12\uff16-11-21",
        20261121,
        "0001-01-01",
    ],
)
def test_a_day_is_a_day_of_the_calendar(sent: object) -> None:
    assert "YYYY-MM-DD" in refused(Day(), sent)


def test_the_leap_day_is_a_day() -> None:
    assert Day().read("2024-02-29") == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("sent", "offset"),
    [
        ("2026-11-21T10:15:00Z", 0),
        ("2026-11-21t10:15:00.123456789z", 0),
        ("2026-06-21T10:15:00+01:00", 1),
    ],
)
def test_a_moment_keeps_its_time_zone(sent: str, offset: int) -> None:
    assert Moment().read(sent).utcoffset() == timedelta(hours=offset)


def test_a_moment_without_a_time_zone_is_refused_with_the_remedy() -> None:
    assert "end it with Z" in refused(Moment(), "2026-11-21T10:15:00")


@pytest.mark.parametrize(
    "sent", ["2026-11-21", "now", 1795255200, "2026-11-21T25:00:00Z", "9999-12-31T23:59:59-14:00"]
)
def test_what_is_no_moment_is_refused(sent: object) -> None:
    assert "moment" in refused(Moment(), sent)


def test_a_moment_is_read_exactly() -> None:
    assert Moment().read("2026-11-21T10:15:00Z") == datetime(2026, 11, 21, 10, 15, tzinfo=UTC)


def test_every_entry_of_a_list_is_checked() -> None:
    field = Listed(WholeNumber(0, 3), 4, least=4, gaps=True)
    with pytest.raises(ValidationError) as error:
        field.read([4, None, "1", 2])
    assert sorted(map(str, error.value.messages_dict)) == ["0", "2"]


def test_a_list_of_the_wrong_length_says_the_right_one() -> None:
    field = Listed(WholeNumber(0, 3), 9, least=9, gaps=True)
    assert "must hold 9 entries" in refused(field, [1, 2, 3])
    assert "must hold at most 2 entries" in refused(Listed(Text(9), 2), ["a", "b", "c"])
    assert "must be a list" in refused(field, "1,2,3")


def test_a_gap_stays_a_gap_only_where_gaps_may_be() -> None:
    assert Listed(WholeNumber(0, 3), 2, gaps=True).read([None, 1]) == (None, 1)
    with pytest.raises(ValidationError):
        Listed(Text(9), 2).read([None])
