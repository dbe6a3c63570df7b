"""What a live call is told: what may still come of it, and what to ask next."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.builders import MILD_ANSWERS
from tests.contracts.desks import NOW, Desk, recorded
from triage.api.examples import LIVE_CALL
from triage.rulebook import Rulebook

BESIDE = {
    "patient.birth_date": ("patient", {"birth_date": "1990-03-14"}),
    "source": ("source", "A1"),
}
"""What is asked for that is no answer: the part of a referral that gives it."""


def told(client: FlaskClient, body: dict[str, Any]) -> dict[str, Any]:
    """What is answered to what is known so far."""
    answer = client.post("/v1/triage", json=body)
    assert answer.status_code == 200, answer.data
    found: dict[str, Any] = answer.get_json()
    return found


def test_what_may_still_come_of_it_stands_last(client: FlaskClient) -> None:
    found = told(client, {})
    assert list(found)[-1] == "live"
    assert list(found["live"]) == ["possible_routes", "worst_possible", "next_question"]
    assert list(found["live"]["next_question"]) == ["answer", "question", "why"]


def test_with_nothing_known_every_route_is_possible_and_danger_is_asked_about(
    client: FlaskClient, rulebook: Rulebook
) -> None:
    live = told(client, {})["live"]
    assert live["possible_routes"] == list(rulebook.vocabulary.routes)
    assert live["worst_possible"] == "emergency"
    assert live["next_question"]["answer"] == "emergency_now"


def test_the_urgency_stays_what_the_rules_say_whatever_is_still_possible(
    client: FlaskClient,
) -> None:
    found = told(client, {})
    assert (found["route"]["id"], found["urgency"]) == ("clinical_review", "same_day")
    assert found["live"]["worst_possible"] == "emergency"


def test_a_crisis_leaves_one_question(client: FlaskClient) -> None:
    live = told(client, LIVE_CALL)["live"]
    assert live["possible_routes"] == ["emergency", "crisis"]
    assert live["next_question"]["answer"] == "emergency_now"
    answers = {**LIVE_CALL["answers"], "emergency_now": False}
    live = told(client, {**LIVE_CALL, "answers": answers})["live"]
    assert live == {
        "possible_routes": ["crisis"],
        "worst_possible": "very_urgent",
        "next_question": None,
    }


def test_a_call_ends_where_its_answers_lead(client: FlaskClient) -> None:
    body: dict[str, Any] = {"answers": {}, "declined": []}
    while question := (found := told(client, body))["live"]["next_question"]:
        name = question["answer"]
        assert name not in {*body, *body["answers"], *body["declined"]}
        if name in BESIDE:
            part, value = BESIDE[name]
            body[part] = value
        elif name in MILD_ANSWERS:
            body["answers"][name] = MILD_ANSWERS[name]
        else:
            body["declined"].append(name)
    assert found["live"]["possible_routes"] == [found["route"]["id"]] == ["iapt_step_2"]
    assert found["live"]["worst_possible"] == found["urgency"] == "routine"
    assert found["status"] != "needs_information"


@pytest.mark.parametrize("name", ["plan", "patient.birth_date", "source"])
def test_what_is_declined_is_not_asked_again(client: FlaskClient, name: str) -> None:
    answers = {one: value for one, value in MILD_ANSWERS.items() if one != name}
    live = told(client, {"answers": answers, "declined": [name]})["live"]
    assert live["next_question"] is None or live["next_question"]["answer"] != name


def test_a_recorded_decision_says_what_was_decided_and_no_more(desk: Desk) -> None:
    assert "live" not in recorded(desk.refer(NOW))
    assert "live" in desk.triage(NOW).get_json()
