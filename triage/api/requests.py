"""What holds for every request: its id, and the headers that keep answers private."""

from __future__ import annotations

import re
import uuid

from flask import Flask, Response, request

HEADER = "X-Request-Id"

DECIDES = frozenset({"triage.decide"})
"""The endpoints to which referrals are posted: an error there must not hide danger."""

_GOOD_ID = re.compile(r"[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}")

PRIVATE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Headers of every answer that does not set its own."""


def request_id() -> str:
    """The caller's own id of this request, if it is a UUID, else one made here."""
    made = request.environ.get("triage.request_id")
    if made is None:
        given = request.environ.get("HTTP_X_REQUEST_ID", "")
        made = given if _GOOD_ID.fullmatch(given) else uuid.uuid4().hex
        request.environ["triage.request_id"] = made
    return str(made)


def register(app: Flask) -> None:
    """Give every answer of an app its id and its headers."""

    @app.after_request
    def _finish(answer: Response) -> Response:
        headers = answer.headers
        own = {name for name, _ in headers}
        for name, value in PRIVATE.items():
            if name not in own:
                headers.add(name, value)
        headers.add(HEADER, request_id())
        return answer
