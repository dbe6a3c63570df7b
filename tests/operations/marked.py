"""Requests full of marks by which somebody could be known, made from the OpenAPI document.

What the document says of a call is filled in with marks wherever it takes free text, so that a call
that is added tomorrow is tried too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

WORD = "zqxjane"
NHS_NUMBER = "9990734151"
BIRTH_DATE = "1931-07-17"
POSTCODE = "ZQX1 7JQ"

MARKS = (WORD, "zqx", NHS_NUMBER, "999 073 4151", "999-073-4151", BIRTH_DATE)
"""What must be found nowhere, whatever its case."""

SAID = f"{WORD} {NHS_NUMBER} {POSTCODE}"

HEADERS = {
    "User-Agent": SAID,
    "X-Request-Id": NHS_NUMBER,
    "Referer": f"https://{WORD}.example/{NHS_NUMBER}",
    "Cookie": f"session={WORD}; nhs={NHS_NUMBER}",
    "X-Patient": SAID,
    "Accept": f"application/{WORD}",
    "If-None-Match": f'"{WORD}"',
    "Baggage": f"nhs={NHS_NUMBER}",
    "Tracestate": f"{WORD}=1",
    "Idempotency-Key": f"{WORD}-{NHS_NUMBER}",
}
"""Headers of every marked request."""

OTHER_HEADERS: tuple[Mapping[str, str], ...] = (
    {"Authorization": f"Bearer {WORD}.{NHS_NUMBER}.{WORD}"},
    {"Authorization": f"Basic {WORD}"},
    {"X-Forwarded-For": WORD, "Forwarded": f"for={WORD}"},
    {"Content-Type": f"text/{WORD}"},
    {"Content-Type": f"application/json; charset={WORD}"},
    {"Content-Encoding": WORD},
    {"Idempotency-Key": f"{SAID} with spaces"},
    {"Origin": f"https://{WORD}.example"},
    {"Traceparent": f"00-{WORD}-{NHS_NUMBER}-01"},
)
"""Headers that make some of them go wrong."""

Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Request:
    """One marked request."""

    method: str
    path: str
    body: bytes | None
    headers: Mapping[str, str]


class Marking:
    """Fills in what an OpenAPI document leaves open.

    ``known`` gives values for the parameters in paths by which something is really found.
    """

    def __init__(self, document: Schema, known: Mapping[str, str]) -> None:
        self._document, self._known = document, known

    def requests(self) -> Iterator[Request]:
        """Every call of the document, rightly and in every wrong way that is thought of here."""
        for path, calls in self._document["paths"].items():
            for method in (*calls, "delete", WORD):
                if method != "parameters":
                    yield from self.of(method, path)

    def of(self, method: str, path: str) -> Iterator[Request]:
        """One call, first as it should be."""
        call = self._document["paths"][path].get(method, {})
        method, bodies = method.upper(), [*self._bodies(call)]
        for body in bodies:
            yield self._request(method, self._filled(path, self._known), body)
        for headers in OTHER_HEADERS:
            yield self._request(method, self._filled(path, self._known), bodies[0], headers)
        for address in (self._filled(path, {}), path.replace("/v1", f"//v1//{WORD}")):
            yield self._request(method, address, bodies[0])

    def _request(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str] | None = None
    ) -> Request:
        query = f"?nhs_number={NHS_NUMBER}&q={WORD}&from={WORD}&to={NHS_NUMBER}"
        content = {"Content-Type": "application/json"}
        return Request(method, path + query, body, {**content, **HEADERS, **(headers or {})})

    def _filled(self, path: str, known: Mapping[str, str]) -> str:
        return re.sub(r"\{(\w+)\}", lambda one: quote(known.get(one[1], SAID)), path)

    def _bodies(self, call: Schema) -> Iterator[bytes | None]:
        content = call.get("requestBody", {}).get("content", {})
        if "application/json" not in content:
            yield from (None, f'{{"{WORD}": "{NHS_NUMBER}"}}'.encode())
            return
        good = self._value(content["application/json"]["schema"], "body")
        yield json.dumps(good).encode()
        for bad in _spoilt(good):
            yield json.dumps(bad).encode()
        yield from NO_JSON

    def _value(self, schema: Schema, name: str) -> Any:
        """What a schema takes, marked where it is free text; None where that cannot be said."""
        if "$ref" in schema:
            found: Any = self._document
            for step in schema["$ref"].removeprefix("#/").split("/"):
                found = found[step]
            return self._value(found, name)
        for several in ("anyOf", "oneOf", "allOf"):
            if several in schema:
                return self._value(schema[several][0], name)
        if "enum" in schema:
            return schema["enum"][0]
        kinds = schema.get("type", "object")
        kind = kinds[0] if isinstance(kinds, list) else kinds
        return getattr(self, f"_{kind}")(schema, name)

    def _object(self, schema: Schema, _name: str) -> dict[str, Any]:
        told = {
            name: self._value(inner, name)
            for name, inner in schema.get("properties", {}).items()
            if name != "declined"  # nothing can be both answered and declined
        }
        return {name: value for name, value in told.items() if value is not None}

    def _integer(self, schema: Schema, _name: str) -> int:
        return int(schema.get("minimum", 0))

    def _boolean(self, _schema: Schema, _name: str) -> bool:
        return False

    def _array(self, schema: Schema, name: str) -> list[Any]:
        return [self._value(schema["items"], name)] * max(schema.get("minItems", 0), 1)

    def _string(self, schema: Schema, name: str) -> str | None:
        if name in self._known:
            return self._known[name]
        if schema.get("format") in _OF_FORMAT:
            return _OF_FORMAT[schema["format"]]
        for mark in (WORD,) if name == "ods_code" else (SAID, NHS_NUMBER, POSTCODE, WORD):
            fits = len(mark) <= schema.get("maxLength", len(mark))
            if fits and re.search(schema.get("pattern", ""), mark):
                return mark
        return None


_OF_FORMAT = {
    "date": BIRTH_DATE,
    "date-time": "2024-02-29T12:00:00Z",
    "uuid": "5d2c9f3e-8a41-4f0e-9d0b-0c8f7a3b6e21",
}


def _spoilt(good: Any) -> Iterator[Any]:
    """A body with something wrong in each of its places."""
    yield from ([good], SAID, int(NHS_NUMBER), {WORD: good, NHS_NUMBER: good})
    if not isinstance(good, dict):
        return
    for wrong in (SAID, int(NHS_NUMBER), [SAID], {WORD: SAID}):
        yield dict.fromkeys(good, wrong)
        yield {name: _all(value, wrong) for name, value in good.items()}
    yield {**good, WORD: 1, SAID: 2, NHS_NUMBER: 3}
    yield {
        name: {**value, WORD: 1, NHS_NUMBER: 2} if isinstance(value, dict) else value
        for name, value in good.items()
    }


def _all(value: Any, wrong: Any) -> Any:
    return dict.fromkeys(value, wrong) if isinstance(value, dict) else wrong


NO_JSON = (
    b"",
    SAID.encode(),
    f'{{"notes": "{SAID}"'.encode(),
    f'{{"{WORD}": 1, "{WORD}": 2}}'.encode(),
    f'{{"answers": {{"{WORD}": {{"{WORD}": NaN}}}}}}'.encode(),
    f'{{"notes": "{SAID}\\udc00"}}'.encode(),
    f'{{"notes": "{SAID}'.encode() + b'\xff"}',
    f'{{"{WORD}": '.encode() * 40,
    f'{{"notes": "{SAID * 20_000}"}}'.encode(),
    f'{{"notes": "{SAID * 50_000}"}}'.encode(),
)
"""Bodies that are no strict JSON."""

NO_HTTP = (
    f"{SAID}\r\n\r\n",
    f"GET /{WORD}?nhs={NHS_NUMBER} HTTP/9.{WORD}\r\n\r\n",
    f"GET /{WORD} HTTP/1.1\r\nHost: x\r\n{SAID}\r\n\r\n",
    f"GET /{WORD} HTTP/1.1\r\nHost: x\r\n{WORD} : {NHS_NUMBER}\r\n\r\n",
    f"GET /?{WORD * 1000} HTTP/1.1\r\nHost: x\r\n\r\n",
    f"GET / HTTP/1.1\r\nHost: x\r\nX: {WORD * 3000}\r\n\r\n",
    f"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: {WORD}\r\n\r\n",
    f"GET / HTTP/1.1\r\nHost: x\r\nExpect: {WORD}\r\n\r\n",
    f"POST /v1/triage HTTP/1.1\r\nHost: x\r\nContent-Length: {WORD}\r\n\r\n{SAID}",
    f"POST /v1/triage HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999\r\n\r\n{SAID}",
    f"POST /v1/triage HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n{SAID}\r\n",
    f"GET / HTTP/1.1\r\nHost: [{WORD}\r\n\r\n",
    f"GET http://{WORD}@{NHS_NUMBER}:x/ HTTP/1.1\r\nHost: x\r\n\r\n",
    f"{WORD.upper()} * HTTP/1.1\r\nHost: x\r\n\r\n",
)
"""What is no HTTP, or hardly."""
