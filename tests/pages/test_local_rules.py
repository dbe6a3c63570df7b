"""The page of a local rulebook says what is otherwise than in its base."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.edited_rules import EditedRules
from tests.pages.html import Page
from tests.rulebook.overlays import SOONER, WAIVING, write
from tests.rulebook.test_kept import kept
from triage.pages import rule_page
from triage.rulebook import Rulebook, load_rulebook, rulebook_of

ROTHERHAM = Path(__file__).parents[2] / "rules" / "rotherham"


@pytest.fixture(scope="module")
def page() -> Page:
    """The page of the shipped example."""
    return Page(rule_page(load_rulebook(ROTHERHAM)))


def test_the_page_says_which_base_in_which_version(page: Page, rulebook: Rulebook) -> None:
    assert "base" in page.ids
    assert "Extends doncaster, version 2026.1" in page.text
    assert f"digest {rulebook.stamp.digest}" in page.text


def test_the_page_says_what_is_changed(page: Page) -> None:
    assert "Active monitoring is reviewed after active_monitoring_review_days 14 days 7 days" in (
        page.text
    )
    assert "own_route_with_review clinical_review" in page.text
    assert "Risk, medium: Clinical review" in page.text
    assert "Somebody of whom no place is known is in Rotherham." in page.text


def test_the_page_says_which_rules_are_added_and_retired(page: Page, rulebook: Rulebook) -> None:
    assert "#rule-contact-made-first" in page.links
    assert "#rule-too-unwell-to-self-refer" not in page.links
    (retired,) = (rule for rule in rulebook.rules if rule.id == "too-unwell-to-self-refer")
    assert f"{retired.title} {retired.id}" in page.text
    assert "The wider rule contact-made-first takes its place" in page.text


def test_the_page_says_where_it_may_be_less_urgent(page: Page, edited_rules: EditedRules) -> None:
    assert "No waiver is named." in page.text
    waiving = Page(rule_page(load_rulebook(write(edited_rules, "here", SOONER, WAIVING)))).text
    assert "No waiver is named." not in waiving
    assert "Later here later-here" in waiving
    assert "Routine (4 weeks) in place of soon (72 hours)" in waiving
    assert "Veteran of the armed forces: no" in waiving


def test_a_base_has_no_such_part(rulebook: Rulebook) -> None:
    page = Page(rule_page(rulebook))
    assert "base" not in page.ids
    assert "#base" not in page.links


def test_what_was_kept_of_local_rules_does_not_say_that_the_rest_is_alike() -> None:
    text = Page(rule_page(rulebook_of(kept(load_rulebook(ROTHERHAM))))).text
    assert "These rules extend the rulebook doncaster" in text
    assert "What is not named here is as it is there." not in text
