"""What another rulebook would change, for whom: less urgent first, and nothing where nothing is."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from tests.edited_rules import EditedRules
from tests.pages.html import Page
from tests.web.audit.asking import done, send
from tests.web.decision.desk import AUDITOR, Desk
from triage.domain.caller import Caller, Role
from triage.errors import NotRecordedError, RulebookError
from triage.jobs import Progress
from triage.rulebook import Rulebook, load_rulebook
from triage.web.audit.books import Books
from triage.web.audit.comparing import Pair, comparing
from triage.web.shelf import Shelf

COMPARE = "/audit/compare"

MEI = Caller(Role.AUDITOR, AUDITOR)


def quiet(_done: int, _total: int) -> None:
    """Progress that nobody watches."""


WATCHER: Progress = quiet


def test_a_candidate_is_compared_and_weighed_by_recorded_referrals(
    desk: Desk, rulebook: Rulebook
) -> None:
    asked = {"before": rulebook.stamp.digest, "after": "candidate:rotherham", "recorded": "yes"}
    page = done(desk, COMPARE, **asked)
    assert "No referral becomes less urgent." in page.text
    assert "Of 9 recorded referrals 2 would have." in page.text
    assert "Talking therapies, step 2, the same day → becomes Clinical review" in page.text
    assert "Protective factors: some protective factors" in page.text
    assert "Local switch: Medium risk goes to clinical review" in page.text
    assert "/rules#rule-step-2" in page.links
    looked = [one.content for n in range(20, 0, -1) if (one := desk.log.entry(n))]
    assert any(one["kind"] == "view" and one["what"] == "rules diff" for one in looked)


def compared(before: Rulebook, after: Rulebook) -> dict[str, Any]:
    """What is found to differ, without recorded referrals."""
    return dict(comparing(Pair(before, after, ("/rules", "")), None, MEI)(WATCHER))


def test_less_urgent_referrals_are_told_apart_with_a_witness_and_the_rule(
    rulebook: Rulebook, edited_rules: EditedRules
) -> None:
    edited_rules.replace(
        "safety.yaml",
        "- route: {to: crisis, urgency: very_urgent}",
        "- route: {to: crisis, urgency: soon}",
    )
    found = compared(rulebook, load_rulebook(edited_rules.directory))
    worst = found["worse"][0]
    assert worst["after"].startswith("Crisis team, soon")
    assert worst["shown"]
    assert worst["stopped"]
    assert worst["stopped"][0][2] == f"/rules#rule-{worst['stopped'][0][0]}"
    assert worst["recorded"] is None


def test_a_change_of_words_alone_has_no_effect(
    rulebook: Rulebook, edited_rules: EditedRules
) -> None:
    edited_rules.replace(
        "stepped_care.yaml", "Everybody else begins at step 2", "Others begin at step 2"
    )
    found = compared(rulebook, load_rulebook(edited_rules.directory))
    assert (found["empty"], found["only_words"], found["worse"]) == (True, True, [])


def test_two_must_be_chosen_and_not_the_same(desk: Desk, rulebook: Rulebook) -> None:
    digest = rulebook.stamp.digest
    for after, said in (("", "Choose a rulebook"), (digest, "Choose two rulebooks")):
        answer = send(desk.browser(AUDITOR), COMPARE, before=digest, after=after)
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert "#after" in Page(answer.text).links
        assert said in answer.text


def test_candidates_are_the_folders_that_hold_a_rulebook_and_no_others(
    desk: Desk, rulebook: Rulebook, tmp_path: Path
) -> None:
    for name in ("next-year", "notes"):
        (tmp_path / name).mkdir()
    edited = EditedRules(tmp_path / "next-year")
    books = Books(desk.log, Shelf(desk.log, rulebook), tmp_path)
    named = [one.id for one in books.choices()]
    assert named == [rulebook.stamp.digest, "candidate:next-year"]
    assert books.one("candidate:next-year").stamp == rulebook.stamp
    assert books.page_of("candidate:next-year") == ""
    for strange in ("candidate:notes", "candidate:../next-year", "candidate:", "sha256:0", ""):
        with pytest.raises(NotRecordedError):
            books.one(strange)
    edited.replace("rulebook.yaml", "owner:", "ownr:")
    with pytest.raises(RulebookError, match=r"rulebook\.yaml"):
        books.one("candidate:next-year")
