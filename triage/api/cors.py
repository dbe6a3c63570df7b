"""Which pages of other origins may make CDS Hooks calls from a browser: those that are listed.

Only the origins of listed clients are named, each as it asked, and never all of them; only CDS
Hooks calls are open to them. Who calls is known by the token alone: no cookie comes with it.
"""

from __future__ import annotations

from collections.abc import Collection
from http import HTTPStatus

from flask import Flask, Response, request

PATH = "/cds-services"

ALLOWED = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Max-Age": "600",
}
"""What a page of a listed origin is told beforehand it may send, and for how many seconds."""

READABLE = "Retry-After, WWW-Authenticate, X-Request-Id"
"""The headers of an answer that such a page may read."""


def register(app: Flask, origins: Collection[str]) -> None:
    """Let pages of origins (``https://ehr.example.org``) make the CDS Hooks calls of an app.

    Called after ``requests.register``, whose headers leave those of here alone, and before
    ``guard``, for what a browser asks beforehand carries no token and waits for no limit.
    """

    @app.before_request
    def _asked_beforehand() -> Response | None:
        if request.method != "OPTIONS" or request.endpoint is None or not _is_of_hooks():
            return None
        answer = Response(status=HTTPStatus.NO_CONTENT)
        del answer.headers["Content-Type"]
        if _origin() in origins:
            answer.headers.update(ALLOWED)
        return answer

    @app.after_request
    def _allow(answer: Response) -> Response:
        if not _is_of_hooks():
            return answer
        answer.vary.add("Origin")
        origin = _origin()
        if origin in origins:
            answer.headers["Access-Control-Allow-Origin"] = origin
            answer.headers["Access-Control-Expose-Headers"] = READABLE
            answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return answer


def _is_of_hooks() -> bool:
    return request.path == PATH or request.path.startswith(f"{PATH}/")


def _origin() -> str:
    return request.headers.get("Origin", "")
