"""The elements of R4 that resources are made of, each in the order in which R4 lists its parts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

Element = dict[str, Any]
"""An element or a resource, as JSON has it."""

_ODD_SPACE = re.compile(r"[^\S \t\r\n]")


def plain(text: str) -> str:
    """A text as R4 lets a string be: white space that it does not know becomes a space."""
    return _ODD_SPACE.sub(" ", text)


def plain_or_none(text: object) -> str | None:
    """The same of something that may be missing, blank or no text at all: then None."""
    return plain(text) if isinstance(text, str) and text.strip() else None


def present(elements: Mapping[str, Any]) -> Element:
    """Elements without those that are missing or hold nothing: R4 has neither null nor empty."""
    return {
        name: value
        for name, value in elements.items()
        if value is not None and value not in ([], {})
    }


def coding(system: str, code: str, display: str | None = None) -> Element:
    """A code of a system."""
    found = {"system": system, "code": code}
    return {**found, "display": display} if display else found


def concept(one: Element) -> Element:
    """A concept that is one code, with what that is called as its text."""
    display = one.get("display")
    return {"coding": [one], "text": display} if display else {"coding": [one]}


def identifier(system: str, value: str) -> Element:
    """An identifier."""
    return {"system": system, "value": value}
