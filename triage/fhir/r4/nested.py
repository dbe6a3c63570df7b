"""The resources inside a resource: contained, in the entries of a bundle, in parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from triage.fhir.r4.pointers import ANY_RESOURCE
from triage.fhir.r4.shipped import SCHEMA, TYPES, elements, held


@dataclass(frozen=True, slots=True)
class Place:
    """A resource, or what stands where one belongs, and the FHIRPath to it."""

    resource: Any
    expression: str
    type: str | None
    """The resource type; None where it has none, or one that R4 does not know."""


@dataclass(frozen=True, slots=True)
class _Way:
    """An element that leads to resources: it holds them, or by its definition what holds some."""

    name: str
    definition: str
    listed: bool


_Found = tuple[Mapping[str, Any], str]
"""An object, and the FHIRPath to it."""


def places_within(resource: Any, expression: str) -> Iterator[Place]:
    """The resource itself, then every resource inside it, each before what is inside that."""
    waiting = [(resource, expression)]
    while waiting:
        one, at = waiting.pop()
        named = one.get("resourceType") if isinstance(one, dict) else None
        known = named if isinstance(named, str) and named in KNOWN else None
        yield Place(one, at, known)
        if known:
            waiting.extend(reversed(list(_inside(known, one, at))))


def _inside(definition: str, value: Mapping[str, Any], expression: str) -> Iterator[_Found]:
    for way in WAYS.get(definition, ()):
        if way.name in value:
            for one, at in _each(value[way.name], f"{expression}.{way.name}", way):
                if way.definition == ANY_RESOURCE:
                    yield one, at
                else:
                    yield from _inside(way.definition, one, at)


def _each(value: Any, expression: str, way: _Way) -> Iterator[_Found]:
    """The objects that an element holds. What is no object is a fault of the outer resource."""
    if not way.listed and isinstance(value, dict):
        yield value, expression
    elif way.listed and isinstance(value, list):
        for index, one in enumerate(value):
            if isinstance(one, dict):
                yield one, f"{expression}[{index}]"


def _leading() -> set[str]:
    """The definitions that lead to a resource inside, however far down."""
    found = {ANY_RESOURCE}
    while more := {one for one in set(SCHEMA) - found if found & set(_held(one))}:
        found |= more
    return found


def _held(definition: str) -> Iterator[str | None]:
    return map(held, elements(definition).values())


def _ways(definition: str, leading: set[str]) -> Iterator[_Way]:
    for name, node in elements(definition).items():
        inner = held(node)
        if inner in leading:
            yield _Way(name, inner or "", "items" in node)


KNOWN = frozenset(TYPES)

WAYS: Mapping[str, tuple[_Way, ...]] = {
    definition: tuple(_ways(definition, leading))
    for leading in (_leading(),)
    for definition in leading
}
"""By definition, the elements that lead to resources inside."""
