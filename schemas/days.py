"""Fields for days and moments. A moment without a time zone is no moment."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeVar

from marshmallow import ValidationError

from schemas.fields import Described, Strict

EARLIEST_YEAR, LATEST_YEAR = 1890, 2199
"""The years between which a day or a moment may lie."""

T = TypeVar("T")


class Day(Strict):
    """A calendar day as ``YYYY-MM-DD``."""

    def __init__(self, described: Described | None = None) -> None:
        super().__init__({"type": "string", "format": "date", **(described or {})})

    def read(self, value: Any) -> date:
        """The day."""
        if isinstance(value, str) and _DAY.fullmatch(value):
            day = _or_none(date.fromisoformat, value)
            if day is not None and EARLIEST_YEAR <= day.year <= LATEST_YEAR:
                return day
        raise ValidationError(
            "must be a day of the calendar written as YYYY-MM-DD,"
            f" in the years {EARLIEST_YEAR} to {LATEST_YEAR}"
        )


class Moment(Strict):
    """A moment as RFC 3339 has it, with its time zone."""

    def __init__(self, described: Described | None = None) -> None:
        super().__init__({"type": "string", "format": "date-time", **(described or {})})

    def read(self, value: Any) -> datetime:
        """The moment, in the time zone it was sent with."""
        if not isinstance(value, str) or not (parts := _MOMENT.fullmatch(value)):
            raise ValidationError("must be a moment written as 2026-11-21T10:15:00Z")
        if not parts["zone"]:
            raise ValidationError("has no time zone; end it with Z, or with an offset like +01:00")
        moment = _or_none(datetime.fromisoformat, value.upper())
        if moment is None or not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
            raise ValidationError(
                f"is no moment of the calendar in the years {EARLIEST_YEAR} to {LATEST_YEAR}"
            )
        return moment


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?"
    r"(?P<zone>[Zz]|[+-][0-9]{2}:[0-9]{2})?"
)


def _or_none(parse: Callable[[str], T], text: str) -> T | None:
    try:
        return parse(text)
    except ValueError:
        return None
