"""Of which days figures are: two days of the United Kingdom, and all between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from triage.domain.clock import LONDON
from triage.errors import Fault, ReferralError

LONGEST_DAYS = 400
"""How many days figures may be of: a year, and the weeks to compare it with."""


@dataclass(frozen=True, slots=True)
class Period:
    """The days from the first to the last, both included.

    Raises ``ReferralError`` where the last is before the first, or too long after it.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        days = (self.last - self.first).days + 1
        if days < 1:
            raise ReferralError([Fault("to", "is before from; swap them")])
        if days > LONGEST_DAYS:
            problem = f"is more than {LONGEST_DAYS} days from the first day; ask for fewer"
            raise ReferralError([Fault("to", problem)])

    @property
    def earliest(self) -> datetime:
        """The moment at which the first day begins."""
        return _midnight(self.first)

    @property
    def before(self) -> datetime:
        """The moment at which the last day has ended."""
        return _midnight(self.last + timedelta(days=1))

    def weeks(self) -> Iterator[date]:
        """The Monday of each week that has a day among these."""
        monday = monday_of(self.first)
        while monday <= self.last:
            yield monday
            monday += timedelta(weeks=1)


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON)
