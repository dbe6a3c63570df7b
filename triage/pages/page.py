"""Fills the templates: one self-contained page of HTML, with no request to anywhere."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined

from triage.pages.paper_routes import gradings, in_order
from triage.pages.paper_safety import marks_to_make, other_duties, safety_questions
from triage.pages.told import told_of
from triage.pages.words import Words
from triage.rulebook import Rulebook


def rule_page(rulebook: Rulebook) -> str:
    """The whole rulebook in words, for a clinician to read and sign."""
    return templates().get_template("rules.html.j2").render(**told_of(rulebook), to_rules="")


def paper_form(rulebook: Rulebook) -> str:
    """The form on which a call handler routes a referral by hand while the service is down."""
    words = Words(rulebook.vocabulary)
    form = {
        "questions": safety_questions(rulebook),
        "gradings": gradings(rulebook, words),
        "marks": marks_to_make(rulebook, words),
        "steps": in_order(rulebook, words),
        "duties": other_duties(rulebook, words),
    }
    return templates().get_template("paper.html.j2").render(**told_of(rulebook), **form)


def templates() -> Environment:
    """The templates of every page. What a template misses is an error, and text is escaped."""
    return Environment(
        loader=PackageLoader("triage.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
