"""What is printed of a decision: a summary on one page, and the letter to whoever referred."""

from __future__ import annotations

from importlib.util import find_spec
from threading import Lock
from uuid import UUID

from flask import Blueprint, Response, abort

from triage.feedback import feedback_of
from triage.pages.letter import Envelope, letter_page
from triage.pages.pdf import letter_pdf
from triage.pages.policy import policy_of
from triage.web.decision.looking import Looking, Seen
from triage.web.decision.standing import letter_day
from triage.web.site import Site

MAKES_PDF = find_spec("weasyprint") is not None
"""Is what makes PDFs installed?"""

_ONE_AT_A_TIME = Lock()
"""Held while a PDF is made: what lays it out is not made for several threads."""


def serve_papers(blueprint: Blueprint, looking: Looking, site: Site) -> None:
    """Add the summary and the letter to the pages of decisions; each holds its own style."""

    @blueprint.route("/decisions/<uuid:decision_id>/summary")
    def summary(decision_id: UUID) -> Response:
        """What stands, on one page of A4."""
        seen = looking.proved_at(decision_id, "summary")
        page = site.part("decision/summary.html.j2", seen=seen, told=seen.stands.told)
        return _styled(page.get_data(as_text=True))

    @blueprint.route("/decisions/<uuid:decision_id>/letter")
    def letter(decision_id: UUID) -> Response:
        """The letter as whoever referred gets it."""
        return _styled(_letter(looking.proved_at(decision_id, "letter"), looking))

    @blueprint.route("/decisions/<uuid:decision_id>/letter.pdf")
    def letter_as_pdf(decision_id: UUID) -> Response:
        """The same as a PDF, where one can be made."""
        html = _letter(looking.proved_at(decision_id, "letter"), looking)
        with _ONE_AT_A_TIME:
            made = letter_pdf(html)
        if made is None:
            abort(404)
        answer = Response(made, content_type="application/pdf")
        answer.headers["Content-Disposition"] = 'inline; filename="letter.pdf"'
        return answer


def _letter(seen: Seen, looking: Looking) -> str:
    """The letter, dated as the decision and in the words of today, as it is delivered."""
    referred, day = seen.record.referred, letter_day(seen.record)
    return letter_page(feedback_of(referred, looking.today), Envelope.of(referred, day))


def _styled(html: str) -> Response:
    answer = Response(html, content_type="text/html; charset=utf-8")
    answer.headers["Content-Security-Policy"] = policy_of(html)
    return answer
