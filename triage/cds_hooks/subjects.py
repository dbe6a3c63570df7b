"""Whose a resource is. What is of somebody else must not be read into this person's answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from triage.fhir.reading.elements import Element
from triage.fhir.reading.likeness import NOBODY, Identity

WHOSE = ("subject", "patient", "beneficiary", "individual")
"""The parts in which resources say whose they are (R4)."""

MOST_NAMED = 10
"""Of how many at most a resource may be, one of whom is the person."""

PATIENT = "Patient"

HISTORY = "/_history/"


@dataclass(frozen=True, slots=True)
class Subject:
    """The person whose record is open: the id of their Patient, and what identifies them.

    ``server`` is the FHIR server of whoever calls, with no slash at its end; None where they name
    none.
    """

    id: str
    identity: Identity = NOBODY
    server: str | None = None

    @classmethod
    def of(cls, patient: Element, id_: str, server: str | None = None) -> Subject:
        """The person that a Patient describes."""
        return cls(id_, Identity.of(patient), server.rstrip("/") if server else None)

    def owns(self, resource: Element) -> bool:
        """May a resource be read as theirs? Not where it says that it is about somebody else.

        One that names nobody is theirs: it was found by asking for what is about them.
        """
        if any(resource.has_over(name, MOST_NAMED) for name in WHOSE):
            return False
        return all(self._is(named, resource) for named in _named(resource))

    def as_theirs(self, resource: Element) -> Mapping[str, Any]:
        """A resource of theirs, with their Patient named where it holds one of its own."""
        inside = {
            name
            for name in WHOSE
            for one in resource.parts(name)
            if (one.text("reference") or "").startswith("#")
        }
        if not inside:
            return resource.json
        found = {
            **resource.json,
            **{name: {"reference": f"{PATIENT}/{self.id}"} for name in inside},
        }
        others = [
            one.json for one in resource.parts("contained") if one.text("resourceType") != PATIENT
        ]
        return {**found, "contained": others} if "contained" in found else found

    def _is(self, named: Element, resource: Element) -> bool:
        held = _contained(named, resource)
        if held and held.text("resourceType") != PATIENT:
            return False
        said = {self._is_identified(one) for one in (named, held) if one} - {None}
        return self._is_named(named) if not said else said == {True}

    def _is_identified(self, one: Element) -> bool | None:
        return self.identity.is_that_of(Identity.of(one))

    def _is_named(self, named: Element) -> bool:
        """By the reference alone: below the server of who calls, or wherever none is known."""
        to = named.text("reference")
        if to is None or to.startswith("#"):
            return named.text("type") in (None, PATIENT)
        path = to.partition(HISTORY)[0]
        if path in (self.id, f"{PATIENT}/{self.id}", f"urn:uuid:{self.id}"):
            return True
        if "://" in path and self.server is not None:
            return path == f"{self.server}/{PATIENT}/{self.id}"
        return "://" in path and path.split("/")[-2:] == [PATIENT, self.id]


def _named(resource: Element) -> tuple[Element, ...]:
    return tuple(part for name in WHOSE for part in resource.parts(name))


def _contained(named: Element, resource: Element) -> Element | None:
    """The resource inside this one that a reference leads to."""
    to = named.text("reference") or ""
    if not to.startswith("#"):
        return None
    held = resource.parts("contained")
    return next((one for one in held if f"#{one.text('id')}" == to), None)
