"""The days between which something is asked, as a form has them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from triage.domain.clock import LONDON
from triage.errors import Fault, ReferralError
from triage.feedback.moments import date_words
from triage.reporting import Period

WEEKS = 12
"""How many weeks are asked of where nobody says."""


YEARS = range(1900, 3000)
"""The years of which figures may be: far enough from the ends of the calendar to count from."""


def last_weeks() -> dict[str, str]:
    """The days of the last weeks, today included, as a form has them."""
    today = datetime.now(LONDON).date()
    return {"from": (today - timedelta(weeks=WEEKS, days=-1)).isoformat(), "to": today.isoformat()}


def period_of(typed: Mapping[str, str]) -> Period:
    """The days between which something is asked. Raises ``ReferralError`` with every fault."""
    days = {name: _day(typed.get(name, "")) for name in ("from", "to")}
    faults = [Fault(name, "must be a day of the calendar") for name, day in days.items() if not day]
    first, last = days["from"], days["to"]
    if first is None or last is None:
        raise ReferralError(faults)
    return Period(first, last)


def days_of(period: Period) -> dict[str, str]:
    """The days of a period, as a form has them."""
    return {"from": period.first.isoformat(), "to": period.last.isoformat()}


def days_words(days: Mapping[str, str]) -> str:
    """The days between which something was asked, in words."""
    first, last = (date.fromisoformat(days[name]) for name in ("from", "to"))
    return f"{date_words(first)} to {date_words(last)}"


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if day.year in YEARS else None
