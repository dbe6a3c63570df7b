"""The pages of the rules, each at its address."""

from __future__ import annotations

from flask import Blueprint

from triage.pages import paper_form
from triage.web.parts import Parts
from triage.web.rulebook.books import Books
from triage.web.rulebook.call_script import ServedPage
from triage.web.rulebook.comparing import Comparing
from triage.web.rulebook.reading import Reading, RulePages
from triage.web.rulebook.sign_off import SignOff


def rulebook_blueprint(parts: Parts) -> Blueprint:
    """Everything under ``/rules``. Reading is open to all, signing to clinicians."""
    books = Books(parts.shelf)
    pages = RulePages(parts.site, books)
    reading = Reading(pages, books, parts.log)
    comparing = Comparing(pages, books, parts.log)
    signing = SignOff(pages, books, comparing, parts.log)
    script = ServedPage(paper_form(parts.rulebook))
    found = Blueprint("rulebook", __name__)
    found.add_url_rule("/rules", "overview", reading.overview)
    found.add_url_rule("/rules/matrix", "matrix", reading.matrix)
    found.add_url_rule("/rules/precedence", "precedence", reading.precedence)
    found.add_url_rule("/rules/values", "values", reading.values)
    found.add_url_rule("/rules/questions", "questions", reading.questions)
    found.add_url_rule("/rules/proofs", "proofs", comparing.proofs)
    found.add_url_rule("/rules/changes", "changes", comparing.changes)
    found.add_url_rule("/rules/versions", "versions", reading.versions)
    found.add_url_rule("/rules/by/<digest>", "version", reading.version)
    found.add_url_rule("/rules/sign", "sign", signing.sign)
    found.add_url_rule("/rules/sign", "record", signing.record, methods=["POST"])
    found.add_url_rule("/rules/call-script", "call_script", script.answer)
    return found
