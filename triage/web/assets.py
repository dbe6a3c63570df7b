"""The files that pages load: style, scripts and pictures, all from here.

Each is asked for by an address that changes with what is in it, so a browser may keep it for good.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path

from flask import Blueprint, Response, abort, request

STATIC = Path(__file__).parent / "static"

NHSUK = "vendor/nhsuk-frontend-10.6.1"

HTMX = "vendor/htmx-2.0.11/htmx.min.js"

FOR_GOOD = "public, max-age=31536000, immutable"
"""How long a browser may keep what its address names whole."""

DIGITS = 12
"""How much of a digest stands in an address."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent; ``packed`` is the same for browsers that unpack it."""

    content: bytes
    packed: bytes
    media_type: str
    digest: str


def asset(name: str) -> Asset | None:
    """The file of a name below the folder; None where there is none."""
    return _read(name) if name in _names() else None


@cache
def _names() -> frozenset[str]:
    """The names of all files, so that nothing that a browser asks for is looked for or kept."""
    return frozenset(str(one.relative_to(STATIC)) for one in STATIC.rglob("*") if one.is_file())


@cache
def _read(name: str) -> Asset:
    content = (STATIC / name).read_bytes()
    media_type = guess_type(name)[0] or "application/octet-stream"
    text = f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
    return Asset(content, gzip.compress(content, mtime=0), text, sha256(content).hexdigest())


def address(name: str) -> str:
    """Where a page finds a file. Raises ``LookupError`` for one that is not there."""
    found = asset(name)
    if found is None:
        raise LookupError(f"there is no {name} in {STATIC.name}")
    return f"/static/{found.digest[:DIGITS]}/{name}"


def assets_blueprint() -> Blueprint:
    """``GET /static/{digest}/{name}``. Pictures that a style sheet names come under its digest."""
    blueprint = Blueprint("assets", __name__)

    @blueprint.route("/static/<digest>/<path:name>")
    def file(digest: str, name: str) -> Response:
        found = asset(name)
        if found is None:
            abort(404)
        packs = "gzip" in request.accept_encodings.values() and len(found.packed) < len(
            found.content
        )
        answer = Response(found.packed if packs else found.content)
        answer.headers["Content-Type"] = found.media_type
        answer.headers["Vary"] = "Accept-Encoding"
        answer.headers["Cache-Control"] = (
            FOR_GOOD if digest == found.digest[:DIGITS] else "no-cache"
        )
        if packs:
            answer.headers["Content-Encoding"] = "gzip"
        return answer

    return blueprint
