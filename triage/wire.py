"""How values leave as JSON: compact, in UTF-8, the names in the order they were given."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import orjson


def as_bytes(value: Mapping[str, Any]) -> bytes:
    """A value as compact JSON in UTF-8. The same value gives the same bytes everywhere."""
    encoded: bytes = orjson.dumps(value)
    return encoded


def canonical_bytes(value: Mapping[str, Any]) -> bytes:
    """A value as canonical JSON (RFC 8785).

    That is what the library writes with sorted names, as long as names are ASCII and numbers are
    whole and below 2**53: the log holds nothing else.
    """
    encoded: bytes = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    return encoded


def content_digest(content: Mapping[str, Any]) -> str:
    """What names a rulebook: SHA-256 over what its files say, as JSON with sorted names.

    Order of names, comments and white space in the files do not change it; every word that matters
    does.
    """
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(canonical.encode()).hexdigest()}"
