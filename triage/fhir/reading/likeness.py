"""By what people are told apart: NHS numbers, dates of birth, and identifiers of one system."""

from __future__ import annotations

import re
from dataclasses import dataclass

from triage.domain.nhs_number import DIGITS
from triage.fhir.reading.elements import Element
from triage.fhir.reading.patients import nhs_numbers
from triage.fhir.reading.sent import Resource
from triage.fhir.systems import NHS_NUMBER, plain

_NUMBER = re.compile(rf"[0-9]{{{DIGITS}}}\Z")
_BORN = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}\Z")

MOST_IDENTIFIERS = 50
"""How many identifiers of a person are looked at: more than any system gives them."""

TELLING = ("identifier", "name", "birthDate")
"""The parts of a Patient of which two that are the same in all are of one person."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What identifies a person, as far as it was said. ``born`` may be of a year or a month."""

    numbers: frozenset[str] = frozenset()
    born: str = ""
    others: frozenset[tuple[str, str]] = frozenset()

    @classmethod
    def of(cls, named: Element) -> Identity:
        """What identifies whom a Patient, or a reference to one, names."""
        identifiers = named.parts("identifier", MOST_IDENTIFIERS)
        numbers = (number for _, number in nhs_numbers(identifiers) if _NUMBER.match(number))
        keys = ((plain(one.text("system") or ""), one.text("value")) for one in identifiers)
        others = {(system, value) for system, value in keys if system and value}
        born = named.text("birthDate") or ""
        return cls(
            frozenset(numbers),
            born if _BORN.match(born) else "",
            frozenset(one for one in others if one[0] != plain(NHS_NUMBER)),
        )

    def is_that_of(self, other: Identity) -> bool | None:
        """Is it one person? None where that cannot be told, or is contradicted.

        Two NHS numbers are of two people. Two dates of birth are as well, unless the number is the
        same: then one of the two is wrong, and a person must see which.
        """
        born, numbers = self._born_as(other), self._numbered_as(other)
        if numbers is None:
            same = True if self.others & other.others else None
            return False if born is False else same
        return None if numbers and born is False else numbers

    def beside(self, other: Identity) -> Identity:
        """What either says, where both do what this says."""
        return Identity(
            self.numbers or other.numbers, self.born or other.born, self.others | other.others
        )

    def _numbered_as(self, other: Identity) -> bool | None:
        if not self.numbers or not other.numbers:
            return None
        if self.numbers == other.numbers:
            return True
        return None if self.numbers & other.numbers else False

    def _born_as(self, other: Identity) -> bool | None:
        if not self.born or not other.born:
            return None
        return self.born.startswith(other.born) or other.born.startswith(self.born)


NOBODY = Identity()
"""The identity of whom nothing is said."""


def is_same(one: Resource, other: Resource) -> bool | None:
    """Are two Patients one person? None where that cannot be told."""
    if one.json is other.json or (one.json == other.json and _tells(one, other)):
        return True
    return Identity.of(one).is_that_of(Identity.of(other))


def _tells(one: Resource, other: Resource) -> bool:
    """Does what two Patients that are alike say identify anybody?"""
    outer = one.within is None and other.within is None
    return (outer and one.text("id") is not None) or any(one.json.get(name) for name in TELLING)
