"""What marshmallow found wrong with a body, as faults with a path and a remedy."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from marshmallow import Schema, fields

from schemas.parts import UNKNOWN
from triage.errors import Fault
from triage.nearest import nearest

BODY = "body"
"""The path of a fault of the body as a whole."""

MOST_FAULTS = 100
"""How many faults are told one by one. No body that a person wrote has more."""

Messages = Mapping[Any, Any]
Path = tuple[str, ...]

_PLAIN_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
_MANY_DIGITS = re.compile(r"[0-9]{6}")

LONGEST_PLACE = 5
"""How many digits the place in a list may have."""


def path(*parts: str | int) -> str:
    """The path of a field, such as ``answers.phq9_items.3``.

    A name that the caller made up is repeated only where it looks like the name of a field: what
    stands before a colon could be anything, a patient's number included.
    """
    return ".".join(_shown(str(part)) for part in parts) or BODY


def _shown(name: str) -> str:
    if name.isascii() and name.isdigit() and len(name) <= LONGEST_PLACE:
        return name
    plain = _PLAIN_NAME.fullmatch(name) and not _MANY_DIGITS.search(name)
    return name if plain else "?"


def told(faults: Iterator[Fault]) -> tuple[Fault, ...]:
    """The faults as they are told: the first hundred one by one, then whether there are more."""
    found = tuple(islice(faults, MOST_FAULTS))
    if next(faults, None) is None:
        return found
    return (*found, Fault(BODY, "has more faults than these; mend these first"))


def faults_in(messages: Messages, schema: Schema, at: Path = ()) -> Iterator[Fault]:
    """Every fault in the messages of a schema, in the order of the field names."""
    for name, said in sorted(messages.items(), key=lambda entry: str(entry[0])):
        if name == "_schema":
            yield from _each(said, at)
        elif name not in schema.fields:
            remedy = nearest(str(name), schema.fields)
            yield Fault(path(*at, name), f"{UNKNOWN}; {remedy}")
        else:
            yield from _within(said, schema.fields[name], (*at, name))


def _within(said: Any, field: fields.Field[Any], at: Path) -> Iterator[Fault]:
    if isinstance(said, Mapping) and isinstance(field, fields.Nested):
        yield from faults_in(said, field.schema, at)
    else:
        yield from _each(said, at)


def _each(said: Any, at: Path) -> Iterator[Fault]:
    if isinstance(said, Mapping):
        for place, more in said.items():
            yield from _each(more, (*at, str(place)))
    else:
        yield from (Fault(path(*at), str(problem)) for problem in said)
