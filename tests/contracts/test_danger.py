"""A fault never hides danger: what can be read of a refused body is still heard."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

PLAN = b'{"answers": {"plan": "active"}}'
CRISIS = ("crisis", "very_urgent")


def refused(client: FlaskClient, body: Any, **headers: str) -> dict[str, Any]:
    """The problem that a body is answered with."""
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Content-Type": "application/json", **headers}
    answer = client.post("/v1/triage", data=sent, headers=headers)
    assert answer.status_code >= 400
    problem: dict[str, Any] = answer.get_json(force=True)
    assert "call 999" in problem["safety_net"]
    return problem


def concluded(problem: dict[str, Any]) -> tuple[str, str] | None:
    """The route and urgency that a problem tells, if it tells any."""
    safety = problem.get("safety")
    return (safety["route"], safety["urgency"]) if safety else None


def test_an_impossible_score_beside_an_active_plan_is_a_crisis(client: FlaskClient) -> None:
    problem = refused(client, {"answers": {"phq9_total": 28, "plan": "active"}})
    assert problem["status"] == 422
    assert concluded(problem) == CRISIS
    assert "active plan" in problem["safety"]["because"]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"emergency_now": True}, ("emergency", "emergency")),
        ({"harm_injury": "life_threatening"}, ("emergency", "emergency")),
        ({"intent": "strong"}, CRISIS),
        ({"serious_harm_history": True}, ("cmht", "urgent")),
        ({"specialist_indicator": "psychosis", "perinatal": True}, ("cmht", "urgent")),
        ({"specialist_indicator": "psychosis"}, None),
        ({"thoughts_of_harm": "frequent"}, None),
        ({}, None),
    ],
)
def test_what_is_told_is_what_the_rules_conclude(
    client: FlaskClient, answers: dict[str, Any], expected: tuple[str, str] | None
) -> None:
    problem = refused(client, {"answers": {**answers, "phq9_total": 28}})
    assert concluded(problem) == expected


def test_a_rating_of_high_risk_is_heard(client: FlaskClient) -> None:
    assert concluded(refused(client, {"levels": {"risk": "high", "mood": "low"}})) == CRISIS


def test_a_child_in_danger_goes_where_children_go(client: FlaskClient) -> None:
    body = {"answers": {"serious_harm_history": True, "x": 1}, "patient": {"age": 12}}
    assert concluded(refused(client, body)) == ("young_people", "urgent")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"answers": {"plan": "active", "plan": "none"}}', 400),
        (b'{"answers": {"plan": "none", "plan": "active"}}', 400),
        (b'{"answers": {"plan": "none", "plan": "active", "plan": "none"}}', 400),
        (b'{"answers": {"plan": "active"}, "answers": {}}', 400),
        (b'{"answers": {"plan": "active", "phq9_total": NaN}}', 400),
        (b'{"answers": {"plan": "active"}, "notes": "\xe9"}', 400),
        (b'{"answers": {"plan": "active"}, "notes": "\\udc00"}', 400),
        (b'{"answers": {"plan": "active"}, "x": ' + b"[" * 40 + b"]" * 40 + b"}", 400),
        (b'{"answers": {"plan": "active", "phq9_total": ' + b"1" * 5000 + b"}}", 400),
        (b"\xef\xbb\xbf" + PLAN, 400),
        (PLAN.decode().encode("utf-16"), 400),
        (b'{"answers": {"plan": "active"}, "notes": "' + b"x" * 300_000 + b'"}', 413),
    ],
)
def test_danger_is_heard_in_a_body_that_is_not_to_be_read(
    client: FlaskClient, body: bytes, status: int
) -> None:
    problem = refused(client, body)
    assert problem["status"] == status
    assert concluded(problem) == CRISIS


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", ""])
def test_danger_is_heard_under_a_wrong_content_type(client: FlaskClient, content_type: str) -> None:
    problem = refused(client, PLAN, **{"Content-Type": content_type})
    assert problem["status"] == 415
    assert concluded(problem) == CRISIS


def test_the_most_urgent_reading_is_told(client: FlaskClient) -> None:
    body = b'{"answers": {"plan": "active", "emergency_now": false, "emergency_now": true}}'
    assert concluded(refused(client, body)) == ("emergency", "emergency")


def test_where_nothing_can_be_read_nothing_is_made_up(client: FlaskClient) -> None:
    assert concluded(refused(client, b'{"answers": {"plan": "active"')) is None


@pytest.mark.parametrize(
    "body",
    [
        b'[{"answers": {"plan": "active"}}]',
        b'{"answers": {"plan": "none", "plan": "active"}, "answers": {}}',
        b'{"answers": {"serious_harm_history": true}, "answers": {"intent": "some"}}',
    ],
)
def test_danger_is_read_from_lists_and_from_parts_given_twice(
    client: FlaskClient, body: bytes
) -> None:
    answer = client.post("/v1/triage", data=body, content_type="application/json")
    assert answer.status_code in {400, 422}
    assert answer.get_json(force=True)["safety"]["route"] == "crisis"


def test_danger_to_a_child_is_as_urgent_as_to_an_adult(client: FlaskClient) -> None:
    answers = {"phq9_total": 28, "specialist_indicator": "psychosis", "perinatal": True}
    body = {"patient": {"birth_date": "2010-05-01"}, "answers": answers}
    answer = client.post("/v1/triage", json=body)
    assert answer.get_json(force=True)["safety"]["urgency"] == "urgent"
