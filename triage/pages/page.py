"""Fills the templates: one self-contained page of HTML, with no request to anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from triage.domain.rules import LEVELS, NO_INDICATORS
from triage.pages.changes import cells_changed, place_changed, rules_added, values_changed
from triage.pages.marks import authority_of, route_urgencies, uses_of_values
from triage.pages.paper_routes import gradings, in_order
from triage.pages.paper_safety import marks_to_make, other_duties, safety_questions
from triage.pages.words import Words
from triage.rulebook import Rulebook


def rule_page(rulebook: Rulebook) -> str:
    """The whole rulebook in words, for a clinician to read and sign."""
    return _filled(
        "rules.html.j2",
        rulebook,
        urgencies_of=route_urgencies(rulebook),
        values_of=uses_of_values(rulebook),
        changed=values_changed(rulebook),
        added=rules_added(rulebook),
        cells_otherwise=cells_changed(rulebook),
        place=place_changed(rulebook),
        to_sign=sum(rule.basis.sign_off for rule in rulebook.rules),
    )


def paper_form(rulebook: Rulebook) -> str:
    """The form on which a call handler routes a referral by hand while the service is down."""
    words = Words(rulebook.vocabulary)
    return _filled(
        "paper.html.j2",
        rulebook,
        questions=safety_questions(rulebook),
        gradings=gradings(rulebook, words),
        marks=marks_to_make(rulebook, words),
        steps=in_order(rulebook, words),
        duties=other_duties(rulebook, words),
    )


def templates() -> Environment:
    """The templates of every page. What a template misses is an error, and text is escaped."""
    return Environment(
        loader=PackageLoader("triage.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _filled(template: str, rulebook: Rulebook, **more: Any) -> str:
    pages = templates()
    pages.globals["authority_of"] = authority_of
    return pages.get_template(template).render(
        book=rulebook,
        cells=_matrix(rulebook),
        levels=LEVELS[1:],
        no_indicators=NO_INDICATORS,
        words=Words(rulebook.vocabulary),
        **more,
    )


def _matrix(rulebook: Rulebook) -> Mapping[str, Mapping[str, Any]]:
    """The cells of the referral matrix, by level and then by factor."""
    return {
        level: {cell.factor: cell for cell in rulebook.cells if cell.level == level}
        for level in LEVELS[1:]
    }
