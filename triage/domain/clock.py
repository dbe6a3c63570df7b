"""Calendar days and moments as the United Kingdom counts them. Nothing here reads a clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def local_day(moment: datetime) -> date:
    """The calendar day in the United Kingdom at a moment that carries its time zone."""
    return moment.astimezone(LONDON).date()


def end_of_day(moment: datetime) -> datetime:
    """The last second of the United Kingdom day a moment falls on, in UTC."""
    last = datetime.combine(local_day(moment), time(23, 59, 59), LONDON)
    return last.astimezone(UTC)


def later(moment: datetime, hours: int) -> datetime:
    """The moment a number of hours later, in UTC."""
    return moment.astimezone(UTC) + timedelta(hours=hours)


def stamp(moment: datetime) -> str:
    """A moment as RFC 3339 in UTC, to the second."""
    return f"{moment.astimezone(UTC).isoformat()[:19]}Z"


def whole_years(born: date, on: date) -> int:
    """Age in completed years.

    Someone born on 29 February is a year older on 1 March in a common year, as the law of England
    and Wales counts it.
    """
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
