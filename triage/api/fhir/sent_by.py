"""Who sends a message, by the headers of BaRS and of e-RS (domain, section 4).

BaRS has JSON in base64; e-RS has a plain ODS code. All of them are optional here: what a message
says of itself counts for more.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from flask import request

from schemas.patient import ODS_CODE as ODS_PATTERN
from triage.fhir.findings import Finding, FindingsError, Severity
from triage.fhir.reading.message import Message
from triage.fhir.systems import ODS_CODE

ORGANISATION = "NHSD-End-User-Organisation"

ENCODED: Mapping[str, str] = {
    "NHSD-Target-Identifier": "an object with system and value",
    ORGANISATION: "an Organization of FHIR",
    "NHSD-Requesting-Software": "a Device of FHIR",
    "NHSD-Requesting-Practitioner": "a Practitioner or PractitionerRole of FHIR",
}
"""The headers that are base64 of JSON, and what each holds."""

HELD: Mapping[str, tuple[str, ...]] = {
    ORGANISATION: ("Organization",),
    "NHSD-Requesting-Software": ("Device",),
    "NHSD-Requesting-Practitioner": ("Practitioner", "PractitionerRole"),
}
"""The types of the resources among them."""

ODS_HEADER = "NHSD-End-User-Organisation-ODS"
"""The header that is a plain ODS code."""

_ODS = re.compile(ODS_PATTERN[1:-1])

LONGEST_NAME = 200
"""The most characters of a name that is read."""


@dataclass(frozen=True, slots=True)
class SentBy:
    """The organisation whose user sent a message, by the headers; None where they say nothing."""

    ods_code: str | None = None
    name: str | None = None

    def beside(self, message: Message) -> Message:
        """The message, referred by this organisation where it names none itself."""
        if self.ods_code is None or message.read.body.get("referrer"):
            return message
        referrer = {"ods_code": self.ods_code}
        if self.name:
            referrer["name"] = self.name
        body = {**message.read.body, "referrer": referrer}
        return replace(message, read=replace(message.read, body=body))


def headers_read() -> SentBy:
    """Who sent a request. Raises ``FindingsError`` (400) with every header that cannot be read."""
    decoded = {name: _decoded(name) for name in ENCODED if name in request.headers}
    wrong = [_wrong(name, f"base64 of {ENCODED[name]}") for name, it in decoded.items() if not it]
    plain = request.headers.get(ODS_HEADER)
    if plain is not None and not _ODS.fullmatch(plain):
        wrong.append(_wrong(ODS_HEADER, "an ODS code as it is, such as C86001"))
    if wrong:
        raise FindingsError(HTTPStatus.BAD_REQUEST, wrong)
    organisation = decoded.get(ORGANISATION) or {}
    return SentBy(next(_ods_codes(organisation), plain), _name(organisation))


def _ods_codes(organisation: Mapping[str, Any]) -> Iterator[str]:
    listed = organisation.get("identifier")
    for one in listed if isinstance(listed, list) else ():
        known = isinstance(one, dict) and one.get("system", ODS_CODE) == ODS_CODE
        value = one.get("value") if known else None
        if isinstance(value, str) and _ODS.fullmatch(value):
            yield value


def _name(organisation: Mapping[str, Any]) -> str | None:
    name = organisation.get("name")
    is_name = isinstance(name, str) and name.isprintable() and 0 < len(name) <= LONGEST_NAME
    return name if is_name else None


def _decoded(name: str) -> Mapping[str, Any] | None:
    """A header that is base64, plain or for URLs, of the JSON that it is to hold; else None."""
    sent = request.headers[name].strip().rstrip("=").translate(_FOR_URLS)
    try:
        value = json.loads(base64.b64decode(sent + "=" * (-len(sent) % 4), validate=True))
    except (binascii.Error, ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) and _holds(name, value) else None


_FOR_URLS = str.maketrans("-_", "+/")


def _holds(name: str, value: Mapping[str, Any]) -> bool:
    if name in HELD:
        return value.get("resourceType") in HELD[name]
    return all(isinstance(value.get(each), str) and value[each] for each in ("system", "value"))


def _wrong(name: str, needed: str) -> Finding:
    said = f"The header {name} must be {needed}; send it so, or leave it out."
    return Finding(Severity.ERROR, "structure", "", said)
