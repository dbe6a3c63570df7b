"""Reads whatever can be read of a body that was refused, so that a fault never hides danger.

Nothing is decided from it but whether somebody may be in danger.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from triage.api.strict_json import is_deeper, number

MOST_BYTES = 1024 * 1024
"""The most bytes that are looked at."""

MOST_DEPTH = 100
"""The most objects and lists inside one another that are looked at."""

MOST_READINGS = 8
"""How many of the values given for one key are tried; the last is always among them."""

MOST_MEMBERS = 20
"""How many members of a list are looked at: no call takes one, so that none is a file of many."""

LONGEST_WHOLE = 20
"""The most characters of a number that is read as a whole one."""


def readings(body: bytes) -> list[Any]:
    """Every object the body may stand for.

    More than one where a key is given more than once, and of a list its first members.
    """
    if len(body) > MOST_BYTES or is_deeper(body, MOST_DEPTH):
        return []
    try:
        text = body.decode(json.detect_encoding(body), errors="replace")
        count = _most_repeats(text)
        turns = [*range(min(count, MOST_READINGS) - 1), -1]
        values = [_parsed(text, _taking(turn)) for turn in turns]
        return [body for value in values for body in _objects(value)]
    except ValueError:
        return []


def _objects(value: Any) -> list[Any]:
    """What of a value may be a referral."""
    listed = value if isinstance(value, list) else [value]
    return [one for one in listed if isinstance(one, dict)][:MOST_MEMBERS]


Pairs = list[tuple[str, Any]]


def _parsed(text: str, hook: Callable[[Pairs], Any]) -> Any:
    return json.loads(text, object_pairs_hook=hook, parse_float=number, parse_int=_whole)


def _whole(text: str) -> float:
    return int(text) if len(text) <= LONGEST_WHOLE else number(text)


def _most_repeats(text: str) -> int:
    most = 1

    def count(pairs: Pairs) -> dict[str, Any]:
        nonlocal most
        times: dict[str, int] = {}
        for key, _ in pairs:
            times[key] = times.get(key, 0) + 1
        most = max(most, *times.values()) if times else most
        return {}

    _parsed(text, count)
    return most


def _taking(turn: int) -> Callable[[Pairs], dict[str, Any]]:
    """Of the values given for one key, the one whose turn it is, or the last; objects joined."""

    def take(pairs: Pairs) -> dict[str, Any]:
        values: dict[str, list[Any]] = {}
        for key, value in pairs:
            values.setdefault(key, []).append(value)
        return {key: _one_of(many, turn) for key, many in values.items()}

    return take


def _one_of(many: list[Any], turn: int) -> Any:
    chosen = many[turn if turn < len(many) else -1]
    if len(many) == 1 or not all(isinstance(each, dict) for each in many):
        return chosen
    joined: dict[str, Any] = {}
    for each in (*many, chosen):
        joined |= each
    return joined
