"""Rules that cannot be trusted: some people get no route, or the diagram does not know them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.builders import MILD_ANSWERS
from tests.edited_rules import EditedRules
from triage.app import create_app
from triage.config import Settings
from triage.diagram import Diagram
from triage.diagram.asking import Questions
from triage.errors import RulebookError
from triage.rulebook import Rulebook, load_rulebook


@pytest.fixture
def without_a_route(edited_rules: EditedRules) -> EditedRules:
    """Rules by which the young people's service takes the place of itself: no child has a route."""
    edited_rules.replace(
        "vocabulary.yaml",
        "    replaces: [cmht, substance_misuse,",
        "    replaces: [young_people, cmht, substance_misuse,",
    )
    return edited_rules


def settings(rules: EditedRules, folder: Path) -> Settings:
    return Settings(
        rules=rules.directory,
        diagrams=folder / "diagrams",
        database_url=f"sqlite:///{folder / 'triage.db'}",
        keys=folder / "keys",
    )


@pytest.mark.parametrize("start", ["first", "second"])
def test_the_service_does_not_start_with_rules_that_give_somebody_no_route(
    without_a_route: EditedRules, tmp_path: Path, start: str
) -> None:
    """The second time the diagram is read from its file."""
    wanted = settings(without_a_route, tmp_path)
    if start == "second":
        with pytest.raises(RulebookError):
            create_app(wanted)
    with pytest.raises(RulebookError, match=r"rulebook\.yaml:1: some referrals get no route"):
        create_app(wanted)
    assert not (tmp_path / "triage.db").exists()


def test_most_people_would_have_had_a_route_so_that_nothing_else_would_have_noticed(
    without_a_route: EditedRules,
) -> None:
    outcomes = Diagram.of(load_rulebook(without_a_route.directory)).outcomes
    leads = {outcome.lead for outcome in outcomes if outcome}
    assert None in leads
    assert len(leads) > 1


# --- what the diagram does not know ---


def ignorant(*_: object) -> Any:
    raise KeyError("facts")


def test_a_call_that_the_diagram_does_not_know_is_answered_and_nothing_is_ruled_out(
    client: FlaskClient, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Questions, "standing", ignorant)
    answer = client.post("/v1/triage", json={"answers": {**MILD_ANSWERS}})
    assert answer.status_code == 200
    found = answer.get_json()
    assert found["live"] == {
        "possible_routes": list(rulebook.vocabulary.routes),
        "worst_possible": "emergency",
        "next_question": None,
    }
    assert found["route"]["id"] == "iapt_step_2"
    assert found["status"] != "routed"
