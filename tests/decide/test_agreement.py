"""Where the engine and the diagram differ the more urgent stands, and nobody can overlook it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.builders import a_referral, a_referral_without, alert_ids
from tests.edited_rules import EditedRules
from triage import metrics
from triage.app import create_app
from triage.config import Settings
from triage.decide import Decider
from triage.diagram import Diagram
from triage.domain.decision import Decision
from triage.domain.referral import Referral
from triage.rulebook import Rulebook, load_rulebook

DISAGREE = "evaluators_disagree"


@pytest.fixture
def other(edited_rules: EditedRules) -> Rulebook:
    """Rules that send more severe depression to crisis, and step 3 for PTSD to counselling."""
    more_severe = "when: {phq9_total: {at_least: {value: phq9_more_severe}}}"
    text = (edited_rules.directory / "stepped_care.yaml").read_text(encoding="utf-8")
    before, _, after = text.partition(more_severe)
    after = after.replace(
        "route: {to: iapt_step_3, urgency: routine}", "route: {to: crisis, urgency: very_urgent}", 1
    )
    (edited_rules.directory / "stepped_care.yaml").write_text(
        f"{before}{more_severe}{after}", encoding="utf-8"
    )
    return load_rulebook(edited_rules.directory)


@pytest.fixture
def torn(rulebook: Rulebook, other: Rulebook) -> Iterator[Decider]:
    """An engine of the shipped rules beside a diagram of others."""
    with closing(Decider(rulebook, Diagram.of(other))) as made:
        yield made


@pytest.fixture
def torn_otherwise(rulebook: Rulebook, other: Rulebook) -> Iterator[Decider]:
    """An engine of other rules beside a diagram of the shipped ones."""
    with closing(Decider(other, Diagram.of(rulebook))) as made:
        yield made


def test_two_that_agree_leave_no_mark(decider: Decider) -> None:
    assert DISAGREE not in alert_ids(decider.decide(a_referral(phq9_total=17)).alerts)


def test_the_more_urgent_stands_where_the_diagram_says_so(torn: Decider) -> None:
    found = torn.decide(a_referral(phq9_total=17))
    assert routes_of(found) == ["crisis"]
    assert found.urgency.id == "very_urgent"


def test_the_more_urgent_stands_where_the_engine_says_so(torn_otherwise: Decider) -> None:
    found = torn_otherwise.decide(a_referral(phq9_total=17))
    assert routes_of(found) == ["crisis"]
    assert found.urgency.id == "very_urgent"


@pytest.mark.parametrize("which", ["torn", "torn_otherwise"])
@pytest.mark.parametrize(
    ("referral", "routes"),
    [
        (a_referral(phq9_total=17), ["crisis"]),
        (a_referral_without("thoughts_of_harm", phq9_total=17), ["crisis"]),
        (a_referral(phq9_total=17, daily_functioning="marked"), ["crisis", "cmht"]),
        (
            a_referral_without("thoughts_of_harm", phq9_total=17, daily_functioning="marked"),
            ["crisis", "cmht"],
        ),
    ],
    ids=["gives way", "is replaced", "stands", "one is replaced and one stands"],
)
def test_beside_what_stands_is_no_route_that_gives_way_or_that_it_replaces(
    which: str, request: pytest.FixtureRequest, referral: Referral, routes: list[str]
) -> None:
    found: Decision = request.getfixturevalue(which).decide(referral)
    assert DISAGREE in alert_ids(found.alerts)
    assert routes_of(found) == routes


@pytest.mark.parametrize("which", ["torn", "torn_otherwise"])
def test_a_person_must_look_and_nothing_is_booked(
    which: str, request: pytest.FixtureRequest
) -> None:
    found: Decision = request.getfixturevalue(which).decide(a_referral(phq9_total=17))
    (alert,) = [one for one in found.alerts if one.id == DISAGREE]
    assert "Crisis team, very urgent (4 hours)" in alert.because
    assert "Talking therapies, step 3, routine (4 weeks)" in alert.because
    assert found.booking_held
    assert found.status.value == "provisional"


def test_the_clock_and_the_team_are_those_of_what_stands(torn: Decider) -> None:
    found = torn.decide(a_referral(phq9_total=17))
    assert found.route.team.id == "doncaster-crisis-team"
    assert found.route.respond_by == "2026-11-20T13:30:00Z"


def test_a_diagram_that_knows_no_such_facts_is_a_difference_too(
    decider: Decider, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ignorant(*_: object) -> Any:
        raise KeyError("facts")

    monkeypatch.setattr(Diagram, "outcome", ignorant)
    found = decider.decide(a_referral())
    assert found.route.route.id == "iapt_step_2"
    assert DISAGREE in alert_ids(found.alerts)
    assert found.booking_held


def test_it_is_counted_and_logged_and_the_service_is_not_ready(
    other: Rulebook,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("triage.app.kept_diagram", lambda *_: Diagram.of(other))
    database = f"sqlite:///{tmp_path / 'triage.db'}"
    app = create_app(Settings(database_url=database, keys=tmp_path / "keys"))
    before = disagreements()
    body = {"source": "A1", "patient": {"age": 40}, "answers": {**MILD, "phq9_total": 17}}
    for path, status in (("/v1/triage", 200), ("/v1/referrals", 201)):
        answer = app.test_client().post(path, json=body)
        assert answer.status_code == status
        assert answer.get_json()["route"]["id"] == "crisis"
    assert disagreements() == before + 2
    assert sum("evaluators_disagree" in str(each.msg) for each in caplog.records) == 2


MILD = {
    "emergency_now": False,
    "thoughts_of_harm": "none",
    "harm_injury": "none",
    "serious_harm_history": False,
    "protective_factors": "some",
}


def disagreements() -> float:
    line = next(
        line
        for line in metrics.exposition().decode().splitlines()
        if line.startswith("triage_evaluators_disagree_total")
    )
    return float(line.split()[-1])


def routes_of(decision: Decision) -> list[str]:
    return [one.route.id for one in (decision.route, *decision.also_indicated)]


def test_a_service_whose_evaluators_differ_on_a_referral_of_nobody_is_not_ready(
    edited_rules: EditedRules, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unknown = "when: {risk_level: {is: unknown}}"
    edited_rules.replace("safety.yaml", unknown, "when: {risk_level: {is: high}}")
    wrong = Diagram.of(load_rulebook(edited_rules.directory))
    monkeypatch.setattr("triage.app.kept_diagram", lambda *_: wrong)
    database = f"sqlite:///{tmp_path / 'triage.db'}"
    app = create_app(Settings(database_url=database, keys=tmp_path / "keys"))
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert "rules" in json.dumps(answer.json)
