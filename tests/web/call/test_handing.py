"""Calls change hands, two people never write over one another, and nothing goes unnoticed."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import NoReturn

import pytest

from tests.web.call.conftest import Begin
from tests.web.call.line import Call
from tests.web.decision.desk import CLINICIAN, Desk
from triage.domain.drafts import Draft
from triage.errors import LogUnavailableError
from triage.store.drafts import Drafts
from triage.store.entries import Kind

COLLEAGUE = "tom-price"


def seen_by(call: Call, desk: Desk, person: str = COLLEAGUE) -> Call:
    """The same call in the browser of a colleague."""
    return Call(desk.browser(person), call.vocabulary, call.path)


def noted(desk: Desk, call: Call) -> list[str]:
    """What the log says of a call, in order."""
    size = desk.log.head().head.size
    entries = (desk.log.entry(place) for place in range(1, size + 1))
    contents = [one.content for one in entries if one is not None]
    told = [one for one in contents if one["kind"] == Kind.CALL and one["call"] in call.path]
    return [one["what"] for one in told]


def test_the_desk_lists_calls_in_progress_the_most_urgent_first(calls: Begin, desk: Desk) -> None:
    mild, urgent = calls(), calls()
    urgent.say(emergency_now=True)
    page = desk.browser(COLLEAGUE).page("/call")
    assert page.links.index(f"{urgent.path}/take") < page.links.index(f"{mild.path}/take")
    assert "Danger. Emergency" in page.text
    assert "Asha Begum" in page.text
    assert f"{mild.path}/discard" not in page.links
    assert f"{mild.path}/discard" in mild.browser.page("/call").links


def test_the_desk_lists_a_call_that_was_left_under_rules_with_other_words(
    calls: Begin, desk: Desk
) -> None:
    call = calls()
    call.say(emergency_now=True)
    drafts = Drafts(desk.log.database, desk.log.person_key)
    draft = drafts.one(call.path.rpartition("/")[2])
    assert draft is not None
    drafts.put(replace(draft, route="of-old", urgency="of-old"))
    page = desk.browser(COLLEAGUE).page("/call")
    assert f"{call.path}/take" in page.links
    assert "of-old" not in page.text


def test_a_colleague_takes_a_call_over_and_its_holder_loses_nothing(
    calls: Begin, desk: Desk
) -> None:
    call = calls()
    call.say(emergency_now=False)
    call.send("offer", offered="yes")
    other = seen_by(call, desk)
    assert "Waiting for a colleague" in other.look().text
    assert 'id="asking"' not in other.page
    other.look("/take")
    assert other.send("take").location == call.path
    other.look()
    assert other.asked == "thoughts_of_harm"
    assert "Waiting for a colleague" not in other.words
    before = call.page
    call.press("save", "plan", **{"answers.plan": "active"})
    assert "Not saved: somebody else has this call now" in call.words
    assert "Tom Price" in call.words
    call.page = before
    assert call.send("question/plan", do="save", **{"answers.plan": "active"}).status_code == 409
    assert "What you typed: Plan An active plan" in call.words
    assert noted(desk, call) == ["offered", "seen", "taken"]
    assert "Plan" not in other.look().text.partition("Answers so far")[2]


def test_a_colleague_sees_danger_with_whom_to_ring_and_that_it_was_taken_back(
    calls: Begin, desk: Desk
) -> None:
    call = calls()
    call.say(emergency_now=False, plan="active")
    other, before = seen_by(call, desk), "“Very urgent (4 hours)” was shown before"
    for page in (other.look(), other.look("/take")):
        assert "tel:01632960001" in page.links
        assert call.vocabulary.routes["crisis"].script[0] in page.text
    call.say(plan="none")
    for page in (other.look(), other.look("/take")):
        assert "showed danger before (“Very urgent (4 hours)”)" in page.text
    assert before in desk.browser(COLLEAGUE).page("/call").text


def test_an_offer_can_be_taken_back(calls: Begin) -> None:
    call = calls()
    call.send("offer", offered="yes")
    assert "Waiting for a colleague" in call.look().text
    call.send("offer", offered="no")
    assert "Waiting for a colleague" not in call.look().text


def test_two_windows_of_one_person_write_nothing_over(calls: Begin) -> None:
    call = calls()
    window = Call(call.browser, call.vocabulary, call.path)
    window.look()
    call.say(emergency_now=False)
    window.say(intent="some")
    assert "Emergency now No" in window.words
    call.look("/check")
    window.say(plan="none")
    assert call.send("record").status_code == 409
    assert "changed after you looked at it" in call.words


def test_a_call_is_thrown_away_only_when_that_is_meant(calls: Begin, desk: Desk) -> None:
    call = calls(CLINICIAN)
    call.say(veteran=True)
    call.look("/discard")
    assert "Veteran of the armed forces Yes" in call.words
    assert call.send("discard", version="1").status_code == 409
    call.look("/discard")
    assert call.send("discard").location == "/call"
    call.look("", HTTPStatus.NOT_FOUND)
    assert noted(desk, call) == ["discarded"]


def test_a_call_cannot_be_begun_for_nobody(desk: Desk, calls: Begin) -> None:
    call = calls()
    answer = call.browser.client.post("/call", data={**call._hidden, "source": ""})  # noqa: SLF001
    assert answer.status_code == 422
    assert "Choose who rings" in answer.text
    assert desk.app.test_client().post("/call", data={"source": "B1"}).status_code in (401, 403)


def last_two(desk: Desk) -> list[tuple[str, str | None, str]]:
    """The last two decisions: their ids, whose place they take, and where they lead."""
    size = desk.log.head().head.size
    contents = [entry.content for entry in desk.log.decisions(1, size)][-2:]
    return [(one["id"], one["about"], one["decision"]["route"]["id"]) for one in contents]


def test_what_is_said_while_a_call_is_recorded_is_not_lost(
    calls: Begin, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = calls()
    call.say(emergency_now=False, thoughts_of_harm="none")
    window = Call(call.browser, call.vocabulary, call.path)
    window.look()
    decided = Drafts.decided

    def said_meanwhile(drafts: Drafts, draft: Draft, decision_id: str) -> None:
        monkeypatch.setattr(Drafts, "decided", decided)
        window.say(plan="active")
        decided(drafts, draft, decision_id)

    monkeypatch.setattr(Drafts, "decided", said_meanwhile)
    assert call.record().status_code == HTTPStatus.CONFLICT
    assert "while it was recorded" in call.words
    assert "Very urgent" in call.look().text
    assert call.record().location == f"{call.path}/end"
    (first, _, before), (_, about, now) = last_two(desk)
    assert (about, before, now) == (first, "clinical_review", "crisis")


def test_a_call_whose_recording_was_not_noted_can_still_be_changed_and_recorded(
    calls: Begin, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> NoReturn:
        raise LogUnavailableError("the database is locked")

    call = calls()
    call.say(emergency_now=True)
    with monkeypatch.context() as for_a_moment:
        for_a_moment.setattr(Drafts, "put", away)
        assert call.send("record-now").status_code == HTTPStatus.SERVICE_UNAVAILABLE
    call.look()
    call.say(emergency_now=False, thoughts_of_harm="frequent", plan="active")
    assert call.record().location == f"{call.path}/end"
    (first, _, before), (_, about, now) = last_two(desk)
    assert (about, before, now) == (first, "emergency", "crisis")
