"""Clocks, moments and days as people in the United Kingdom say them."""

from __future__ import annotations

from datetime import date, datetime

from triage.domain.clock import LONDON
from triage.domain.vocabulary import Urgency

HOURS_IN = {"week": 168, "day": 24, "hour": 1}

LONGEST_IN_HOURS = 72
"""Up to here a clock is told in hours, as the scales that it is taken from have it."""


def clock_words(urgency: Urgency) -> str:
    """How soon somebody responds, such as "within 4 hours"."""
    hours = urgency.within_hours
    if hours is None:
        return "the same day"
    return f"within {_span(hours)}" if hours else "now"


def _span(hours: int) -> str:
    units = (unit for unit, length in HOURS_IN.items() if hours % length == 0)
    unit = "hour" if hours <= LONGEST_IN_HOURS else next(units)
    count = hours // HOURS_IN[unit]
    return f"{count} {unit}{'' if count == 1 else 's'}"


def moment_words(moment: str) -> str:
    """A moment (RFC 3339) by the clock of the United Kingdom."""
    local = datetime.fromisoformat(moment).astimezone(LONDON)
    return f"{local:%H:%M} on {day_words(local.date())}"


def day_words(day: date) -> str:
    """A day with its name."""
    return f"{day:%A} {date_words(day)}"


def date_words(day: date) -> str:
    """A day without its name, as dates of birth are written."""
    return f"{day.day} {day:%B} {day.year}"


def how_fast(urgency: Urgency | None, respond_by: str) -> str:
    """The clock in words, with the latest moment (RFC 3339) to respond.

    ``urgency`` is None where its rulebook is not at hand: then the moment alone is told.
    """
    moment = f"by {moment_words(respond_by)}"
    if urgency is None:
        return moment
    clock = clock_words(urgency)
    return clock if urgency.within_hours == 0 else f"{clock}, {moment}"
