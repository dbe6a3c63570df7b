"""The key by which a caller says that a request is the same as one before."""

from __future__ import annotations

import re
from http import HTTPStatus

from triage.api.strict_json import BodyError
from triage.errors import Fault

HEADER = "Idempotency-Key"

PATTERN = r"^[\x21-\x7e]{1,200}$"
"""Printable ASCII without spaces: a UUID, for one."""

_KEY = re.compile(PATTERN[:-1] + r"\Z")


def idempotency_key(key: str | None) -> str | None:
    """The key in a request's header. Raises ``BodyError`` (400) for one that is not right."""
    if key is None or _KEY.match(key):
        return key
    problem = "must be 1 to 200 printable characters without spaces; a UUID is best"
    raise BodyError(HTTPStatus.BAD_REQUEST, "A header is not right.", [Fault(HEADER, problem)])
