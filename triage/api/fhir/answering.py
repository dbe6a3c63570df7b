"""How calls under ``/fhir`` arrive and leave: in which media types, versions and words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Response, request
from werkzeug.http import parse_options_header

from triage.api.fhir.sent_by import SentBy, headers_read
from triage.api.responses import json_response
from triage.fhir.findings import Finding, FindingsError, Severity

__all__ = [
    "MEDIA_TYPE",
    "SentBy",
    "check_accept",
    "check_content_type",
    "fhir_response",
    "headers_read",
    "is_fhir",
]

MEDIA_TYPE = "application/fhir+json"

SENT = (MEDIA_TYPE, "application/json")
"""In which media types a resource may be sent."""

TAKEN = (*SENT, "application/*", "*/*")
"""By which a caller may say that JSON is taken."""

R4 = ("4.0", "4.0.1")
"""How the parameter ``fhirVersion`` of a media type names R4."""

CORRELATION = "X-Correlation-Id"

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

_VERSION = re.compile(r"1(\.[0-9]{1,4}){0,2}")
"""The versions of BaRS that are spoken here: all that begin as ``1.0.0`` (domain, section 4)."""


@dataclass(frozen=True, slots=True)
class Media:
    """A media type in a header, in small letters, with its parameters."""

    type: str
    parameters: Mapping[str, str]

    @property
    def version(self) -> str | None:
        """The version of BaRS that is asked for; None is any."""
        return self.parameters.get("version")

    @property
    def speaks_ours(self) -> bool:
        """Is the version of BaRS, where one is named, spoken here?"""
        return self.version is None or bool(_VERSION.fullmatch(self.version))

    @property
    def is_r4(self) -> bool:
        """Is the version of FHIR, where one is named, that of here?"""
        return self.parameters.get("fhirversion", R4[0]) in R4

    @property
    def is_wanted(self) -> bool:
        """Is it not shut out by a quality of nought?"""
        return not re.fullmatch(r"0(\.0*)?", self.parameters.get("q", "1"))


def is_fhir(path: str) -> bool:
    """Is a path one where FHIR is spoken?"""
    return path == "/fhir" or path.startswith("/fhir/")


def fhir_response(resource: Mapping[str, Any], status: int = HTTPStatus.OK) -> Response:
    """A resource as it leaves, with the version asked for and the caller's correlation id."""
    answer = json_response(resource, status, _media_type())
    given = request.headers.get(CORRELATION, "")
    if _UUID.fullmatch(given):
        answer.headers[CORRELATION] = given
    return answer


def check_accept() -> None:
    """Raise ``FindingsError`` where the caller takes no JSON (406), or other versions (422)."""
    taken = list(_taken())
    if not taken:
        told = f"Only JSON of R4 is spoken here: ask for it with the header Accept: {MEDIA_TYPE}."
        raise _refused(HTTPStatus.NOT_ACCEPTABLE, told)
    if not any(one.speaks_ours for one in taken):
        raise _refused(HTTPStatus.UNPROCESSABLE_ENTITY, _other_version("Accept"))


def check_content_type() -> None:
    """Raise ``FindingsError`` unless a body is declared as JSON of R4 in UTF-8 (415; 422)."""
    media = _media(request.headers.get("Content-Type", ""))
    charset = media.parameters.get("charset", "utf-8").lower()
    is_plain = request.content_encoding in (None, "", "identity")
    if media.type not in SENT or not media.is_r4 or charset not in ("utf-8", "utf8"):
        told = f"Send JSON of R4 in UTF-8 with the header Content-Type: {MEDIA_TYPE}."
        raise _refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, told)
    if not is_plain:
        told = "Send the body as it is, without the header Content-Encoding."
        raise _refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, told)
    if not media.speaks_ours:
        raise _refused(HTTPStatus.UNPROCESSABLE_ENTITY, _other_version("Content-Type"))


def _media_type() -> str:
    """The media type of an answer, with the version that was asked for."""
    for one in _taken():
        if one.version and one.speaks_ours:
            return f"{MEDIA_TYPE}; version={one.version}"
    return MEDIA_TYPE


def _taken() -> Iterator[Media]:
    """What the caller takes that is spoken here, whatever the version of BaRS."""
    asked = request.headers.get("Accept", "").strip() or "*/*"
    for media in map(_media, asked.split(",")):
        if media.type in TAKEN and media.is_r4 and media.is_wanted:
            yield media


def _media(written: str) -> Media:
    type_, parameters = parse_options_header(written)
    named = {name.lower(): value for name, value in parameters.items()}
    return Media(type_.strip().lower(), named)


def _other_version(header: str) -> str:
    return f"The version in the header {header} is not supported; ask for version=1.0.0."


def _refused(status: HTTPStatus, told: str) -> FindingsError:
    return FindingsError(status, [Finding(Severity.ERROR, "not-supported", "", told)])
