"""The boxes that fields are filled in by: what was typed, read; and what stands in them again."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from werkzeug.datastructures import MultiDict

from triage.domain.clock import local_day

if TYPE_CHECKING:
    from triage.web.call.fields import Field

Form = MultiDict[str, str]
"""A form as it was sent."""

Said = tuple[str, ...]
"""What is typed or chosen in a field: a text for each of its boxes."""

NONE = "none of these"
"""What is sent where somebody says that a list has nothing in it."""


class Box(StrEnum):
    """How a field is filled in."""

    YES_NO = "yes_no"
    CHOICE = "choice"
    SELECT = "select"
    NUMBER = "number"
    DAYS = "days"
    DATE = "date"
    RECEIVED = "received"
    LIST = "list"
    ITEMS = "items"
    TEXT = "text"
    LINES = "lines"


UNITS: Mapping[str, int] = {"days": 1, "weeks": 7, "months": 30, "years": 365}
"""In what a span of days may be given, and how many days each is."""


def _text(field: Field, form: Form) -> str | None:
    return form.get(field.path, "").strip() or None


def _lines(field: Field, form: Form) -> str | None:
    """The same lines, however the browser ends them."""
    return "\n".join((_text(field, form) or "").splitlines()) or None


def _yes_no(field: Field, form: Form) -> Any:
    text = _text(field, form)
    return {"true": True, "false": False}.get(text, text) if text else None


def _number(field: Field, form: Form) -> Any:
    text = _text(field, form)
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < _MOST else text


_MOST = 10
"""From so many digits on a number is nobody's answer, and stays a text."""


def _days(field: Field, form: Form) -> Any:
    """A number with its unit behind it, whole or by its first letter; else in the unit chosen."""
    text, chosen = _text(field, form), form.get(f"{field.path}.unit", "days")
    typed = _SPAN.fullmatch(text or "")
    if typed is None:
        return text
    letter = (typed[2] or chosen)[0].lower()
    return int(typed[1]) * next((days for unit, days in UNITS.items() if unit[0] == letter), 1)


_SPAN = re.compile(r"([0-9]{1,9}) ?(d|w|m|y|days?|weeks?|months?|years?)?", re.IGNORECASE)


def _date(field: Field, form: Form) -> str | None:
    day, month, year = (form.get(f"{field.path}.{part}", "").strip() for part in DATE_PARTS)
    if not (day or month or year):
        return None
    return f"{year:0>4}-{month:0>2}-{day:0>2}"


DATE_PARTS = ("day", "month", "year")
"""The boxes of a date."""


def _received(field: Field, form: Form) -> str | None:
    """The first moment of the day that was typed: no clock begins too late."""
    day = _date(field, form)
    return f"{day}T00:00:00Z" if day else None


def _listed(field: Field, form: Form) -> list[str] | None:
    chosen = form.getlist(field.path)
    lines = form.get(f"{field.path}.more", "").splitlines()
    told = [one for one in chosen if one != NONE] + [line.strip() for line in lines if line.strip()]
    return told or ([] if NONE in chosen else None)


def _items(field: Field, form: Form) -> list[Any] | None:
    texts = (form.get(f"{field.path}.{place}", "") for place in range(1, field.length + 1))
    items = [int(text) if text.isascii() and text.isdigit() else (text or None) for text in texts]
    return items if any(item is not None for item in items) else None


READERS: Mapping[Box, Callable[[Field, Form], Any]] = {
    Box.YES_NO: _yes_no,
    Box.CHOICE: _text,
    Box.SELECT: _text,
    Box.NUMBER: _number,
    Box.DAYS: _days,
    Box.DATE: _date,
    Box.RECEIVED: _received,
    Box.LIST: _listed,
    Box.ITEMS: _items,
    Box.TEXT: _text,
    Box.LINES: _lines,
}
"""How each way of filling in is read."""


def _one(value: Any) -> Said:
    return (str(value).lower() if isinstance(value, bool) else str(value),)


def _parts_of_date(value: Any) -> Said:
    year, month, day = (*str(value).split("-", 2), "", "")[:3]
    return (day.lstrip("0"), month.lstrip("0"), year.lstrip("0"))


def _day_of_receipt(value: Any) -> Said:
    try:
        return _parts_of_date(local_day(datetime.fromisoformat(value)).isoformat())
    except ValueError:
        return _parts_of_date(str(value).partition("T")[0])


def _each(value: Any) -> Said:
    return tuple("" if one is None else str(one) for one in value) or (NONE,)


SHOWN: Mapping[Box, Callable[[Any], Said]] = {
    Box.YES_NO: _one,
    Box.CHOICE: _one,
    Box.SELECT: _one,
    Box.NUMBER: _one,
    Box.DAYS: _one,
    Box.DATE: _parts_of_date,
    Box.RECEIVED: _day_of_receipt,
    Box.LIST: _each,
    Box.ITEMS: _each,
    Box.TEXT: _one,
    Box.LINES: _one,
}
"""What stands in the boxes of each way of filling in."""
