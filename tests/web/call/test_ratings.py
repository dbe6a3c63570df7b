"""What a clinician rates: on the form of a letter, and on a call, where a clinician takes it."""

from __future__ import annotations

import re
from http import HTTPStatus

from tests.web.call.conftest import Begin
from tests.web.call.line import Call
from tests.web.decision.desk import CLINICIAN
from triage.domain.rules import NO_INDICATORS


def is_unfolded(call: Call) -> bool:
    """Are the ratings shown, without anybody's asking for them?"""
    return re.search(r"<details [^>]*open", call.page) is not None


def test_the_form_of_a_letter_holds_ratings_folded_away(calls: Begin) -> None:
    call = calls(way="form", source="A1")
    assert not is_unfolded(call)
    assert "A rating of risk can only raise" in call.words
    assert NO_INDICATORS.capitalize() in call.words.partition("A clinician's ratings")[2]
    sent = {"levels.risk": "high", "levels.complexity": "medium"}
    assert call.send("form", do="check", **sent).location == f"{call.path}/check"
    call.look("/check")
    assert "Complexity, as a clinician rated it Medium" in call.words
    assert "Very urgent (4 hours)" in call.words
    call.look("/form")
    assert is_unfolded(call)
    call.send("form", do="stay", **{"levels.risk": "", "levels.complexity": ""})
    assert "as a clinician rated it" not in call.look("/check").text


def test_on_a_call_only_a_clinician_rates(calls: Begin) -> None:
    call = calls(CLINICIAN)
    assert f"{call.path}/ratings" in call.look().links
    call.look("/ratings")
    assert call.send("ratings", do="call", **{"levels.risk": "low"}).location == call.path
    assert f"Risk, as a clinician rated it {NO_INDICATORS.capitalize()}" in call.look().text
    handled = calls()
    assert f"{handled.path}/ratings" not in handled.look().links
    handled.look("/ratings", HTTPStatus.FORBIDDEN)
