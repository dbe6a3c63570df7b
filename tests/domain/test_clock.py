"""Days, moments and ages as the United Kingdom counts them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from triage.domain.clock import end_of_day, later, local_day, stamp, whole_years


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-07-15T22:59:59+00:00", date(2026, 7, 15)),
        ("2026-07-15T23:00:00+00:00", date(2026, 7, 16)),
        ("2026-12-15T23:59:59+00:00", date(2026, 12, 15)),
        ("2026-12-16T00:00:00+00:00", date(2026, 12, 16)),
        ("2026-07-16T08:30:00+09:00", date(2026, 7, 16)),
        ("2026-03-29T00:59:59+00:00", date(2026, 3, 29)),
        ("2026-10-24T23:30:00+00:00", date(2026, 10, 25)),
    ],
)
def test_the_day_is_that_of_london(moment: str, day: date) -> None:
    assert local_day(datetime.fromisoformat(moment)) == day


@pytest.mark.parametrize(
    ("moment", "last"),
    [
        ("2026-01-05T09:00:00+00:00", "2026-01-05T23:59:59Z"),
        ("2026-07-05T09:00:00+00:00", "2026-07-05T22:59:59Z"),
        ("2026-10-25T00:30:00+00:00", "2026-10-25T23:59:59Z"),
        ("2026-03-29T00:30:00+00:00", "2026-03-29T22:59:59Z"),
    ],
)
def test_the_last_second_of_a_day_is_that_of_london(moment: str, last: str) -> None:
    assert stamp(end_of_day(datetime.fromisoformat(moment))) == last


def test_hours_later_are_hours_and_not_hands_of_a_clock() -> None:
    before_clocks_change = datetime(2026, 3, 28, 12, tzinfo=UTC)
    assert later(before_clocks_change, 24) - before_clocks_change == timedelta(hours=24)


def test_a_stamp_is_in_utc_to_the_second() -> None:
    moment = datetime(2026, 7, 1, 10, 0, 0, 987_000, tzinfo=timezone(timedelta(hours=1)))
    assert stamp(moment) == "2026-07-01T09:00:00Z"


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        (date(2008, 5, 10), date(2026, 5, 9), 17),
        (date(2008, 5, 10), date(2026, 5, 10), 18),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2028, 2, 28), 19),
        (date(2008, 2, 29), date(2028, 2, 29), 20),
        (date(2026, 11, 20), date(2026, 11, 20), 0),
        (date(1916, 1, 1), date(2026, 11, 20), 110),
    ],
)
def test_age_is_in_completed_years(born: date, on: date, years: int) -> None:
    assert whole_years(born, on) == years
