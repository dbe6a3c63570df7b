"""Any JSON value as elements of FHIR: what is there is found, what is not is simply not there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from triage.fhir import systems
from triage.fhir.reading.limits import MOST

CHOICES: Mapping[str, str] = {
    "valueCodeableConcept": "value",
    "valueCoding": "value",
    "effectivePeriod": "effective",
    "eventCoding": "event",
}
"""How FHIRPath names an element of which the type is a part of the name."""


@dataclass(frozen=True, slots=True)
class Element:
    """A JSON object, and the FHIRPath at which it stands in what was sent."""

    json: Mapping[str, Any]
    at: str

    def place(self, name: str) -> str:
        """Where a child of it stands."""
        return f"{self.at}.{CHOICES.get(name, name)}"

    def near(self, name: str) -> str:
        """Where a child stands, or this element where there is no such child."""
        return self.place(name) if self.json.get(name) is not None else self.at

    def text(self, name: str) -> str | None:
        """A child that is a text with something in it, else None."""
        found = self.json.get(name)
        return found if isinstance(found, str) and found.strip() else None

    def part(self, name: str) -> Element | None:
        """A child that is an object; of several the first."""
        found = self.json.get(name)
        if type(found) is dict:
            return Element(found, self.place(name))
        return next(iter(self.parts(name)), None)

    def parts(self, name: str, most: int = MOST) -> tuple[Element, ...]:
        """The children of a name that are objects, among as many as are read.

        One that is not in a list is a list of one.
        """
        found = self.json.get(name)
        if type(found) is list:
            at = self.place(name)
            entries = enumerate(found if len(found) <= most else found[:most])
            return tuple(Element(one, f"{at}[{n}]") for n, one in entries if type(one) is dict)
        return (Element(found, self.place(name)),) if type(found) is dict else ()

    def has_over(self, name: str, most: int = MOST) -> bool:
        """Are there more children of a name than this?"""
        found = self.json.get(name)
        return type(found) is list and len(found) > most

    def has_system(self, system: str) -> bool:
        """Is this the system that it names, however that is spelt?"""
        named = self.json.get("system")
        return isinstance(named, str) and systems.plain(named) == systems.plain(system)

    def along(self, *names: str) -> tuple[Element, ...]:
        """The objects at the end of a path."""
        found: tuple[Element, ...] = (self,)
        for name in names:
            found = tuple(part for one in found for part in one.parts(name))
        return found

    def extension(self, url: str) -> Element | None:
        """Its extension of this definition, the first of them."""
        if "extension" not in self.json:
            return None
        return next((one for one in self.parts("extension") if one.json.get("url") == url), None)


@dataclass(frozen=True, slots=True)
class Coding:
    """A code as it was sent: empty texts where there is no system or no display."""

    system: str
    code: str
    display: str
    at: str

    @property
    def key(self) -> tuple[str, str]:
        """By what it is looked up, as it was sent."""
        return self.system, self.code

    @property
    def known_by(self) -> tuple[str, str]:
        """By what it is looked up, however its system is spelt."""
        return systems.plain(self.system), self.code


def coding_of(element: Element) -> Coding:
    """An element as a Coding, whatever it holds."""
    text = element.text
    return Coding(text("system") or "", text("code") or "", text("display") or "", element.at)


def codings_in(concept: Element | None) -> tuple[Coding, ...]:
    """The codings of a CodeableConcept."""
    return tuple(map(coding_of, concept.parts("coding"))) if concept else ()


DECLINED = "asked-declined"
"""The reason for which data is absent where a person was asked and would not say."""


def declines(element: Element) -> bool | None:
    """Does an extension say why there is no value, and is it that it was declined? Else None."""
    absent = element.extension(systems.DATA_ABSENT)
    return None if absent is None else absent.text("valueCode") == DECLINED


def is_reason_absent(coding: Element | None) -> bool | None:
    """Does a Coding say the same in the place of a value? Else None."""
    if coding is None or not coding.has_system(systems.DATA_ABSENT_REASONS):
        return None
    return coding.json.get("code") == DECLINED
