"""Whom it is about: the one person referred, found among the Patients that were sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from triage.fhir.findings import Finding
from triage.fhir.reading.elements import Element
from triage.fhir.reading.likeness import NOBODY, Identity, is_same
from triage.fhir.reading.said import error, warning
from triage.fhir.reading.sent import Resource, Sent, urls_of, without_version


@dataclass(frozen=True, slots=True)
class Person:
    """The person referred: the Patient that was sent, and what refers to one.

    ``names`` are the references by which they are known, as ``tail`` has them. ``among_others``:
    Patients were sent who are somebody else, or may be.
    """

    patient: Resource | None
    subject: Element | None
    identity: Identity = NOBODY
    names: frozenset[str] = frozenset()
    among_others: bool = False


def subject_of(resource: Resource | None) -> Element | None:
    """What says whom a resource is about; None where it names nobody."""
    found = (resource.part("subject") or resource.part("patient")) if resource else None
    return found if found and (found.text("reference") or found.part("identifier")) else None


def find_person(sent: Sent, asking: Resource | None) -> tuple[Person, list[Finding]]:
    """The person whom a request or a questionnaire is about, and what is doubtful of that."""
    subject, patients = subject_of(asking), sent.of("Patient")
    stated = Identity.of(subject) if subject else NOBODY
    found = sent.resolve(subject, asking) if asking else None
    identified = [one for one in patients if _identifies(stated, one)]
    chosen = found if found and found.type == "Patient" else _one_of(identified or patients)
    person = _person(chosen, subject, stated, patients)
    if subject is None:
        doubts = [*_unnamed(asking, person, patients)]
    else:
        doubts = [*_doubts(subject, found, person), *_two_named(subject, identified, person)]
    return person, doubts


def tail(reference: str) -> str:
    """A reference as type and id, wherever the server is that it names."""
    return "/".join(without_version(reference).split("/")[-2:])


def type_of(subject: Element, found: Resource | None) -> str:
    """Of what type is what a reference leads to, or says that it leads to? Empty if neither."""
    if found:
        return found.type
    before, _, _ = tail(subject.text("reference") or "").rpartition("/")
    return subject.text("type") or (before if before.isalpha() else "")


def is_of_other_name(reference: str, names: frozenset[str]) -> bool:
    """Is somebody named in the way in which the person is, and by another name?"""
    named = tail(reference)
    return named not in names and _way(named) in map(_way, names)


def _way(name: str) -> str:
    return name.rpartition("/")[0] or name.rpartition(":")[0]


def _person(
    chosen: Resource | None, subject: Element | None, stated: Identity, patients: Sequence[Resource]
) -> Person:
    reference = subject.text("reference") if subject else None
    names = {tail(reference)} if reference else set()
    if chosen is None:
        return Person(None, subject, stated, frozenset(names), among_others=bool(patients))
    return Person(
        chosen,
        subject,
        Identity.of(chosen).beside(stated),
        frozenset(names | {tail(url) for url in urls_of(chosen)}),
        among_others=any(is_same(chosen, one) is not True for one in patients),
    )


def _identifies(stated: Identity, patient: Resource) -> bool:
    return stated != NOBODY and Identity.of(patient).is_that_of(stated) is True


def _one_of(patients: Sequence[Resource]) -> Resource | None:
    """The person that all of these are; None where they are not, or may not be."""
    one = next(iter(patients), None)
    return one if one and all(is_same(one, each) for each in patients) else None


def _unnamed(
    asking: Resource | None, person: Person, patients: Sequence[Resource]
) -> Iterator[Finding]:
    if person.patient is None and patients:
        at = asking.near("subject") if asking else patients[0].at
        yield error("multiple-matches", at, SEVERAL_PATIENTS)


def _doubts(subject: Element, found: Resource | None, person: Person) -> Iterator[Finding]:
    patient, reference = person.patient, subject.text("reference")
    if type_of(subject, found) not in ("", "Patient"):
        yield error("not-supported", subject.at, NO_PATIENT)
    elif patient is None and person.among_others:
        yield error("multiple-matches", subject.at, SEVERAL_PATIENTS)
    elif found is None and patient and reference and not _is_named(subject, patient):
        known = frozenset(map(tail, urls_of(patient)))
        if is_of_other_name(reference, known):
            yield error("conflict", subject.at, OTHER_PATIENT)
        else:
            yield warning("not-found", subject.at, ONLY_PATIENT)


def _is_named(subject: Element, patient: Resource) -> bool:
    return _identifies(Identity.of(subject), patient)


def _two_named(
    subject: Element, identified: Sequence[Resource], person: Person
) -> Iterator[Finding]:
    """That a reference leads to one person, and the identifier beside it is another's."""
    patient = person.patient
    if patient is None:
        return
    differ = Identity.of(patient).is_that_of(Identity.of(subject)) is False
    theirs = [is_same(patient, one) for one in identified]
    if differ or (theirs and True not in theirs):
        yield error("conflict", subject.at, OTHER_NUMBER)


NO_PATIENT = (
    "This is about no Patient; a referral is of one person, so send a reference to a Patient."
)

SEVERAL_PATIENTS = (
    "Several Patients were sent, and it is not said which of them is referred. Send a reference to"
    " one of them in ServiceRequest.subject."
)

ONLY_PATIENT = (
    "This Patient was not sent. The only Patient that was is taken for the person referred; check"
    " that it is."
)

OTHER_PATIENT = (
    "This Patient was not sent, and the only Patient that was has another id. Send the Patient who"
    " is referred."
)

OTHER_NUMBER = "The NHS number here is not that of the Patient who was sent; check who is referred."
