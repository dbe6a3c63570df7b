"""The resources that came with a call: where each stands, and which are of the person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from triage.cds_hooks.subjects import Subject
from triage.cds_hooks.templates import PATIENT
from triage.fhir.findings import Finding, Severity
from triage.fhir.reading import Placed
from triage.fhir.reading.elements import Element

BUNDLE = "Bundle"

OUTCOME = "OperationOutcome"
"""What a server answers with in the place of what was asked for, or beside it."""

PREFETCH = "prefetch"

STRANGE = "?"
"""Stands in a place for a key that nobody was asked to use: it could be anything."""

Found = Placed | Finding


def resources_of(
    prefetch: Mapping[str, Any], keys: Mapping[str, Any], subject: Subject | None
) -> Iterator[Found]:
    """The resources that were prefetched but for the Patient, and what was passed over and why.

    ``keys`` are those of the templates. What is about somebody else than the ``subject`` is passed
    over; where nobody is known, nothing is.
    """
    for key, value in prefetch.items():
        at = f"{PREFETCH}.{key if key in keys else STRANGE}"
        if key != PATIENT and value is not None:
            yield from (_of_subject(one, subject) for one in _unpacked(value, at))


def _of_subject(one: Found, subject: Subject | None) -> Found:
    if isinstance(one, Finding):
        return one
    resource = Element(one.resource, one.expression)
    if resource.text("resourceType") == "Patient":
        return _passed_over(resource.at, _ANOTHER_PATIENT)
    if subject is None:
        return one
    if not subject.owns(resource):
        return _passed_over(resource.at, _OF_ANOTHER)
    return replace(one, resource=subject.as_theirs(resource))


def _unpacked(value: Any, at: str) -> Iterator[Found]:
    """A resource, or those in a Bundle that a search was answered with."""
    if not isinstance(value, dict):
        yield _passed_over(at, _NO_RESOURCE)
        return
    if value.get("resourceType") != BUNDLE:
        yield _passed_over(at, _NOT_HAD) if _is_outcome(value) else Placed(value, at)
        return
    bundle = Element(value, at)
    if any(one.text("relation") == "next" for one in bundle.parts("link")):
        yield _passed_over(f"{at}.link", _MORE_PAGES)
    for entry in bundle.parts("entry"):
        yield from _entered(entry)


def _entered(entry: Element) -> Iterator[Found]:
    resource = entry.json.get("resource")
    if not isinstance(resource, dict) or resource.get("resourceType") == BUNDLE:
        yield _passed_over(entry.at, _NO_RESOURCE)
    elif _is_outcome(resource):
        yield _passed_over(entry.place("resource"), _NOT_HAD)
    else:
        yield Placed(resource, entry.place("resource"), entry.text("fullUrl"))


def _is_outcome(resource: Mapping[str, Any]) -> bool:
    return resource.get("resourceType") == OUTCOME


def _passed_over(at: str, says: str) -> Finding:
    return Finding(Severity.WARNING, "incomplete", at, says)


_NO_RESOURCE = "This is no resource, so nothing was read of it."
_NOT_HAD = (
    "This could not be had: the server answered with what went wrong. Nothing is known of it."
)
_OF_ANOTHER = "This is about somebody else than the person whose record is open; it was not read."
_ANOTHER_PATIENT = "Only the Patient under the key patient is looked at; this one was not read."
_MORE_PAGES = "There are more pages than were sent; what is on them was not read."
