"""What marshmallow found wrong with a body, as faults with a path and a remedy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from marshmallow import Schema, fields

from triage.errors import Fault
from triage.nearest import nearest

BODY = "body"
"""The path of a fault of the body as a whole."""

MOST_FAULTS = 100
"""How many faults are told one by one. No body that a person wrote has more."""

MADE_UP = "?"
"""Stands in a path for a name that is not known: it could be anything, a patient's included."""

Messages = Mapping[Any, Any]
Path = tuple[str, ...]
_At = tuple[str | int, ...]


def path(*parts: str | int) -> str:
    """The path of a field, such as ``answers.phq9_items.3``, of names that are known."""
    return ".".join(map(str, parts)) or BODY


def names_in(schema: Schema) -> frozenset[str]:
    """Every name that a schema knows, at any depth."""
    names = set(schema.fields)
    for field in schema.fields.values():
        if isinstance(field, fields.Nested):
            names |= names_in(field.schema)
    return frozenset(names)


def told(faults: Iterator[Fault]) -> tuple[Fault, ...]:
    """The faults as they are told: the first hundred one by one, then whether there are more."""
    found = tuple(islice(faults, MOST_FAULTS))
    if next(faults, None) is None:
        return found
    return (*found, Fault(BODY, "has more faults than these; mend these first"))


def faults_in(messages: Messages, schema: Schema, at: _At = ()) -> Iterator[Fault]:
    """Every fault in the messages of a schema, in the order of the field names."""
    for name, said in sorted(messages.items(), key=lambda entry: str(entry[0])):
        if name == "_schema":
            yield from _each(said, at)
        elif name not in schema.fields:
            remedy = nearest(str(name), schema.fields)
            yield from (Fault(path(*at, MADE_UP), f"{problem}; {remedy}") for problem in said)
        else:
            yield from _within(said, schema.fields[name], (*at, name))


def _within(said: Any, field: fields.Field[Any], at: _At) -> Iterator[Fault]:
    if isinstance(said, Mapping) and isinstance(field, fields.Nested):
        yield from faults_in(said, field.schema, at)
    else:
        yield from _each(said, at)


def _each(said: Any, at: _At) -> Iterator[Fault]:
    if isinstance(said, Mapping):
        for place, more in said.items():
            yield from _each(more, (*at, place if isinstance(place, int) else MADE_UP))
    else:
        yield from (Fault(path(*at), str(problem)) for problem in said)
