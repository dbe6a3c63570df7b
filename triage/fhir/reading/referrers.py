"""Reads who refers: the organisation of whoever asks, or else of whoever sent the message."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from schemas.patient import ODS_CODE
from triage.fhir import systems
from triage.fhir.reading.codebook import SOURCE, Codebook
from triage.fhir.reading.elements import Element
from triage.fhir.reading.modifiers import modified
from triage.fhir.reading.said import Asked, Given, Said, warning
from triage.fhir.reading.sent import Resource, Sent

CODE, NAME = Asked("referrer", "ods_code"), Asked("referrer", "name")

LONGEST_NAME = 200
"""The most characters of a referrer's name, as a referral has it."""

_PRACTICE = re.compile(r"[A-Z][0-9]{5}\Z", re.IGNORECASE)
"""The ODS code of a practice: a letter and five digits."""


@dataclass(frozen=True, slots=True)
class Referring:
    """In what the referrer is looked for."""

    sent: Sent
    book: Codebook
    request: Resource
    header: Resource | None


def read_referrer(referring: Referring) -> Iterator[Said]:
    """Who refers, and the source of referral that follows from it."""
    requester = referring.request.part("requester")
    kind = _kind(requester, referring)
    if requester and kind in THEMSELVES:
        yield from _source(kind, requester.at, referring)
        return
    found = list(_behind(requester, referring.request, referring)) if requester else []
    if not any(isinstance(one, Given) for one in found):
        found += _sender(referring)
    yield from found
    for one in found:
        if isinstance(one, Given) and one.asked == CODE and _PRACTICE.match(one.value):
            yield from _source("practice", one.at, referring)


THEMSELVES = frozenset({"Patient", "RelatedPerson"})
"""Those who ask as people and for no organisation."""


def _source(requester: str, at: str, referring: Referring) -> Iterator[Given]:
    source = referring.book.vocabulary.messages.requesters.get(requester)
    if source:
        yield Given(SOURCE, source, at, referring.request.at, weak=True)


def _kind(requester: Element | None, referring: Referring) -> str:
    """The type of what asks, by the resource or else by what the reference says of it."""
    if requester is None:
        return ""
    found = referring.sent.resolve(requester, referring.request)
    stated = requester.text("type") or (requester.text("reference") or "").split("/")[-2:][0]
    return found.type if found else stated


def _sender(referring: Referring) -> Iterator[Said]:
    header = referring.header
    sender = header.part("sender") if header else None
    return _behind(sender, header, referring) if header and sender else iter(())


def _behind(reference: Element, by: Resource, referring: Referring) -> Iterator[Said]:
    """The organisation behind a reference: itself, or that of the role of whoever it leads to."""
    found = referring.sent.resolve(reference, by)
    if found is None:
        yield from _not_sent(reference, by)
    elif found.type == "Organization":
        yield from _organisation_sent(found)
    elif found.type == "PractitionerRole":
        yield from _of_role(found, referring)
    elif found.type == "Practitioner":
        yield from modified(found)
        for role in _roles_of(found, referring)[:1]:
            yield from _of_role(role, referring)


def _not_sent(reference: Element, by: Resource) -> Iterator[Said]:
    """An organisation that is named by its code alone; a warning where there is none."""
    if reference.parts("identifier"):
        yield from _organisation(reference, "display", by.at)
    elif reference.text("reference"):
        yield warning("not-found", reference.at, NOT_SENT)


def _organisation(named: Element, name: str, of: str) -> Iterator[Said]:
    """The ODS code among the identifiers of what names an organisation, and its name.

    ``name`` is where that stands: it is a person's, perhaps, if a reference has no such code.
    """
    coded = [one for one in named.parts("identifier") if _is_ods(one)]
    for one in coded[:1]:
        code, at = one.text("value") or "", one.near("value")
        is_code = re.fullmatch(ODS_CODE[1:-1], code)
        yield Given(CODE, code, at, of) if is_code else warning("value", at, NO_ODS_CODE)
    written, at = named.text(name), named.place(name)
    if written and (coded or name == "name"):
        fits = len(written) <= LONGEST_NAME and written.isprintable()
        yield Given(NAME, written, at, of) if fits else warning("too-long", at, NO_NAME)


def _is_ods(identifier: Element) -> bool:
    """BaRS has published the system with ``Id`` and with ``id``."""
    named = (identifier.text("system") or "").lower()
    return systems.plain(named) == systems.plain(systems.ODS_CODE.lower())


def _organisation_sent(found: Resource) -> Iterator[Said]:
    yield from modified(found)
    yield from _organisation(found, "name", found.at)


def _of_role(role: Resource, referring: Referring) -> Iterator[Said]:
    yield from modified(role)
    organisation = role.part("organization")
    found = referring.sent.resolve(organisation, role)
    if found and found.type == "Organization":
        yield from _organisation_sent(found)
    elif organisation and found is None:
        yield from _not_sent(organisation, role)


def _roles_of(practitioner: Resource, referring: Referring) -> list[Resource]:
    """The roles that were sent of a practitioner."""
    sent = referring.sent
    roles = sent.of("PractitionerRole")
    return [one for one in roles if sent.resolve(one.part("practitioner"), one) is practitioner]


NOT_SENT = "This was not sent with the message, so it was not read who refers; send it as well."

NO_ODS_CODE = "This is no ODS code, so it was left out: up to nine letters and digits."

NO_NAME = f"This has more than {LONGEST_NAME} characters, or some unprintable: it was left out."
