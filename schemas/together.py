"""What no field can tell on its own: days beside the day of receipt, answers beside refusals."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import date, datetime, timedelta
from typing import Any

from schemas.faults import Path, path
from schemas.patient import OLDEST
from triage.domain.clock import local_day, whole_years
from triage.domain.referral import BIRTH_DATE, SOURCE
from triage.errors import Fault

AHEAD = timedelta(days=1)
"""How far the clock of a caller may be ahead of ours."""

OLDEST_DAY = timedelta(days=36_500)
"""How long ago the day of an answer may lie."""

Found = Mapping[str, Any]
Wrong = tuple[Path, str]


def wrong_together(
    found: Found, now: datetime, may_be_ahead: AbstractSet[str]
) -> list[tuple[Path, Fault]]:
    """The faults between fields that are each right on their own, with the field to leave out.

    ``may_be_ahead`` names the answers that may be days to come.
    """
    received = found.get("received_at", now)
    wrong = [*_receipt(received, now)]
    today = local_day(now if wrong else received)
    for check in CHECKS:
        wrong += check(found, today)
    wrong += _days(found.get("answers", {}), today, may_be_ahead)
    return [(at, Fault(path(*at), problem)) for at, problem in wrong]


def _receipt(received: datetime, now: datetime) -> Iterator[Wrong]:
    if received - now > AHEAD:
        yield ("received_at",), "is more than a day ahead; check the date and the time zone"


def _birth(found: Found, today: date) -> Iterator[Wrong]:
    born = found.get("patient", {}).get("birth_date")
    at = ("patient", "birth_date")
    if born is None:
        return
    if born > today:
        yield at, "is after the day of receipt; check the year"
    elif whole_years(born, today) > OLDEST:
        yield at, f"is more than {OLDEST} years ago; check the year"


def _days(answers: Found, today: date, may_be_ahead: AbstractSet[str]) -> Iterator[Wrong]:
    for name, day in answers.items():
        if not isinstance(day, date) or name in may_be_ahead:
            continue
        if day > today:
            yield ("answers", name), "is after the day of receipt; check the date"
        elif today - day > OLDEST_DAY:
            yield ("answers", name), "is more than a hundred years ago; check the year"


def _refusals(found: Found, _today: date) -> Iterator[Wrong]:
    beside = (each for each in (BIRTH_DATE, SOURCE) if _says(found, each))
    both = sorted({*found.get("answers", {}), *beside}.intersection(found.get("declined", ())))
    if both:
        yield ("declined",), f"names what was answered: {', '.join(both)}; keep one or the other"


def _says(found: Found, at: str) -> bool:
    """Does a referral say what stands at this path?"""
    *parts, name = at.split(".")
    for part in parts:
        found = found.get(part, {})
    return name in found


CHECKS: tuple[Callable[[Found, date], Iterator[Wrong]], ...] = (_birth, _refusals)
"""What is checked between fields, once the day of receipt is known, beside the days answered."""
