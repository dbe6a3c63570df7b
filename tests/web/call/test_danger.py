"""Danger takes over the page, whatever else is unanswered; help waits for nothing."""

from __future__ import annotations

import re

from tests.web.call.conftest import Begin
from tests.web.call.line import Call
from tests.web.decision.desk import Desk


def danger(call: Call) -> str:
    """The words of what takes over the page; empty where nothing does."""
    found = re.search(r'data-danger="([^"]+)"', call.page)
    return found[1] if found else ""


def test_a_crisis_in_the_second_answer_takes_over_the_page(calls: Begin) -> None:
    call = calls()
    call.say(emergency_now=False)
    assert not danger(call)
    call.say(plan="active")
    assert danger(call) == "Very urgent (4 hours)"
    assert "01632 960001" in call.words
    for line in call.vocabulary.routes["crisis"].script:
        assert line in call.words
    assert call.vocabulary.routes["crisis"].to_caller in call.words
    assert call.asked  # and the questions go on beneath
    assert f'href="{call.path}/question/emergency_now#question"' in call.page


def test_an_emergency_names_999_and_the_crisis_team(calls: Begin) -> None:
    call = calls()
    call.say(emergency_now=True)
    assert danger(call) == "Emergency"
    assert 'href="tel:999"' in call.page
    assert "01632 960001" in call.words
    assert call.asked == "thoughts_of_harm"
    call.look("/person")
    assert danger(call) == "Emergency"


def test_an_earlier_answer_that_is_changed_brings_danger_and_a_slip_put_right_ends_it(
    calls: Begin,
) -> None:
    call = calls()
    call.say(emergency_now=False, thoughts_of_harm="none", intent="none")
    assert not danger(call)
    call.say(thoughts_of_harm="frequent", intent="strong")
    assert danger(call) == "Very urgent (4 hours)"
    call.say(thoughts_of_harm="none", intent="none")
    assert not danger(call)
    assert "This page showed “Very urgent (4 hours)” earlier in the call" in call.words
    call.look("/discard")
    assert "Record it instead" in call.words


def test_recording_at_once_records_once_and_the_call_goes_on(calls: Begin, desk: Desk) -> None:
    call = calls()
    call.say(emergency_now=False, plan="active")
    call.press("save", "phq9_total", **{"answers.phq9_total": "99"})  # holds no help up
    size = desk.log.head().head.size
    hidden = re.search(r'name="recorded" value="([^"]*)"', call.page)
    assert hidden is not None
    assert call.send("record-now", recorded=hidden[1]).location == call.path
    call.look()
    call.send("record-now", recorded=hidden[1])
    assert desk.log.head().head.size == size + 1
    call.look()
    assert "Recorded at" in call.words
    call.press("clear", "phq9_total")
    call.say(thoughts_of_harm="frequent")
    assert "Record again now" in call.words
    call.record()
    assert desk.log.head().head.size == size + 2
    first, last = (desk.log.entry(size + place) for place in (1, 2))
    assert first is not None
    assert last is not None
    assert last.content["about"] == first.id


def test_a_call_that_was_recorded_and_not_changed_since_ends_without_another_record(
    calls: Begin, desk: Desk
) -> None:
    call = calls()
    call.say(emergency_now=True)
    call.send("record-now", recorded="")
    size = desk.log.head().head.size
    assert call.record().location == f"{call.path}/end"
    assert desk.log.head().head.size == size
    assert "Emergency services: now" in call.look("/end").text
