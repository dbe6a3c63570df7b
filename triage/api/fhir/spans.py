"""Dates that a search asks for, as spans of time (R4, search, prefixes)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from marshmallow import ValidationError

from schemas.days import Day, Moment
from triage.domain.clock import LONDON


@dataclass(frozen=True, slots=True)
class Span:
    """From a moment on, and before another; None is open."""

    earliest: datetime | None = None
    before: datetime | None = None

    def holds(self, moment: datetime) -> bool:
        """Does a moment lie in it?"""
        is_after = self.earliest is None or moment >= self.earliest
        return is_after and (self.before is None or moment < self.before)

    def within(self, other: Span) -> Span:
        """What lies in both."""
        earliest = [one for one in (self.earliest, other.earliest) if one]
        before = [one for one in (self.before, other.before) if one]
        return Span(max(earliest, default=None), min(before, default=None))


EVER = Span()
"""All of time."""


def span_of(value: str) -> Span:
    """The span of a prefix and a day of the United Kingdom, or a moment.

    Raises ``ValidationError``, which says how to write it.
    """
    found = _DATED.fullmatch(value)
    if not found:
        raise ValidationError(
            "must be a day, or a moment with its time zone, behind ge, gt, le, lt or nothing"
        )
    begins, ends = _day(found[2]) if _IS_DAY.fullmatch(found[2]) else _moment(found[2])
    return PREFIXES[found[1] or "eq"](begins, ends)


PREFIXES: Mapping[str, Callable[[datetime, datetime], Span]] = {
    "eq": Span,
    "ge": lambda begins, _ends: Span(earliest=begins),
    "gt": lambda _begins, ends: Span(earliest=ends),
    "le": lambda _begins, ends: Span(before=ends),
    "lt": lambda begins, _ends: Span(before=begins),
}
"""What each prefix makes of when a day or a moment begins and ends."""

_DATED = re.compile(rf"({'|'.join(PREFIXES)})?([0-9].*)")
_IS_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _day(text: str) -> tuple[datetime, datetime]:
    day = Day().read(text)
    return (
        datetime.combine(day, time(), LONDON),
        datetime.combine(day + timedelta(days=1), time(), LONDON),
    )


def _moment(text: str) -> tuple[datetime, datetime]:
    """A moment lasts as long as its last digit says: a second, or the least part that is kept."""
    begins = Moment().read(text)
    lasts = timedelta(milliseconds=1) if "." in text else timedelta(seconds=1)
    return begins, begins + lasts
