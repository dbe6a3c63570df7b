"""Whether a value can be looked into at all: not too deep, of characters that there are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

MOST_DEPTH = 200
"""How many objects and lists may stand inside one another. No resource that is meant has 40."""

MOST_BITS = 1024
"""How large a whole number may be: no larger than the numbers of JSON are read by most."""


def is_readable(value: Any) -> bool:
    """Is it JSON of texts in Unicode and numbers that are read, no deeper than can be walked?

    The library that writes JSON is asked first, for it is fast; but it refuses more than need be.
    """
    try:
        orjson.dumps(value)
    except TypeError:
        return _is_sound(value)
    return True


def _is_sound(value: Any) -> bool:
    waiting = [(value, 0)]
    while waiting:
        one, depth = waiting.pop()
        if depth > MOST_DEPTH or not _is_value(one):
            return False
        waiting.extend((inner, depth + 1) for inner in _within(one))
    return True


def _within(value: Any) -> Iterable[Any]:
    """What a value holds, the names of an object among it."""
    if isinstance(value, dict):
        return (*value, *value.values())
    return value if isinstance(value, list) else ()


def _is_value(value: Any) -> bool:
    if isinstance(value, str):
        return not any("\ud800" <= character <= "\udfff" for character in value)
    if isinstance(value, dict):
        return all(isinstance(name, str) for name in value)
    if isinstance(value, int):
        return value.bit_length() <= MOST_BITS
    return value is None or isinstance(value, float | list)
