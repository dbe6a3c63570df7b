"""The rules to read and the call script, as pages: nothing of anybody is in them."""

from __future__ import annotations

from hashlib import sha256

from flask import Blueprint, Response, request

from triage.pages import paper_form, rule_page
from triage.pages.sign_in import policy_of
from triage.rulebook import Rulebook


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


def pages_blueprint(rulebook: Rulebook) -> Blueprint:
    """``GET /rules``, with an anchor ``#rule-<id>`` for each rule, and ``/rules/call-script``."""
    blueprint = Blueprint("pages", __name__)
    rules, script = ServedPage(rule_page(rulebook)), ServedPage(paper_form(rulebook))

    @blueprint.route("/rules")
    def the_rules() -> Response:
        return rules.answer()

    @blueprint.route("/rules/call-script")
    def call_script() -> Response:
        return script.answer()

    return blueprint
