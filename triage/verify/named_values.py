"""Which named values a part of a rule file asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def named_in(part: Any) -> Iterator[str]:
    """The named values asked for as ``{value: name}``, wherever in the part they stand."""
    if isinstance(part, Mapping):
        if set(part) == {"value"} and isinstance(part["value"], str):
            yield part["value"]
        for each in part.values():
            yield from named_in(each)
    elif isinstance(part, list):
        for each in part:
            yield from named_in(each)
