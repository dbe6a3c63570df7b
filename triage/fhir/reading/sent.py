"""The resources that were sent, each with its place, and what their references lead to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from triage.fhir.findings import Finding
from triage.fhir.reading.elements import Element
from triage.fhir.reading.limits import MOST, too_many
from triage.fhir.reading.modifiers import modified


@dataclass(frozen=True, slots=True)
class Placed:
    """A resource, or any JSON value in its place, with the FHIRPath at which it stands.

    ``full_url`` is by what others refer to it, as ``Bundle.entry.fullUrl`` is.
    """

    resource: Any
    expression: str
    full_url: str | None = None


@dataclass(frozen=True, slots=True)
class Resource(Element):
    """A resource, of the type that it says. ``within`` is the one that contains it."""

    type: str = ""
    full_url: str = ""
    within: Resource | None = None

    @classmethod
    def of(cls, at: Element, full_url: str = "", within: Resource | None = None) -> Resource:
        """An element as the resource that it is."""
        return cls(at.json, at.at, at.text("resourceType") or "", full_url, within)


HOLDERS: Mapping[str, str] = {"Bundle": "entry", "Parameters": "parameter"}
"""The resources that hold others, and in which part."""

READ = frozenset(
    {
        "MessageHeader", "ServiceRequest", "Patient", "QuestionnaireResponse", "Observation",
        "Condition", "Flag", "Consent", "Organization", "Practitioner", "PractitionerRole",
    }
)  # fmt: skip
"""The types of resources of which anything is read."""

HISTORY = "/_history/"

Index = Mapping[Any, Resource | None]
"""Resources by what refers to them; None by what two that differ are referred to."""


class Sent:
    """Everything that was sent; ``faults`` say what of its wrapping keeps it from being used."""

    def __init__(self, placed: Iterable[Placed]) -> None:
        unpacking = _Unpacking()
        self.resources = tuple(unpacking.resources(placed))
        self.faults = tuple(unpacking.faults)
        self._by_type: dict[str, list[Resource]] = {}
        for one in self.resources:
            self._by_type.setdefault(one.type, []).append(one)
        outer = (one for one in self.resources if one.within is None)
        inner = (one for one in self.resources if one.within)
        self._by_url = _index((url, one) for one in outer for url in urls_of(one))
        self._inside = _index(((id(one.within), one.text("id")), one) for one in inner)

    def of(self, kind: str) -> Sequence[Resource]:
        """The resources of a type, in the order in which they were sent."""
        return self._by_type.get(kind, ())

    def only(self, kind: str) -> Resource | None:
        """The one resource of a type; None where there is none, or where there are several."""
        return None if self.several(kind) else next(iter(self.of(kind)), None)

    def several(self, kind: str) -> bool:
        """Are there resources of this type that differ?"""
        found = self.of(kind)
        return any(one.json != found[0].json for one in found)

    def resolve(self, reference: Element | None, by: Resource) -> Resource | None:
        """What a reference in a resource leads to, where that was sent as well."""
        to = reference.text("reference") if reference else None
        if to is None:
            return None
        if to.startswith("#"):
            holder = by.within or by
            return self._inside.get((id(holder), to[1:])) if to[1:] else holder
        return self._by_url.get(without_version(to))

    def is_of_several(self, reference: Element) -> bool:
        """Does a reference lead to several that differ?"""
        return without_version(reference.text("reference") or "") in self._by_url


def without_version(reference: str) -> str:
    """A reference to any version of what it leads to."""
    return reference.partition(HISTORY)[0]


@dataclass(frozen=True, slots=True)
class _Unpacking:
    """Takes resources out of Bundles and Parameters, no more of them than are read."""

    faults: list[Finding] = field(default_factory=list)

    def resources(self, placed: Iterable[Placed]) -> Iterator[Resource]:
        """The resources in these, in order, each followed by what it contains."""
        waiting, left, inner = list(placed)[::-1], MOST, MOST
        while waiting:
            one = waiting.pop()
            if type(one.resource) is not dict:
                continue
            found = Resource.of(Element(one.resource, one.expression), one.full_url or "")
            if found.type in HOLDERS:
                held = self._parts(found, HOLDERS[found.type], left)
                left -= len(held)
                self.faults.extend(modified(found))
                waiting += [_held(each) for each in held][::-1]
                continue
            self.faults.extend(_too_long(found))
            yield found
            if "contained" not in found.json:
                continue
            contained = self._parts(found, "contained", inner)
            inner -= len(contained)
            yield from (Resource.of(each, within=found) for each in contained)

    def _parts(self, holder: Resource, name: str, left: int) -> Sequence[Element]:
        if holder.has_over(name, left):
            self.faults.append(too_many(holder.place(name), MOST))
        return holder.parts(name, left)


def _too_long(resource: Resource) -> Iterator[Finding]:
    """The lists of a resource that are longer than is read; its items are counted apart."""
    if resource.type not in READ:
        return
    for name, value in resource.json.items():
        if type(value) is list and len(value) > MOST and name != "item":
            yield too_many(resource.place(name), MOST)


def _held(entry: Element) -> Placed:
    """What an entry holds. Some senders put the resource where its entry should be."""
    if "resourceType" in entry.json and "resource" not in entry.json:
        return Placed(entry.json, entry.at)
    return Placed(entry.json.get("resource"), entry.place("resource"), entry.text("fullUrl"))


def _index(named: Iterable[tuple[Any, Resource]]) -> Index:
    """The resources by all they may be referred to by."""
    found: dict[Any, Resource | None] = {}
    for name, one in named:
        before = found.setdefault(name, one)
        if before is not one and before is not None and before.json != one.json:
            found[name] = None
    return found


def urls_of(one: Resource) -> Iterator[str]:
    """By what a resource may be referred to."""
    if one.full_url:
        yield one.full_url
        if "/" in one.full_url:
            yield "/".join(one.full_url.split("/")[-2:])
    id_ = one.text("id")
    if id_:
        yield f"{one.type}/{id_}"
        yield f"urn:uuid:{id_}"
