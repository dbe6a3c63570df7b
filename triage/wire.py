"""How values leave as JSON: compact, in UTF-8, the names in the order they were given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson


def as_bytes(value: Mapping[str, Any]) -> bytes:
    """A value as compact JSON in UTF-8. The same value gives the same bytes everywhere."""
    encoded: bytes = orjson.dumps(value)
    return encoded
