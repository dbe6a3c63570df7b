"""How a response leaves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response

from triage.wire import as_bytes


def json_response(
    value: Mapping[str, Any], status: int = 200, media_type: str = "application/json"
) -> Response:
    """A value as a response."""
    return Response(as_bytes(value), status, content_type=media_type)
