"""The two calls of a GP system in the README do what it says of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from triage.app import create_app
from triage.config import Settings

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    folder = tmp_path_factory.mktemp("gp")
    settings = Settings(keys=folder / "keys", database_url=f"sqlite:///{folder / 'log.db'}")
    return create_app(settings).test_client()


def found(pattern: str) -> str:
    """The one thing in the README that a pattern asks for."""
    (match,) = re.findall(pattern, README, re.DOTALL)
    return str(match)


def test_the_message_is_answered_as_the_readme_says(client: FlaskClient) -> None:
    message = found(r"<<'END'\n(.*?)\nEND\n")
    answer = client.post(
        "/fhir/$process-message", data=message, content_type="application/fhir+json"
    )
    assert answer.status_code == 200
    resources = [one["resource"] for one in answer.get_json(force=True)["entry"]]
    kinds = {one["resourceType"] for one in resources}
    assert {"Task", "Provenance", "QuestionnaireResponse", "Communication"} <= kinds
    (guidance,) = (one for one in resources if one["resourceType"] == "GuidanceResponse")
    assert guidance["status"] == "data-required"
    assert guidance["dataRequirement"]


def test_the_card_says_what_the_readme_says(client: FlaskClient) -> None:
    call = found(r"/cds-services/triage-order-sign [^\n]*-d '\n(.*?)'\n")
    answer = client.post(
        "/cds-services/triage-order-sign", data=call, content_type="application/json"
    )
    (card,) = answer.get_json()["cards"]
    assert "Crisis team" in card["summary"]
    assert "within 4 hours" in card["summary"]
    assert card["indicator"] == "critical"
    (suggested,) = card["suggestions"][0]["actions"]
    assert suggested["resource"]["priority"] == "asap"
