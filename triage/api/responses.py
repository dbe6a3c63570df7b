"""How a response leaves: as compact JSON in UTF-8, the names in the order they were given."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import Response

_encode = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, check_circular=False, separators=(",", ":")
).encode


def as_bytes(value: Mapping[str, Any]) -> bytes:
    """A value as compact JSON in UTF-8."""
    return _encode(value).encode()


def json_response(
    value: Mapping[str, Any], status: int = 200, media_type: str = "application/json"
) -> Response:
    """A value as a response."""
    return Response(as_bytes(value), status, content_type=media_type)
