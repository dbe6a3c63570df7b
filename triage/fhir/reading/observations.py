"""Reads Observations: scores and answers by codes, whole or as components, each on its own day."""

from __future__ import annotations

from collections.abc import Iterator

from triage.fhir.findings import Finding
from triage.fhir.reading.codebook import Codebook
from triage.fhir.reading.days import dated
from triage.fhir.reading.elements import Element, codings_in, is_reason_absent
from triage.fhir.reading.instruments import Days
from triage.fhir.reading.limits import MOST, too_many
from triage.fhir.reading.modifiers import modifiers
from triage.fhir.reading.naming import named_code, named_codes
from triage.fhir.reading.questions import VALUE_COUNTS, Answering, answered
from triage.fhir.reading.said import (
    Asked,
    Dated,
    Refused,
    Said,
    error,
    information,
    misnamed,
    says_anything,
    warning,
)
from triage.fhir.reading.sent import Resource

NOT_READ = frozenset({"entered-in-error", "cancelled"})
"""In which status an Observation says nothing (R4, ObservationStatus)."""


def read_observation(observation: Resource, book: Codebook, days: Days) -> Iterator[Said]:
    """What an Observation says."""
    if observation.text("status") in NOT_READ:
        yield information("informational", observation.near("status"), NOT_COUNTED)
        return
    on = _effective(observation)
    if isinstance(on, Finding):
        yield on
    by = Answering(book, observation.at)
    yield from days.within(_read(observation, by), on if isinstance(on, Dated) else None)


def _effective(observation: Resource) -> Dated | Finding | None:
    at, period = observation.place("effective"), observation.part("effectivePeriod")
    for element, name, place in (
        (observation, "effectiveDateTime", at),
        (observation, "effectiveInstant", at),
        (period, "end", f"{at}.end"),
        (period, "start", f"{at}.start"),
    ):
        found = dated(element, name, place) if element else None
        if found:
            return found
    return None


def _read(observation: Resource, by: Answering) -> Iterator[Said]:
    """What it says as a whole and then by its components, each of which has a code of its own."""
    parts = [one for each in observation.parts("component") for one in _component(each, by)]
    by_parts = any(not isinstance(one, Finding) for one in parts)
    if not by_parts or _names_anything(observation, by.book):
        yield from _part(observation, by)
    yield from parts


def _names_anything(observation: Resource, book: Codebook) -> bool:
    """Has it a code that names what is asked here, or that is meant to?"""
    codings = codings_in(observation.part("code"))
    return bool(book.asked_by(codings) or book.misnamed(codings))


def _component(part: Element, by: Answering) -> Iterator[Said]:
    said = list(_part(part, by))
    yield from said
    if says_anything(said):
        yield from modifiers(part)


def _part(part: Element, by: Answering) -> Iterator[Said]:
    """What an Observation, or a component of it, says by itself."""
    code = part.part("code")
    codings = codings_in(code)
    yield from _too_many_codings(code, part.part("valueCodeableConcept"))
    astray = by.book.misnamed(codings)
    for one in astray:
        yield misnamed(part.near("code"), f"{named_code(one)} {MISNAMED}", one.code)
    asked = by.book.asked_by(codings)
    if asked and not by.book.by_system(codings):
        yield warning("incomplete", part.near("code"), NO_SYSTEM)
    if len(asked) > 1:
        yield error("code-invalid", part.near("code"), SEVERAL)
    elif asked:
        yield from _values(part, asked[0], by, shared=not by.book.names(codings))
    elif not astray:
        names = named_codes(codings)
        at = part.near("code") if names else part.at
        yield information("informational", at, f"{names or NO_CODE} {UNKNOWN}")


def _too_many_codings(*concepts: Element | None) -> Iterator[Finding]:
    for concept in concepts:
        if concept and concept.has_over("coding"):
            yield too_many(concept.place("coding"), MOST)


def _values(part: Element, asked: Asked, by: Answering, *, shared: bool) -> Iterator[Said]:
    absent = _absent(part)
    said = list(answered(part, asked, by, shared=shared))
    if absent is not None and any(not isinstance(one, Finding) for one in said):
        yield warning("conflict", part.near("dataAbsentReason"), f"{asked.path}: {VALUE_COUNTS}")
    elif absent:
        yield Refused(asked, part.at, by.of)
    elif absent is False:
        yield information("informational", part.near("dataAbsentReason"), NOT_ASKED)
    if not said and absent is None and not any(part.parts(name) for name in MEMBERS):
        yield information("informational", part.at, f"{asked.path}: {NO_VALUE}")
    yield from said


MEMBERS = ("component", "hasMember")
"""Where the values of an Observation stand that has none itself."""


def _absent(part: Element) -> bool | None:
    """Is it said why there is no value, and is it that the person declined?"""
    reason = part.part("dataAbsentReason")
    if reason is None:
        return None
    return any(is_reason_absent(coding) for coding in reason.parts("coding"))


NOT_COUNTED = "This was cancelled or entered in error, so it was passed over."

SEVERAL = "The codes here name different answers, so none was read; send the code of one."

MISNAMED = "names nothing that is asked here, although its system is one of ours"

NO_SYSTEM = "The code here is known, but its system is not named. It was read; send the system."

NO_CODE = "An observation without a code"

UNKNOWN = "stands for nothing that is asked here, so it was passed over."

NOT_ASKED = "No value, for another reason than that it was declined: taken as not asked."

NO_VALUE = "there is no value here, so it was taken as not asked."
