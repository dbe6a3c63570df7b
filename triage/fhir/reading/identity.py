"""By what a message and the request in it are known when they come again."""

from __future__ import annotations

from triage.fhir.reading.elements import Element
from triage.fhir.reading.sent import Resource

UUID_URL = "urn:uuid:"


def message_id(bundle: Element, header: Resource | None) -> str | None:
    """What names a message, as ``Message.id`` has it."""
    identifier = bundle.part("identifier")
    named = _identified(identifier) if identifier else None
    of_header = header.text("id") if header else None
    return named or of_header or bundle.text("id") or _uuid(header)


MOST_IDENTIFIERS = 50
"""How many identifiers of a request are remembered: more than any system gives it."""


def request_identities(request: Resource | None) -> tuple[str, ...]:
    """What names a request, as ``Message.request_identities`` has it.

    The address of its entry counts only where it has no name: it may be the same in every message.
    """
    if request is None:
        return ()
    identifiers = map(_identified, request.parts("identifier", MOST_IDENTIFIERS))
    named = [one for one in (*identifiers, request.text("id")) if one]
    address = _uuid(request)
    return tuple(dict.fromkeys(named)) or ((address,) if address else ())


def _identified(identifier: Element) -> str | None:
    value = identifier.text("value")
    system = identifier.text("system")
    return f"{system}|{value}" if system and value else value


def _uuid(resource: Resource | None) -> str | None:
    url = resource.full_url if resource else ""
    return url.removeprefix(UUID_URL) if url.startswith(UUID_URL) else None
