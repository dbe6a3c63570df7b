"""The form on which calls are routed by hand: a page whole in itself, to be printed beforehand."""

from __future__ import annotations

from hashlib import sha256

from flask import Response, request

from triage.pages.policy import policy_of


class ServedPage:
    """A page of HTML that stays the same while the process runs, named by an ETag."""

    def __init__(self, html: str) -> None:
        self._bytes, self._policy = html.encode(), policy_of(html)
        self._tag = sha256(self._bytes).hexdigest()

    def answer(self) -> Response:
        """The page, or "not modified" to a browser that has it already."""
        answer = Response(self._bytes, content_type="text/html; charset=utf-8")
        answer.headers["Content-Security-Policy"] = self._policy
        answer.headers["Cache-Control"] = "no-cache"
        answer.set_etag(self._tag)
        answer.make_conditional(request)
        return answer
