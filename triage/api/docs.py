"""The page that shows the calls, and the document it shows. It asks nothing of other hosts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint, Response, send_from_directory

from triage.wire import as_bytes

STATIC = Path(__file__).parent / "static"

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""What the page may load: its own files alone, and no script that stands in the page."""

A_YEAR = 31_536_000


def docs_blueprint(document: dict[str, Any]) -> Blueprint:
    """``GET /docs`` with its files, and ``GET /openapi.json``."""
    blueprint = Blueprint("docs", __name__)
    encoded = as_bytes(document)

    @blueprint.route("/openapi.json")
    def openapi() -> Response:
        answer = Response(encoded, content_type="application/json")
        answer.headers["Cache-Control"] = "no-cache"
        return answer

    @blueprint.route("/docs")
    def page() -> Response:
        answer = send_from_directory(STATIC, "docs.html")
        answer.headers["Content-Security-Policy"] = PAGE_POLICY
        return answer

    @blueprint.route("/docs/docs.js")
    def script() -> Response:
        return send_from_directory(STATIC, "docs.js")

    @blueprint.route("/docs/vendor/<path:name>")
    def vendored(name: str) -> Response:
        return send_from_directory(STATIC / "vendor", name, max_age=A_YEAR)

    return blueprint
