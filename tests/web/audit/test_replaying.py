"""What would have become of a period's referrals under another rulebook."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus

from tests.builders import a_referral
from tests.pages.html import Page
from tests.web.audit.asking import begun, done, ended, send
from tests.web.decision.desk import AUDITOR, Desk
from triage.decide import Decider
from triage.rulebook import Rulebook
from triage.store.search import last_entry
from triage.web.audit.fitting import fitted

REPLAY = "/audit/replay"


def days() -> dict[str, str]:
    """Today, and a year back at the most that may be asked."""
    today = datetime.now(UTC).date()
    return {"from": today.replace(day=1).isoformat(), "to": today.isoformat()}


def test_a_period_is_replayed_and_what_would_change_is_listed(desk: Desk) -> None:
    before = last_entry(desk.log)
    browser = desk.browser(AUDITOR)
    address = begun(browser, REPLAY, rulebook="candidate:rotherham", **days())
    page = ended(browser, address)
    assert "Decided again 9" in page.text
    assert "Another route or urgency 2" in page.text
    assert "None would have been less urgent." in page.text
    decisions = [link for link in page.links if link.startswith("/decisions/")]
    assert len(decisions) == 2
    rows = list(csv.DictReader(io.StringIO(browser.get(f"{address}/changed.csv").text)))
    assert [f"/decisions/{row['decision_id']}" for row in rows] == decisions
    assert {row["after"] for row in rows} == {"Clinical review, the same day"}
    entry = desk.log.entry(last_entry(desk.log))
    assert last_entry(desk.log) == before + 1
    assert entry is not None
    assert (entry.content["kind"], entry.content["what"]) == ("view", "replay")


def test_under_the_rulebook_that_decided_nothing_changes(desk: Desk, rulebook: Rulebook) -> None:
    page = done(desk, REPLAY, rulebook=rulebook.stamp.digest, **days())
    assert "Same route and urgency 9" in page.text
    assert "No referral of these days would have gone another way" in page.text


def test_days_without_a_decision_and_days_that_are_none_are_told(desk: Desk) -> None:
    for asked, field in (
        ({"from": "2020-01-01", "to": "2020-01-02"}, "#from"),
        ({"from": "2020-01-02", "to": "2020-01-01"}, "#to"),
        ({"from": "soon", "to": "2020-01-01"}, "#from"),
    ):
        answer = send(desk.browser(AUDITOR), REPLAY, rulebook="candidate:rotherham", **asked)
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert field in Page(answer.text).links


def test_what_another_rulebook_never_asks_is_left_out_and_counted(
    rulebook: Rulebook, decider: Decider
) -> None:
    referral = decider.known(a_referral(phq9_total=12))
    answers = {**referral.answers, "old_question": "yes", "gad7_total": 99, "plan": "secret"}
    person = replace(referral.person, place="atlantis")
    strange = replace(referral, answers=answers, levels={"old_factor": "high"}, person=person)
    known, left_out = fitted(strange, rulebook)
    assert set(left_out) == {"old_question", "gad7_total", "plan", "old_factor"}
    assert known.answers["phq9_total"] == 12
    assert decider.conclude(known).route.team.name
