"""Reads what a ServiceRequest says of itself: identifiers, notes, source, what it replaces."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from schemas.referral import LONGEST_ID, LONGEST_NOTES
from triage.fhir import systems
from triage.fhir.findings import Finding
from triage.fhir.reading.codebook import SOURCE, Codebook
from triage.fhir.reading.elements import Element, codings_in
from triage.fhir.reading.modifiers import modified
from triage.fhir.reading.said import Asked, Given, Said, error, information, warning
from triage.fhir.reading.sent import Resource

REFERENCE, NOTES = Asked("", "reference"), Asked("", "notes")
SUPERSEDES = Asked("", "supersedes")


def read_request(request: Resource, book: Codebook) -> Iterator[Said]:
    """What a ServiceRequest says, but for who is referred, by whom and why."""
    yield from _reference(request)
    yield from _notes(request)
    yield from _supersedes(request, book)
    yield from _source(request, book)


def faults_of_request(request: Resource | None) -> Iterator[Finding]:
    """What keeps a request from being acted upon, even from being taken back."""
    yield from modified(request)
    if request and request.json.get("doNotPerform") not in (None, False):
        yield error("business-rule", request.place("doNotPerform"), NOT_TO_BE_DONE)


def identifiers(request: Resource) -> list[Element]:
    """The identifiers of a request, those of the e-Referral Service first."""
    found = [one for one in request.parts("identifier") if one.text("value")]
    return sorted(found, key=lambda one: not one.has_system(systems.UBRN))


def _reference(request: Resource) -> Iterator[Said]:
    for identifier in identifiers(request)[:1]:
        value, at = identifier.text("value") or "", identifier.place("value")
        if len(value) <= LONGEST_ID and value.isprintable():
            yield Given(REFERENCE, value, at, request.at)
        else:
            yield warning("too-long", at, NO_REFERENCE)


def _notes(request: Resource) -> Iterator[Said]:
    notes = [one for one in request.parts("note") if one.text("text")]
    written = "\n\n".join(one.text("text") or "" for one in notes)
    if not notes:
        return
    at = notes[0].place("text")
    yield Given(NOTES, written[:LONGEST_NOTES], at, request.at)
    if len(written) > LONGEST_NOTES:
        yield warning("too-long", at, CUT_SHORT)


def _supersedes(request: Resource, book: Codebook) -> Iterator[Said]:
    for replaced in request.parts("replaces"):
        decision = _decision(replaced, book)
        if decision is None:
            yield information("not-found", replaced.at, NOT_OURS)
        else:
            yield Given(SUPERSEDES, decision, replaced.at, request.at)


def _decision(replaced: Element, book: Codebook) -> str | None:
    """The id of the decision that a reference to a request leads to."""
    identifier = replaced.part("identifier")
    if identifier and identifier.has_system(book.own.identifier("decision")):
        return _uuid(identifier.text("value"))
    kind, _, id_ = (replaced.text("reference") or "").rpartition("/")
    return _uuid(id_) if kind.rpartition("/")[2] == "ServiceRequest" else None


def _uuid(text: str | None) -> str | None:
    try:
        return str(UUID((text or "").removeprefix("urn:uuid:")))
    except ValueError:
        return None


def _source(request: Resource, book: Codebook) -> Iterator[Given]:
    """The source of referral, where the request says it by a code of ours."""
    system = book.own_system(SOURCE.name)
    for concept in (*request.parts("category"), *request.parts("orderDetail")):
        for one in codings_in(concept):
            if one.known_by[0] == system:
                yield Given(SOURCE, one.code, one.at, request.at)


NOT_TO_BE_DONE = (
    "This asks for something not to be done, so nobody can be referred by it; send a request"
    " without doNotPerform."
)

NO_REFERENCE = f"This has more than {LONGEST_ID} characters, or some unprintable: it was left out."

CUT_SHORT = (
    f"The notes have more than {LONGEST_NOTES} characters. The first of them were kept; send the"
    " rest by another way."
)

NOT_OURS = "This names no decision made here, so nothing was taken as replaced."
