"""How a call ends: where it goes, by when, whom to ring, and what the caller is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import pytest

from tests.builders import MILD_ANSWERS
from tests.pages.html import Page
from tests.web.call.conftest import Begin
from tests.web.call.line import Call, boxes, day
from tests.web.decision.desk import CLINICIAN
from triage.domain.clock import local_day
from triage.domain.vocabulary import Value
from triage.feedback.moments import day_words
from triage.web.call import keeping

ADULT = day("patient.birth_date", 1, 2, 1985)

UNSETTLED: Mapping[str, Value] = {
    "recent_trigger": "job_loss",
    "trigger_days_ago": 12,
    "perinatal": False,
    "active_monitoring": "not_done",
    "accepts_active_monitoring": True,
}
"""What somebody says who has lost a job and would wait and see."""


def ended(call: Call, **answers: Value) -> Page:
    """The page of the end of a call in which all this was said."""
    call.say(**answers)
    call.press("save", "patient.birth_date", **ADULT)
    call.record()
    return call.look("/end")


def test_active_monitoring_ends_in_the_day_on_which_somebody_looks_again(calls: Begin) -> None:
    page = ended(calls(), **{**MILD_ANSWERS, **UNSETTLED})
    review = day_words(local_day(datetime.now(UTC)) + timedelta(days=14))
    assert f"Active monitoring: review by {review}" in page.text
    assert f"“The day is {review} at the latest." in page.text


def test_two_teams_that_act_at_the_same_time_are_both_rung(calls: Begin) -> None:
    answers = {**MILD_ANSWERS, "daily_functioning": "marked", "substance_use": "dependent"}
    page = ended(calls(), **answers)
    assert {"tel:01632960004", "tel:01632960005"} <= set(page.links)
    assert "“At the same time, Doncaster drug and alcohol service will be in touch" in page.text
    assert not [link for link in page.links if link.endswith("/override")]


def test_a_crisis_is_handed_over_with_the_number_and_the_script(calls: Begin) -> None:
    call = calls(CLINICIAN)
    page = ended(call, emergency_now=False, plan="active")
    assert "tel:01632960001" in page.links
    assert all(line in page.text for line in call.vocabulary.routes["crisis"].script)
    assert "nobody needs to refer you again" not in page.text
    assert [link for link in page.links if link.endswith("/override")]


def test_a_clinical_review_says_what_to_do_while_the_caller_is_there(calls: Begin) -> None:
    call = calls()
    text = ended(call, emergency_now=False).text
    told = call.vocabulary.routes["clinical_review"]
    assert text.index(told.script[0]) < text.index(told.to_caller)
    assert f"You will hear by the end of {day_words(local_day(datetime.now(UTC)))}" in text


def test_calls_that_were_decided_long_ago_are_let_go_of_where_one_begins(
    calls: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    call, other = calls(), calls()
    call.record()
    calls()
    call.look("/end")
    monkeypatch.setattr(keeping, "KEPT", timedelta(0))
    calls()
    call.look("/end", HTTPStatus.NOT_FOUND)
    other.look()


def test_a_review_whose_day_has_passed_is_not_promised(calls: Begin) -> None:
    call = calls(way="form", source="A1")
    typed = {"source": "A1", **day("received_at", 2, 1, 2026), **ADULT}
    for name, value in {**MILD_ANSWERS, **UNSETTLED}.items():
        typed |= boxes(call.vocabulary, name, value)
    call.send("form", do="check", **typed)
    call.record()
    text = call.look("/end").text
    assert "Active monitoring: the time is over" in text
    assert "has been over since the end of Friday 16 January 2026. See to it now" in text
    assert "(was due by Friday 16 January 2026, so now)" in text
