"""The types of R4 and the elements of each, as strict as R4 itself and no stricter.

As published the JSON schema takes a text where an object belongs, empty lists and objects, two
elements of which one may be given, and codes that R4 does not have; and it refuses the extensions
of some elements, and metadata as a value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from triage.fhir.findings import Finding
from triage.fhir.r4.choices import CHOICES, MEMBERS, OPEN, Member
from triage.fhir.r4.codes import BOUND, BOUND_CONCEPTS, VALUE_SETS
from triage.fhir.r4.held import Codes, Concept, Element, Elements, Held, Resource
from triage.fhir.r4.needed import NEEDED
from triage.fhir.r4.pointers import ANY_RESOURCE
from triage.fhir.r4.primitives import BY_PATTERN, Primitive, Schema
from triage.fhir.r4.shipped import (
    PRIMITIVES,
    SCHEMA,
    TYPES,
    Node,
    elements,
    held,
    is_primitive,
    single,
)
from triage.fhir.r4.told import empty, guess, no_object, wrong

MOST_UNKNOWN = 100
"""How many elements of one object that are not known are told one by one."""

_OPERATORS = frozenset({"and", "div", "implies", "mod", "or", "xor"})
"""The operators of FHIRPath: an element of that name stands between backticks."""

_NAMES = frozenset(name.lower() for definition in SCHEMA for name in elements(definition))
"""The name of every element there is, in small letters."""


@dataclass(frozen=True, slots=True)
class Definition:
    """The elements of one type, or of an inner element, and which of them are needed.

    ``needed`` are choices, and those that extensions may stand in for (``_status``).
    """

    name: str
    elements: Mapping[str, Element]
    required: tuple[str, ...]
    needed: tuple[str, ...]

    def schema(self) -> Schema:
        """The JSON schema of an object of this type."""
        return {
            "type": "object",
            "minProperties": 1,
            "properties": {name: one.schema() for name, one in self.elements.items()},
            "additionalProperties": False,
            "required": list(self.required),
            "allOf": [*map(self._given, self._singles()), *self._choices()] or [True],
        }

    def _singles(self) -> Iterator[str]:
        return (name for name in self.needed if not name.endswith("[x]"))

    def _given(self, name: str) -> Schema:
        """An element is given by its value, by its extensions, or by both."""
        names = [one for one in (name, f"_{name}") if one in self.elements]
        return {"anyOf": [{"required": [one]} for one in names]}

    def _choices(self) -> Iterator[Schema]:
        """One of each choice, or none. Mostly that is so because there is no room for two."""
        room = {"maxProperties": len(self.required) + 1}
        for choice, members in CHOICES.get(self.name, {}).items():
            each = [self._given(name) for name in members]
            if f"{choice}[x]" in self.needed:
                yield {"oneOf": each}
            else:
                yield {"anyOf": [room, {"oneOf": [*each, {"not": {"anyOf": each}}]}]}

    def faults(self, value: Any, expression: str) -> Iterator[Finding]:
        """What is wrong with a value where an object of this type belongs."""
        if not isinstance(value, dict):
            yield no_object(expression)
        elif not value:
            yield empty(expression)
        else:
            yield from self._wrong(value, expression)
            yield from self._unknown(value, expression)
            yield from self._missing(value, expression)
            yield from self._several(value, expression)

    def _wrong(self, value: dict[str, Any], expression: str) -> Iterator[Finding]:
        for name, inner in value.items():
            element = self.elements.get(name)
            if element:
                at = expression + self._step(name.removeprefix("_"))
                yield from element.faults(inner, at, value.get(_twin(name)))

    def _step(self, name: str) -> str:
        """The step of FHIRPath to an element: one of a choice is told by its type."""
        member = MEMBERS.get(self.name, {}).get(name)
        return f".{member.choice}.ofType({member.type})" if member else step(name)

    def _unknown(self, value: dict[str, Any], expression: str) -> Iterator[Finding]:
        names = [name for name in value if name not in self.elements][:MOST_UNKNOWN]
        if self.name == "Bundle_Entry" and "resourceType" in names:
            says = 'has a resource among its own elements; put it under the name "resource"'
            yield wrong("structure", expression, says)
        else:
            yield from dict.fromkeys(self._not_one(name, expression) for name in names)

    def _not_one(self, name: str, expression: str) -> Finding:
        """A name that is none of R4 may be that of a person: then it is not repeated."""
        known = tuple(each for each in self.elements if not each.startswith("_"))
        owner, _, inner = self.name.partition("_")
        whose = f"this part of {owner}" if inner else owner
        remedy = f"take it out{guess(name, known)}"
        if name.removeprefix("_").lower() not in _NAMES:
            return wrong("structure", expression, f"has an element that {whose} has not; {remedy}")
        at = expression + step(name.removeprefix("_"))
        return wrong("structure", at, f"is not an element of {whose}; {remedy}")

    def _missing(self, value: dict[str, Any], expression: str) -> Iterator[Finding]:
        for name in (*self.required, *self._singles()):
            if name not in value and f"_{name}" not in value:
                yield wrong("required", expression + step(name), "is needed")

    def _several(self, value: dict[str, Any], expression: str) -> Iterator[Finding]:
        for choice, members in CHOICES.get(self.name, {}).items():
            given = [name for name in members if name in value or f"_{name}" in value]
            if len(given) > 1:
                says = f"is given more than once, as {' and '.join(given)}; keep one"
                yield wrong("structure", f"{expression}.{choice}", says)
            elif not given and f"{choice}[x]" in self.needed:
                says = f"is needed, as {_either(members)}"
                yield wrong("required", f"{expression}.{choice}", says)


def _either(members: Mapping[str, Member]) -> str:
    some = list(members)[:4]
    return " or ".join(some) if len(members) == len(some) else f"{', '.join(some)} or another"


def _twin(name: str) -> str:
    """The name of what stands beside a primitive element, or of what that stands beside."""
    return name.removeprefix("_") if name.startswith("_") else f"_{name}"


def step(name: str) -> str:
    """The step of FHIRPath to an element."""
    return f".`{name}`" if name in _OPERATORS else f".{name}"


def faults_of_object(definition: str, value: Any, expression: str) -> Iterator[Finding]:
    """What is wrong with a value where an object of a definition belongs."""
    return DEFINITIONS[definition].faults(value, expression)


def _definition(name: str) -> Definition:
    known = {each: node for each, node in elements(name).items() if _is_of_r4(name, each)}
    extended = {each: node for each, node in known.items() if _may_extend(name, each, node)}
    twins = {f"_{each}": _twin_of(node) for each, node in extended.items()}
    made = {each: Element(_held(name, each), "items" in node) for each, node in known.items()}
    meta = {"valueMeta": Element(Elements("Meta", faults_of_object))} if name in OPEN else {}
    needed = NEEDED.get(name, ())
    alone = [each for each in needed if each in made and f"_{each}" not in twins]
    required = (*SCHEMA[name].get("required", ()), *alone)
    others = tuple(each for each in needed if each not in alone)
    return Definition(name, twins | made | meta, required, others)


def _is_of_r4(definition: str, name: str) -> bool:
    """All but the twins, made anew, and what the schema gives to inner elements of data types."""
    owner, _, inner = definition.partition("_")
    amiss = inner and owner not in TYPES and name == "modifierExtension"
    return not amiss and not name.startswith("_")


def _may_extend(definition: str, name: str, node: Node) -> bool:
    """May extensions stand beside an element? The schema forgets it beside canonical ones."""
    alone = name == "id" or (definition, name) == ("Extension", "url") or held(node) == "xhtml"
    return is_primitive(node) and not alone


def _twin_of(node: Node) -> Element:
    return Element(Elements("Element", faults_of_object), "items" in node)


def _held(definition: str, name: str) -> Held:
    node = single(elements(definition)[name])
    codes = _codes(definition, name, node)
    if codes:
        return Codes(codes)
    if "pattern" in node:
        return Primitive(BY_PATTERN[node["pattern"]])
    return _named(definition, name, held(node) or "")


def _codes(definition: str, name: str, node: Node) -> tuple[str, ...]:
    value_set = BOUND.get(definition, {}).get(name)
    if value_set:
        return VALUE_SETS[value_set]
    return (node["const"],) if "const" in node else tuple(node.get("enum", ()))


def _named(definition: str, name: str, inner: str) -> Held:
    if inner == ANY_RESOURCE:
        return Resource()
    if inner in PRIMITIVES:
        return Primitive(inner)
    concept = BOUND_CONCEPTS.get(definition, {}).get(name)
    made = Elements(inner, faults_of_object)
    return Concept(made, concept) if concept else made


DEFINITIONS: Mapping[str, Definition] = {
    name: _definition(name) for name, shipped in SCHEMA.items() if "additionalProperties" in shipped
}
"""Every definition whose elements are known here."""
