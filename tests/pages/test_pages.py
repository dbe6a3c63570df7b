"""The page that clinicians sign and the form for when the service is down."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.edited_rules import EditedRules
from tests.pages.html import Page
from triage.pages import paper_form, rule_page
from triage.rulebook import Rulebook, load_rulebook

MakePage = Callable[[Rulebook], str]

each_page = pytest.mark.parametrize("make", [rule_page, paper_form])


@each_page
def test_a_page_asks_nothing_of_anybody(make: MakePage, rulebook: Rulebook) -> None:
    html = make(rulebook)
    assert Page(html).loads == []
    assert "://" not in html
    assert "<script" not in html
    assert "@import" not in html


@each_page
def test_every_link_within_a_page_leads_somewhere(make: MakePage, rulebook: Rulebook) -> None:
    page = Page(make(rulebook))
    assert len(page.ids) == len(set(page.ids))
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)


@each_page
def test_headings_go_down_one_by_one_and_tables_have_captions(
    make: MakePage, rulebook: Rulebook
) -> None:
    page = Page(make(rulebook))
    assert page.language == "en-GB"
    assert page.headings.count(1) == 1
    steps = zip(page.headings, page.headings[1:], strict=False)
    assert all(after - before <= 1 for before, after in steps)
    assert page.tables == page.captions


@each_page
def test_the_safety_net_stands_on_every_page(make: MakePage, rulebook: Rulebook) -> None:
    assert rulebook.safety_net in Page(make(rulebook)).text


@each_page
def test_nobody_is_called_low_risk(make: MakePage, rulebook: Rulebook) -> None:
    text = Page(make(rulebook)).text.lower()
    assert "low risk" not in text
    assert "risk: low" not in text
    assert "no immediate-safety indicators recorded" in text


@each_page
def test_what_a_rule_file_says_is_shown_as_text(make: MakePage, edited_rules: EditedRules) -> None:
    edited_rules.replace("rulebook.yaml", "title: Doncaster referral triage", 'title: "<b>&"')
    assert "<b>&" in Page(make(load_rulebook(edited_rules.directory))).text


def test_the_page_holds_every_rule_with_its_examples_and_its_basis(rulebook: Rulebook) -> None:
    page = Page(rule_page(rulebook))
    for rule in rulebook.rules:
        assert f"rule-{rule.id}" in page.ids
        assert rule.title in page.text
        assert " ".join(rule.basis.where.split()) in page.text
        for example in rule.examples:
            assert example.title in page.text


def test_the_front_page_names_the_rulebook_and_its_digest(rulebook: Rulebook) -> None:
    text = Page(rule_page(rulebook)).text
    for told in (rulebook.title, rulebook.owner, rulebook.status, rulebook.stamp.digest):
        assert told in text


def test_the_matrix_shows_the_destination_of_each_cell(rulebook: Rulebook) -> None:
    text = Page(rule_page(rulebook)).text
    for destination in {cell.destination for cell in rulebook.cells}:
        assert text.count(destination) >= sum(
            cell.destination == destination for cell in rulebook.cells
        )


def test_a_threshold_reads_as_a_sentence(rulebook: Rulebook) -> None:
    text = Page(rule_page(rulebook)).text
    assert "PHQ-9 total is 20 or more" in text
    assert "PHQ-9 total is from 10 to 19" in text
    assert "Route: Crisis team. Urgency: very urgent (4 hours)" in text


def test_a_value_changed_in_one_place_changes_the_page(edited_rules: EditedRules) -> None:
    edited_rules.set_value("minimum_age", 16)
    assert "Age is less than 16" in Page(rule_page(load_rulebook(edited_rules.directory))).text


def test_the_form_says_what_an_answer_calls_for_at_once(rulebook: Rulebook) -> None:
    text = Page(paper_form(rulebook)).text
    assert "strong intent → Crisis team, very urgent (4 hours)" in text
    assert "life-threatening injury → Emergency services, now" in text


def test_the_form_holds_every_route_with_a_telephone_number(rulebook: Rulebook) -> None:
    text = Page(paper_form(rulebook)).text
    for route in rulebook.vocabulary.routes.values():
        assert route.title in text
    for team in rulebook.directory.services:
        assert team.phone in text


def test_a_switch_takes_its_rule_off_the_form(edited_rules: EditedRules) -> None:
    shipped = Page(paper_form(load_rulebook(edited_rules.directory))).text
    edited_rules.set_value("medium_risk_destination", "cmht")
    switched = Page(paper_form(load_rulebook(edited_rules.directory))).text
    assert "Where a referral at Medium risk goes: cmht" in switched
    assert "Where a referral at Medium risk goes" not in shipped


def test_the_page_holds_every_reason_to_decide_otherwise(rulebook: Rulebook) -> None:
    page = Page(rule_page(rulebook))
    assert "override-reasons" in page.ids
    for reason in rulebook.vocabulary.override_reasons.values():
        assert reason.title in page.text
        assert reason.id in page.text
