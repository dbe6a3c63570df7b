"""The primitive types of R4: texts, numbers, days and moments, each with what it must be.

The JSON schema of R4 writes their patterns as XML Schema does, where white space is four characters
only, and gives numbers a pattern that no number is held against; nor does it know the calendar.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from jsonschema_rs import Draft7Validator, RegexOptions

from triage.fhir.findings import Finding
from triage.fhir.r4.pointers import POINTER
from triage.fhir.r4.shipped import PRIMITIVES, SCHEMA, elements
from triage.fhir.r4.told import empty, no_single_value, wrong

Schema = dict[str, Any]

LINEAR = RegexOptions()
"""Patterns are matched in time that grows with the text and no faster."""

_FOUR_BYTES = 2**31 - 1
"""The largest whole number of R4."""

_WHOLE = {"integer": -_FOUR_BYTES - 1, "unsignedInt": 0, "positiveInt": 1}
"""The least of each sort of whole number."""

_ANY_TEXT = r"^[ \r\n\t\S]+$"

_XML_SPACE = {r"[^\s]": r"[^ \t\r\n]", r"\S": r"[^ \t\r\n]", r"\s": r"[ \t\r\n]"}

_COMMON_YEAR = "([02468][1235679]|[13579][01345789])"
"""Two digits of a year that do not make a leap year."""

_NO_SUCH_DAY = f"^....-(02-3|(04|06|09|11)-31)|^..{_COMMON_YEAR}-02-29|^{_COMMON_YEAR}00-02-29"

_MUST_BE = {
    "base64Binary": "must be text in base 64",
    "boolean": "must be true or false, without quotation marks",
    "canonical": "must be an address without spaces",
    "code": "must be a code: text without spaces at its ends, or two together",
    "date": "must be a day of the calendar, as 2026, 2026-11 or 2026-11-21",
    "dateTime": "must be a day, or a moment with its time zone, as 2026-11-21T10:15:00Z",
    "decimal": "must be a number, without quotation marks",
    "id": "must be 1 to 64 letters, digits, hyphens and full stops",
    "instant": "must be a moment with its time zone, as 2026-11-21T10:15:00Z",
    "integer": "must be a whole number of at most 32 bits, without quotation marks",
    "markdown": "must be text",
    "oid": "must be an object identifier, as urn:oid:1.2.3",
    "positiveInt": "must be a whole number from 1 on, of at most 32 bits, without quotation marks",
    "string": "must be text",
    "time": "must be a time of day, as 10:15:00",
    "unsignedInt": "must be a whole number from 0 on, of at most 32 bits, without quotation marks",
    "uri": "must be an address without spaces",
    "url": "must be an address without spaces",
    "uuid": "must be a UUID, as urn:uuid:c757873d-ec9a-4326-a141-556f43239520",
    "xhtml": "must be text in XHTML",
}


@dataclass(frozen=True, slots=True)
class Primitive:
    """A primitive type, by its name."""

    name: str

    def schema(self) -> Schema:
        """A reference to the definition of the type."""
        return {"$ref": POINTER + self.name}

    def faults(self, value: Any, expression: str) -> Iterator[Finding]:
        """What is wrong with a value: nothing, or the one thing that it must be."""
        if value == "":
            yield empty(expression)
        elif isinstance(value, list):
            yield no_single_value(expression)
        elif not _validator(self.name).is_valid(value):
            yield wrong("value", expression, _MUST_BE[self.name])


@cache
def _validator(name: str) -> Draft7Validator:
    return Draft7Validator(primitive_schema(name), pattern_options=LINEAR)


def primitive_schema(name: str) -> Schema:
    """The definition of a primitive type."""
    if name in _WHOLE:
        return {"type": "integer", "minimum": _WHOLE[name], "maximum": _FOUR_BYTES}
    if name in ("boolean", "decimal"):
        return {"type": SCHEMA[name]["type"]}
    return {"type": "string", "minLength": 1, **_form(name)}


def _form(name: str) -> Schema:
    pattern = _PATTERNS[name]
    if pattern == _ANY_TEXT:
        return {}
    for written, meant in _XML_SPACE.items():
        pattern = pattern.replace(written, meant)
    if name in ("date", "dateTime", "instant"):
        return {"pattern": pattern, "not": {"pattern": _NO_SUCH_DAY}}
    return {"pattern": pattern}


def _patterns() -> dict[str, str]:
    """The pattern of each primitive. That of base 64 stands only where an extension holds it."""
    patterns = {name: SCHEMA[name].get("pattern", _ANY_TEXT) for name in PRIMITIVES}
    return patterns | {"base64Binary": elements("Extension")["valueBase64Binary"]["pattern"]}


_PATTERNS = _patterns()

BY_PATTERN: Mapping[str, str] = {pattern: name for name, pattern in _PATTERNS.items()}
"""The primitive that a pattern is of. Some share one; what they must be is then the same."""
