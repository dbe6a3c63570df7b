"""Right resources of every type, drawn from the definitions by a seeded generator."""

from __future__ import annotations

from random import Random
from typing import Any

from triage.fhir.r4.choices import CHOICES, MEMBERS
from triage.fhir.r4.definitions import DEFINITIONS, Definition
from triage.fhir.r4.held import Codes, Concept, Element, Elements, Resource
from triage.fhir.r4.primitives import Primitive

RIGHT: dict[str, tuple[Any, ...]] = {
    "base64Binary": ("QUJD", "QUJD REVG"),
    "boolean": (True, False),
    "canonical": ("http://example.org/a|1", "urn:x"),
    "code": ("a", "two words", "a\u00a0b"),
    "date": ("2026", "2026-02", "2024-02-29", "2000-02-29"),
    "dateTime": ("2026", "2026-11-21", "2026-11-21T10:15:00.5+01:00"),
    "decimal": (0, -1.5, 7, 1e-7),
    "id": ("a", "A-1.b"),
    "instant": ("2026-11-21T10:15:00Z",),
    "integer": (0, -(2**31), 2**31 - 1),
    "markdown": ("*text*\n",),
    "oid": ("urn:oid:1.2.3",),
    "positiveInt": (1, 2**31 - 1),
    "string": ("text", "no\u00a0break", " "),
    "time": ("10:15:00",),
    "unsignedInt": (0, 5),
    "uri": ("urn:x", "http://example.org/a"),
    "url": ("https://example.org/a",),
    "uuid": ("urn:uuid:c757873d-ec9a-4326-a141-556f43239520",),
    "xhtml": ('<div xmlns="http://www.w3.org/1999/xhtml">text</div>',),
}

MOST_DEPTH = 5


def drawn(type_: str, random: Random) -> dict[str, Any]:
    """A right resource of a type, with its needed elements and some others."""
    return _object(DEFINITIONS[type_], random, 0)


def _object(definition: Definition, random: Random, depth: int) -> dict[str, Any]:
    names = {*definition.required, *_chosen(definition, random, depth)}
    made = {name: _value(definition.elements[name], random, depth) for name in sorted(names)}
    _set_aside(definition, made, random)
    return made or {"id": "a"}


def _chosen(definition: Definition, random: Random, depth: int) -> set[str]:
    few = 0.3 if depth == 0 else 0.12
    others = [name for name in definition.elements if not name.startswith("_")]
    single = [name for name in others if name not in MEMBERS.get(definition.name, {})]
    names = {name for name in single if depth < MOST_DEPTH and random.random() < few}
    names |= {name for name in definition.needed if not name.endswith("[x]")}
    for choice, members in CHOICES.get(definition.name, {}).items():
        if f"{choice}[x]" in definition.needed or random.random() < few:
            names.add(_member(definition, sorted(members), random, depth))
    return names


def _member(definition: Definition, names: list[str], random: Random, depth: int) -> str:
    """One of a choice; a plain one, where there is, of what stands far down."""
    plain = [name for name in names if isinstance(definition.elements[name].held, Primitive)]
    return random.choice(plain if plain and depth >= MOST_DEPTH else names)


def _value(element: Element, random: Random, depth: int) -> Any:
    if not element.listed:
        return _one(element, random, depth)
    return [_one(element, random, depth) for _ in range(random.randint(1, 2))]


def _one(element: Element, random: Random, depth: int) -> Any:
    match element.held:
        case Primitive(name):
            return random.choice(RIGHT[name])
        case Codes(codes):
            return random.choice(codes)
        case Resource():
            return {"resourceType": "Organization", "name": "The Surgery"}
        case Concept(_, bound):
            return {"coding": [{"system": bound.system, "code": random.choice(bound.codes)}]}
        case Elements(name):
            return _object(DEFINITIONS[name], random, depth + 1)
    raise AssertionError(element)


def _set_aside(definition: Definition, made: dict[str, Any], random: Random) -> None:
    """Put extensions beside some primitive elements, or in their stead.

    Not inside extensions: the models do not know it there.
    """
    if definition.name == "Extension":
        return
    extended = {"extension": [{"url": "urn:x", "valueString": "text"}]}
    for name in [name for name in made if f"_{name}" in definition.elements]:
        if random.random() < 0.1:
            if not definition.elements[name].listed:
                made[f"_{name}"] = extended
            else:
                made[name] = [None, *made[name]]
                made[f"_{name}"] = [extended, *[None] * (len(made[name]) - 1)]
