"""Whose a resource is: the person's, somebody else's, or not to be told.

What may be the person's is read, so that no danger in it is lost; where it cannot be told whose it
is, the message is refused all the same (hazard log, wrong patient).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from triage.fhir.findings import Finding, Severity
from triage.fhir.reading.elements import Element
from triage.fhir.reading.likeness import Identity, is_same
from triage.fhir.reading.people import Person, is_of_other_name, subject_of, tail, type_of
from triage.fhir.reading.said import error, information, warning
from triage.fhir.reading.sent import Resource, Sent


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is to be said of whose a resource is.

    ``is_read`` is False for what is somebody else's. Of what is read, ``finding`` is told if it
    says anything of the person, and ``instead`` in place of what it says if that is nothing.
    """

    finding: Finding
    is_read: bool = True
    instead: Finding | None = None


def doubt_of(resource: Resource, person: Person, sent: Sent) -> Doubt | None:
    """What is doubtful of whose a resource is; None where it is the person's."""
    if person.patient is None and person.among_others:
        return None  # it is not known who is referred, and that was said
    subject = subject_of(resource)
    if subject is None:
        return _unclear(resource, "multiple-matches", OF_WHICH) if person.among_others else None
    found = sent.resolve(subject, resource)
    is_theirs = found is not None and found is person.patient and "identifier" not in subject.json
    return None if is_theirs else _of_subject(subject, found, person, sent)


def _of_subject(
    subject: Element, found: Resource | None, person: Person, sent: Sent
) -> Doubt | None:
    if type_of(subject, found) not in ("", "Patient"):
        thing = information("informational", subject.at, NOT_ABOUT_A_PERSON)
        return replace(_unclear(subject, "not-supported", NOT_A_PATIENT), instead=thing)
    by_identifier = person.identity.is_that_of(Identity.of(subject))
    if found:
        return _of_sent(subject, {_is_person(found, person), by_identifier} - {None})
    if by_identifier is None:
        return _of_unsent(subject, person, sent)
    return None if by_identifier else _another(subject)


def as_fault(doubt: Doubt) -> Doubt:
    """What is another's, where nobody said which of the two is meant: read, and a fault."""
    if doubt.is_read:
        return doubt
    finding = replace(doubt.finding, severity=Severity.ERROR, code="conflict", says=TWO_PEOPLE)
    return Doubt(finding)


def _is_person(found: Resource, person: Person) -> bool | None:
    """Is this Patient the person? None where it cannot be told."""
    if person.patient:
        alike = is_same(found, person.patient)
        return person.identity.is_that_of(Identity.of(found)) if alike is None else alike
    return person.identity.is_that_of(Identity.of(found))


def _of_sent(subject: Element, said: set[bool | None]) -> Doubt | None:
    """By whether the Patient who is referred to, and the identifier beside, are the person's."""
    if said == {True}:
        return None
    if said == {False}:
        return _another(subject)
    return _unclear(subject, "conflict", TWO_NAMED if said else WHO_IT_IS)


def _of_unsent(subject: Element, person: Person, sent: Sent) -> Doubt | None:
    """By a reference to what was not sent."""
    reference = subject.text("reference")
    known = person.patient or person.subject
    if known is None or (reference and tail(reference) in person.names):
        return None
    unclear = person.among_others or sent.is_of_several(subject)
    if reference and (reference[:1] == "#" or is_of_other_name(reference, person.names)):
        unclear = True
    if unclear:
        return _unclear(subject, "not-found", WHO_IT_IS)
    return Doubt(warning("not-found", subject.at, ABOUT_WHOM))


def _another(subject: Element) -> Doubt:
    return Doubt(warning("business-rule", subject.at, ABOUT_ANOTHER), is_read=False)


def _unclear(at: Element, code: str, says: str) -> Doubt:
    return Doubt(error(code, at.at, says))


OF_WHICH = (
    "Patients of several people were sent, and it is not said of whom this is. Send a reference to"
    " the Patient as its subject."
)

NOT_A_PATIENT = (
    "This answers something of the person referred, and is about no Patient. Send a reference to"
    " the Patient as its subject."
)

NOT_ABOUT_A_PERSON = "This is about something else than the person referred, so it was passed over."

WHO_IT_IS = (
    "It cannot be told whether this is about the person referred. Send as its subject a reference"
    " to the Patient who is referred, or their NHS number."
)

TWO_NAMED = (
    "The reference here leads to one person, and the identifier beside it is another's. Send as its"
    " subject a reference to the Patient whom it is about."
)

TWO_PEOPLE = (
    "The answers sent are of two people. Send those of one, each of whom is named the same."
)

ABOUT_ANOTHER = "This is about another person than the one referred, so it was not read."

ABOUT_WHOM = "The Patient named here was not sent; this was read as of the person referred."
