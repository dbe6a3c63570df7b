"""Referrals that are sent again: one decision each, whoever sends them when."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.contracts.desks import NOW, Desk, recorded, refused
from tests.running import LONGEST_WAIT
from triage.api.examples import REFERRAL

CALLERS = 8


@pytest.fixture
def key() -> str:
    """An Idempotency-Key that nobody used yet."""
    return str(uuid.uuid4())


def test_the_same_key_and_referral_give_the_first_answer_again(desk: Desk, key: str) -> None:
    first = desk.refer(NOW, key)
    size = desk.size()
    again = desk.refer(NOW, key)
    assert (again.status_code, again.data) == (201, first.data)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["Location"] == first.headers["Location"]
    assert desk.size() == size


def test_spaces_and_order_make_no_other_referral(desk: Desk, key: str) -> None:
    first = desk.refer(NOW, key)
    turned = dict(reversed(NOW.items())) | {"answers": dict(reversed(NOW["answers"].items()))}
    for body in (turned, json.dumps(NOW, indent=3).encode(), json.dumps(turned).encode()):
        assert desk.refer(body, key).data == first.data


@pytest.mark.parametrize(
    "more",
    [
        {"notes": "something more"},
        {"reference": "another"},
        {"patient": {**REFERRAL["patient"], "nhs_number": "9990000034"}},
        {"received_at": "2025-11-21T10:15:00Z"},
        {"declined": []},
    ],
)
def test_another_referral_under_a_used_key_is_a_conflict(
    desk: Desk, key: str, more: dict[str, Any]
) -> None:
    recorded(desk.refer(NOW, key))
    size = desk.size()
    problem = refused(desk.refer({**NOW, **more}, key), 409)
    assert "Idempotency-Key" in problem["detail"]
    assert desk.size() == size


def test_a_conflict_does_not_hide_danger(desk: Desk, key: str) -> None:
    recorded(desk.refer(NOW, key))
    worse = {**NOW, "answers": {**NOW["answers"], "plan": "active"}}
    assert refused(desk.refer(worse, key), 409)["safety"]["route"] == "crisis"


def at_once(ask: Callable[[int], TestResponse]) -> list[TestResponse]:
    """What callers are answered who all ask in the same moment."""
    together = Barrier(CALLERS)

    def wait_and_ask(number: int) -> TestResponse:
        together.wait(LONGEST_WAIT)
        return ask(number)

    with ThreadPoolExecutor(CALLERS) as threads:
        return list(threads.map(wait_and_ask, range(CALLERS)))


def test_the_same_referral_sent_at_once_is_one_decision(desk: Desk, key: str) -> None:
    before = desk.size()
    answers = at_once(lambda _: desk.refer(NOW, key))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.data for answer in answers}) == 1
    assert Counter("Idempotent-Replayed" in one.headers for one in answers)[False] == 1
    assert desk.size() == before + 1


def test_of_two_referrals_sent_at_once_under_a_key_one_is_recorded(desk: Desk, key: str) -> None:
    before = desk.size()
    answers = at_once(lambda number: desk.refer({**NOW, "notes": f"note {number % 2}"}, key))
    by_notes = [{one.status_code for one in answers[first::2]} for first in (0, 1)]
    assert sorted(by_notes, key=max) == [{201}, {409}]
    assert len({one.data for one in answers if one.status_code == 201}) == 1
    assert desk.size() == before + 1


def test_without_a_key_each_is_a_decision_of_its_own(desk: Desk) -> None:
    before = desk.size()
    answers = at_once(lambda _: desk.refer(NOW))
    sequences = sorted(recorded(answer)["sequence"] for answer in answers)
    assert sequences == list(range(before + 1, before + CALLERS + 1))


def test_the_key_of_another_system_is_another_key(desk: Desk, key: str) -> None:
    one = recorded(desk.refer(NOW, key))
    other = recorded(desk.refer({**NOW, "notes": "theirs"}, key, system="another-system"))
    assert one["decision_id"] != other["decision_id"]


@pytest.mark.parametrize("bad", ["", "a b", "x" * 201, "é", "a\tb"])
def test_a_key_that_is_none_is_refused(desk: Desk, bad: str) -> None:
    before = desk.size()
    (fault,) = refused(desk.refer(NOW, bad), 400)["errors"]
    assert fault["field"] == "Idempotency-Key"
    assert desk.size() == before


def test_a_refused_referral_uses_up_no_key(desk: Desk, key: str) -> None:
    refused(desk.refer({**NOW, "answers": {"phq9_total": 28}}, key), 422)
    recorded(desk.refer(NOW, key))
