"""When something in the service fails: a person is told to look, and nothing is made up or told."""

from __future__ import annotations

import logging

import pytest
from flask.testing import FlaskClient

from triage.app import create_app
from triage.config import Settings
from triage.decide import Decider
from triage.domain.decision import Decision
from triage.domain.referral import Referral
from triage.errors import EngineError
from triage.logs import JsonLine

DANGER = {"answers": {"plan": "active"}, "notes": "Jane Smith, 9990000026"}


OWN_ID = "60e0b220-8136-4ca5-ae46-1d97ef59d068"


@pytest.fixture
def failing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """Calls a service whose decisions fail with an error."""
    client = create_app(Settings()).test_client()

    def fail(_self: Decider, _referral: Referral) -> Decision:
        raise request.param

    monkeypatch.setattr(Decider, "decide", fail)
    return client


ENGINE_FAILS = EngineError("Jane Smith")
ANYTHING_FAILS = ZeroDivisionError("Jane Smith")


@pytest.mark.parametrize("failing", [ENGINE_FAILS], indirect=True)
def test_without_an_engine_nobody_is_routed(failing: FlaskClient) -> None:
    answer = failing.post("/v1/triage", json=DANGER)
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.content_type == "application/problem+json"
    problem = answer.get_json(force=True)
    assert "call 999" in problem["safety_net"]
    assert "safety" not in problem


@pytest.mark.parametrize("failing", [ENGINE_FAILS], indirect=True)
def test_without_an_engine_a_fault_is_told_and_no_danger_made_up(failing: FlaskClient) -> None:
    answer = failing.post("/v1/triage", json={"answers": {"plan": "active", "x": 1}})
    assert answer.status_code == 422
    assert "safety" not in answer.get_json(force=True)


@pytest.mark.parametrize("failing", [ENGINE_FAILS], indirect=True)
def test_without_an_engine_the_service_is_up_but_not_ready(failing: FlaskClient) -> None:
    assert failing.get("/healthz").status_code == 200
    answer = failing.get("/readyz")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]


@pytest.mark.parametrize("failing", [ENGINE_FAILS, ANYTHING_FAILS], indirect=True)
def test_the_log_says_what_kind_of_error_and_nothing_of_a_patient(
    failing: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = failing.post("/v1/triage?x=Smith", json=DANGER, headers={"X-Request-Id": OWN_ID})
    lines = [JsonLine().format(record) for record in caplog.records]
    assert any('"error":' in line and OWN_ID in line for line in lines)
    said = " ".join(lines) + caplog.text + answer.get_data(as_text=True)
    assert not any(word in said for word in ("Jane", "Smith", "9990000026", "Traceback"))


@pytest.mark.parametrize("failing", [ANYTHING_FAILS], indirect=True)
def test_an_unforeseen_error_is_500_with_nothing_of_our_insides(failing: FlaskClient) -> None:
    answer = failing.post("/v1/triage", json=DANGER)
    assert answer.status_code == 500
    problem = answer.get_json(force=True)
    assert "call 999" in problem["safety_net"]
    assert "Zero" not in answer.get_data(as_text=True)
    assert answer.headers["X-Request-Id"]
