"""Every change to a named value, and to what the vocabulary says of routes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from triage.domain.rules import NamedValue
from triage.verify.mutation.changes import Change, Changes, one_off


def of_value(value: NamedValue) -> Changes:
    """Another value in the place of a named one: a number next to it, or another of its words."""
    if isinstance(value.value, int):
        yield from one_off(value.value, value.name)
    for other in value.choices:
        if other != value.value:
            yield Change(other, f"{value.name} {value.value} became {other}")


def of_routes(routes: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Change]]:
    """Every list of routes that is another in one place, with the route it is about."""
    for place, route in enumerate(routes):
        name = route["name"]
        for one in _of_route(route, [each["name"] for each in routes], place):
            yield name, Change([*routes[:place], one.to, *routes[place + 1 :]], one.said)
        if place + 1 < len(routes):
            after = routes[place + 1]
            swapped = [*routes[:place], after, route, *routes[place + 2 :]]
            yield name, Change(swapped, f"precedence over {after['name']} was swapped")


def _of_route(route: Mapping[str, Any], names: Sequence[str], place: int) -> Changes:
    for key in ("replaces", "concurrent_with"):
        listed = route.get(key, [])
        for other in listed:
            kept = [each for each in listed if each != other]
            yield Change(_with(route, key, kept), f"{key}: {other} was dropped")
        for other in names[place + 1 : place + 2]:
            if other not in listed:
                yield Change({**route, key: [*listed, other]}, f"{key}: {other} was added")
    gives_way = not route.get("gives_way", False)
    yield Change({**route, "gives_way": gives_way}, f"gives_way became {str(gives_way).lower()}")


def _with(route: Mapping[str, Any], key: str, listed: Sequence[str]) -> Mapping[str, Any]:
    """A route with a list, or without where nothing is left in it."""
    kept = {each: value for each, value in route.items() if each != key}
    return {**kept, key: listed} if listed else kept
