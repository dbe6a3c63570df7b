"""The rules as pages, read by somebody of whom nothing is known."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from flask.testing import FlaskClient

from tests.pages.html import Page
from tests.web.decision.desk import CLINICIAN, Desk
from tests.web.rulebook.conftest import OLDER_DECISIONS
from triage.errors import LogUnavailableError
from triage.rulebook import Rulebook
from triage.web.rulebook import standing

PAGES = ("", "/matrix", "/precedence", "/values", "/questions", "/versions")


@pytest.fixture
def anybody(desk: Desk) -> FlaskClient:
    """A browser in which nobody is signed in."""
    return desk.app.test_client()


def page(client: FlaskClient, path: str) -> Page:
    """A page of the rules."""
    answer = client.get(f"/rules{path}")
    assert answer.status_code == HTTPStatus.OK, answer.text
    return Page(answer.text)


def test_anybody_reads_every_rule_at_its_own_anchor(
    anybody: FlaskClient, rulebook: Rulebook
) -> None:
    shown = page(anybody, "")
    assert {f"rule-{rule.id}" for rule in rulebook.rules} <= set(shown.ids)
    for rule in rulebook.rules:
        assert f"{rule.id} " in shown.text
        assert f"Written in {rule.file} , line {rule.line}." in shown.text
    assert "No clinician has signed these rules. The service decides by them" in shown.text
    assert rulebook.stamp.digest in shown.text
    assert "#rule-perinatal-psychosis" not in shown.links  # it is shown whole, not linked to


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_in_good_order(path: str, anybody: FlaskClient) -> None:
    shown = page(anybody, path)
    assert len(shown.ids) == len(set(shown.ids))
    assert shown.headings.count(1) == 1
    steps = zip(shown.headings, shown.headings[1:], strict=False)
    assert all(after - before <= 1 for before, after in steps)
    assert shown.tables == shown.captions
    assert "/rules/sign" not in shown.links
    assert "low risk" not in shown.text.lower()
    assert "risk: low" not in shown.text.lower()


def test_a_question_stands_as_it_is_spoken_with_all_that_may_be_said(
    anybody: FlaskClient,
) -> None:
    text = page(anybody, "/questions").text
    assert "“Do you intend to harm yourself or anybody else?”" in text
    assert "Of somebody else: “Does the person intend to act on the thoughts?”" in text
    assert "strong intent strong" in text
    assert "each choice is worse than the one before it" in text
    assert "LOINC 44261-6" in text
    assert "Alcohol and drugs" in text


def test_a_value_says_who_uses_it(anybody: FlaskClient) -> None:
    shown = page(anybody, "/values")
    assert "/rules#rule-young-people" in shown.links
    assert "18 years 0 to 130" in shown.text
    assert "Where risk is unknown, the urgency is never less than “the same day”" in shown.text


def test_precedence_says_how_soon_and_which_team(anybody: FlaskClient) -> None:
    text = page(anybody, "/precedence").text
    assert "Very urgent (4 hours)" in text
    assert "Doncaster crisis resolution and home treatment team" in text
    assert "Takes the place of: Clinical review." in text


def test_the_matrix_says_for_what_its_cells_stand_today(anybody: FlaskClient) -> None:
    text = page(anybody, "/matrix").text
    assert "DaSH CMHT Community mental health team Complexity: high; Impairment: high" in text
    assert "Risk: no immediate-safety indicators recorded, medium" in text


def test_every_version_that_decided_is_listed_and_can_be_read(
    anybody: FlaskClient, rulebook: Rulebook, older: Rulebook
) -> None:
    shown = page(anybody, "/versions")
    first, second = (shown.text.index(one.stamp.digest) for one in (rulebook, older))
    assert first < second
    assert f"Decisions {OLDER_DECISIONS} Signed by nobody" in shown.text
    old = page(anybody, f"/by/{older.stamp.digest}")
    assert "These rules are not in force" in old.text
    assert "PHQ-9 total is 22 or more" in old.text
    assert "line" not in old.text.partition("Written in levels.yaml")[2][:10]
    assert {"matrix", "routes", "values", "rule-young-people"} <= set(old.ids)
    for unknown in (f"sha256:{'0' * 64}", "2025.9"):
        assert anybody.get(f"/rules/by/{unknown}").status_code == HTTPStatus.NOT_FOUND


def test_who_is_signed_in_is_greeted_on_pages_that_are_open_to_all(desk: Desk) -> None:
    for path in ("/rules", "/nothing-here"):
        assert "Ruth Okoro" in desk.browser(CLINICIAN).get(path).text


def test_the_rules_can_be_read_while_the_log_does_not_answer(
    anybody: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise LogUnavailableError

    monkeypatch.setattr(standing, "signed", away)
    text = page(anybody, "").text
    assert "Whether these rules are signed cannot be said now" in text
    assert "No clinician has signed" not in text


def test_the_form_to_route_by_hand_is_whole_in_itself_and_kept_by_browsers(
    anybody: FlaskClient,
) -> None:
    first = anybody.get("/rules/call-script")
    assert Page(first.text).loads == []
    assert "style-src 'sha256-" in first.headers["Content-Security-Policy"]
    tag = first.headers["ETag"]
    again = anybody.get("/rules/call-script", headers={"If-None-Match": tag})
    assert (again.status_code, again.text) == (HTTPStatus.NOT_MODIFIED, "")
