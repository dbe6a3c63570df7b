"""A change to one place of a rule file, and how changes deep inside are carried outwards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple


class Change(NamedTuple):
    """What stands in a place after one change, and the change in words."""

    to: Any
    said: str


Changes = Iterator[Change]


def put(whole: Mapping[str, Any], key: str, changes: Iterable[Change]) -> Changes:
    """A mapping with one of its values changed, in each of these ways."""
    for one in changes:
        yield Change({**whole, key: one.to}, one.said)


def within(parts: Sequence[Any], changes: Callable[[Any], Iterable[Change]]) -> Changes:
    """A list with one of its parts changed, in each way that a part can be."""
    for place, part in enumerate(parts):
        for one in changes(part):
            yield Change([*parts[:place], one.to, *parts[place + 1 :]], one.said)


def without_one(parts: Sequence[Any], told: Callable[[Any], str]) -> Changes:
    """A list with one of its parts left out; the only one there is stays."""
    if len(parts) > 1:
        for place, part in enumerate(parts):
            yield Change([*parts[:place], *parts[place + 1 :]], f"{told(part)} was dropped")


def neighbours(known: Sequence[str], name: str) -> Sequence[str]:
    """The words before and after one, in an order that means something."""
    place = known.index(name)
    return [known[at] for at in (place - 1, place + 1) if 0 <= at < len(known)]


def one_off(number: int, told: str) -> Changes:
    """A number one lower and one higher."""
    for other in (number - 1, number + 1):
        yield Change(other, f"{told} {number} became {other}")
