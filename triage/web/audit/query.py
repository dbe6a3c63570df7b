"""Searches as they stand in an address, by the names that ``POST /v1/decisions/search`` has.

Days may stand for moments, as a person writes them: from the beginning of the first to the end of
the last, in the United Kingdom. Whom decisions are about never stands in an address.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from triage.domain.clock import LONDON
from triage.errors import Fault, ReferralError

MANY = ("route", "urgency", "source", "ods_code", "rule", "decision_ids")
"""The filters of which several values may be given."""

FILTERS = ("from", "to", *MANY, "rulebook", "overridden")
"""Every filter that may stand in an address."""

OLDER, NEWER = "before", "after"
"""Where a page begins: before an entry of this number, or after it."""

SAID: Mapping[str, bool] = {"true": True, "false": False}

Query = Mapping[str, Sequence[str]]
"""What was typed or linked, by filter: nothing that is blank."""

_BETWEEN = re.compile(r"[\s,;]+")


def query_of(sent: MultiDict[str, str]) -> Query:
    """What an address or a form asks for. Several values of a filter may stand in one field."""
    told: dict[str, list[str]] = {}
    for name in sent:
        if name in MANY:
            told[name] = [one for text in sent.getlist(name) for one in _BETWEEN.split(text) if one]
        else:
            told[name] = [text.strip() for text in sent.getlist(name) if text.strip()]
    return {name: values for name, values in told.items() if values and name not in (OLDER, NEWER)}


def body_of(query: Query) -> dict[str, Any]:
    """The same as the API is sent it. What is no filter stays in it, so that it is refused."""
    body: dict[str, Any] = {
        name: list(values) if name in MANY else values[-1] for name, values in query.items()
    }
    for name, later in (("from", 0), ("to", 1)):
        if name in body:
            body[name] = _moment(body[name], later)
    if body.get("overridden") in SAID:
        body["overridden"] = SAID[body["overridden"]]
    return body


def _moment(text: str, later: int) -> str:
    """The midnight with which a day begins, or ends where it is so many days later."""
    try:
        day = date.fromisoformat(text) + timedelta(days=later)
    except (ValueError, OverflowError):
        return text  # a moment, or nothing that is understood, as will be said
    return datetime.combine(day, time(), LONDON).isoformat()


def address_of(path: str, query: Query, **place: int) -> str:
    """The address of a search, which anybody who may search can keep as a link."""
    pairs = [(name, one) for name in FILTERS for one in query.get(name, ())]
    told = urlencode([*pairs, *place.items()])
    return f"{path}?{told}" if told else path


def without(query: Query, name: str, value: str) -> Query:
    """The same search without one of its values."""
    left = {**query, name: [one for one in query[name] if one != value]}
    return {name: values for name, values in left.items() if values}


def place_in(sent: MultiDict[str, str], name: str) -> int | None:
    """The number of an entry at which a page begins. Raises ``ReferralError`` for anything else."""
    text = sent.get(name, "")
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER:
        return int(text)
    raise ReferralError([Fault(name, "must be the number of an entry; take it out of the address")])


LONGEST_NUMBER = 15
"""The most digits of the number of an entry."""
