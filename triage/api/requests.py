"""What holds for every request: its id, its line in the log, its figures, private headers."""

from __future__ import annotations

import re
import uuid
from time import perf_counter
from typing import Any

from flask import Flask, Response, request

from triage import metrics
from triage.access.calling import CALLER
from triage.addresses import is_loopback
from triage.config import Settings, host_and_port
from triage.logs import METHODS, logger

LOG = logger("triage.requests")

HEADER = "X-Request-Id"

BEGUN = "triage.begun"
"""Where the environment of a request says when it began, in seconds of ``perf_counter``."""

_GOOD_ID = re.compile(r"[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}")

PRIVATE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": (
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
"""Headers of every answer that does not set its own."""

ENCRYPTED = {"Strict-Transport-Security": "max-age=31536000"}
"""The same where others than this machine may call, whom a gateway in front offers TLS alone."""


def request_id() -> str:
    """The caller's own id of this request, if it is a UUID, else one made here."""
    made = request.environ.get("triage.request_id")
    if made is None:
        given = request.environ.get("HTTP_X_REQUEST_ID", "")
        made = given if _GOOD_ID.fullmatch(given) else uuid.uuid4().hex
        request.environ["triage.request_id"] = made
    return str(made)


def told_of(answer: Response) -> dict[str, Any]:
    """What the log and the spans tell of a request: words of ours, none of the caller's."""
    method, caller = request.method, request.environ.get(CALLER)
    told = {
        "endpoint": request.endpoint or "none",
        "method": method if method in METHODS else "other",
        "status": answer.status_code,
        "request_id": request_id(),
    }
    return {**told, "role": caller.role.value} if caller else told


def register(app: Flask, settings: Settings) -> None:
    """Give every request of an app its id, line and figures, and every answer its headers.

    Called before anything else asks to see requests: what refuses one is told of too.
    """
    app.url_map.merge_slashes = False  # the redirect would repeat the address, query and all
    host, _ = host_and_port(settings.bind)
    private = PRIVATE if is_loopback(host) else {**PRIVATE, **ENCRYPTED}

    @app.before_request
    def _begin() -> None:
        request.environ[BEGUN] = perf_counter()

    @app.after_request
    def _finish(answer: Response) -> Response:
        headers = answer.headers
        own = {name for name, _ in headers}
        for name, value in private.items():
            if name not in own:
                headers.add(name, value)
        headers.add(HEADER, request_id())
        told, begun = told_of(answer), request.environ[BEGUN]
        if answer.is_streamed and not answer.direct_passthrough:
            answer.call_on_close(lambda: _tell(told, begun))
        else:
            _tell(told, begun)
        return answer


def _tell(told: dict[str, Any], begun: float) -> None:
    seconds = perf_counter() - begun
    metrics.answered(told["endpoint"], told["method"], told["status"], seconds)
    LOG.info("request", **told, ms=round(seconds * 1000, 1))
