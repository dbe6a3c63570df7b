"""What an element may hold, each sort with its schema and with what is wrong with a value.

The schema says yes or no of a whole resource at once; the faults say what and where. They stand
beside one another, for they must agree. Of primitive values see ``primitives``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from triage.fhir.findings import Finding
from triage.fhir.r4.codes import ConceptCodes
from triage.fhir.r4.pointers import POINTER
from triage.fhir.r4.primitives import Schema
from triage.fhir.r4.told import (
    MOST_LISTED,
    empty,
    guess,
    no_list,
    no_object,
    no_single_value,
    null,
    wrong,
)

Faults = Callable[[str, Any, str], Iterator[Finding]]
"""The faults of an object, by the name of its definition."""


class Held(Protocol):
    """One sort of what an element may hold."""

    def schema(self) -> Schema:
        """The schema of a value."""

    def faults(self, value: Any, expression: str) -> Iterator[Finding]:
        """What is wrong with a value that stands at a FHIRPath, and is not null."""


@dataclass(frozen=True, slots=True)
class Codes:
    """One of the codes that a required binding, or the schema itself, lists."""

    codes: tuple[str, ...]

    def schema(self) -> Schema:
        """The list of the codes."""
        return {"enum": list(self.codes)}

    def faults(self, value: Any, expression: str) -> Iterator[Finding]:
        """A value that is none of them; a long list is not told."""
        if isinstance(value, list):
            yield no_single_value(expression)
        elif value not in self.codes:
            yield wrong("code-invalid", expression, f"must be one of {self._some(value)}")

    def _some(self, sent: Any) -> str:
        if len(self.codes) > MOST_LISTED:
            return f"the codes of R4{guess(sent, self.codes)}"
        return f"these: {', '.join(self.codes)}"


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource of any type: an object, to be looked at by itself."""

    def schema(self) -> Schema:
        """Any object."""
        return {"type": "object"}

    def faults(self, value: Any, expression: str) -> Iterator[Finding]:
        """A value that is no object."""
        if isinstance(value, list):
            yield no_single_value(expression)
        elif not isinstance(value, dict):
            yield no_object(expression)


@dataclass(frozen=True, slots=True)
class Elements:
    """An object with elements of its own, by the name of its definition."""

    definition: str
    within: Faults

    def schema(self) -> Schema:
        """A reference to the definition."""
        return {"$ref": POINTER + self.definition}

    def faults(self, value: Any, expression: str) -> Iterator[Finding]:
        """A value that is no object, or what is wrong inside it."""
        if isinstance(value, list):
            yield no_single_value(expression)
        else:
            yield from self.within(self.definition, value, expression)


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept that must have one of the codes of a code system."""

    elements: Elements
    bound: ConceptCodes

    def schema(self) -> Schema:
        """The definition of a concept, and that one of its codings fits."""
        coding = {"system": {"const": self.bound.system}, "code": {"enum": [*self.bound.codes]}}
        fitting = {"properties": coding, "required": [*coding]}
        bound = {"properties": {"coding": {"contains": fitting}}, "required": ["coding"]}
        return {"allOf": [self.elements.schema(), bound]}

    def faults(self, value: Any, expression: str) -> Iterator[Finding]:
        """What is wrong with it as a concept; if nothing, that no coding fits."""
        faults = list(self.elements.faults(value, expression))
        yield from faults
        if not faults and not any(map(self._fits, value.get("coding", ()))):
            codes = ", ".join(self.bound.codes)
            says = f"must be coded by {self.bound.system} as one of these: {codes}"
            yield wrong("code-invalid", expression, says)

    def _fits(self, coding: dict[str, Any]) -> bool:
        named = coding.get("system") == self.bound.system
        return named and coding.get("code") in self.bound.codes


@dataclass(frozen=True, slots=True)
class Element:
    """An element of an object: what it holds, and whether it is a list of such."""

    held: Held
    listed: bool = False

    def schema(self) -> Schema:
        """The schema of what it holds, or of a list of that."""
        one = self.held.schema()
        return {"type": "array", "minItems": 1, "items": one} if self.listed else one

    def faults(self, value: Any, expression: str, beside: Any) -> Iterator[Finding]:
        """What is wrong with it; ``beside`` is what its twin (``_given`` of ``given``) holds."""
        if value is None:
            yield null(expression)
        elif not self.listed:
            yield from self.held.faults(value, expression)
        elif not isinstance(value, list):
            yield no_list(expression)
        else:
            yield from self._of_list(value, expression, beside)

    def _of_list(self, values: list[Any], expression: str, beside: Any) -> Iterator[Finding]:
        if not values:
            yield empty(expression)
        for index, one in enumerate(values):
            if one is not None:
                yield from self.held.faults(one, f"{expression}[{index}]")
            elif not stands_in(beside, index):
                yield null(f"{expression}[{index}]")


def stands_in(beside: Any, index: int) -> bool:
    """May a null stand in a list? Where the list beside it says something of that place."""
    return isinstance(beside, list) and index < len(beside) and beside[index] is not None
