"""What is answered to those who ask why a decision is as it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from schemas.explanation import ExplanationSchema
from tests.access.tokens import ISSUER
from tests.builders import a_referral
from tests.contracts.desks import NOW, Desk, desk_of, recorded, refused
from tests.edited_rules import EditedRules
from tests.recorded import commented
from tests.recorded import recorded as record
from triage.api import explanation
from triage.diagram import Diagram
from triage.domain.caller import Role
from triage.rulebook import Rulebook, load_rulebook

NOWHERE = "5d2c9f3e-8a41-4f0e-9d0b-0c8f7a3b6e21"

IN_CRISIS = {**NOW, "answers": {"plan": "active", "emergency_now": False}}

EVERYBODY = [Role.GP_SYSTEM, Role.CALL_HANDLER, Role.CLINICIAN, Role.AUDITOR]

CLINICAL = [Role.CLINICIAN, Role.AUDITOR]


def explained(desk: Desk, decision_id: str, role: Role = Role.CLINICIAN) -> dict[str, Any]:
    answer = desk.get(f"/v1/decisions/{decision_id}/explanation", role)
    assert answer.status_code == 200, answer.data
    told: dict[str, Any] = answer.get_json()
    assert ExplanationSchema().validate(told) == {}
    return told


@pytest.mark.parametrize("role", EVERYBODY)
def test_a_decision_is_explained_by_what_alone_decides_it(desk: Desk, role: Role) -> None:
    decision = recorded(desk.refer(IN_CRISIS))
    told = explained(desk, decision["decision_id"], role)
    assert (told["decision_id"], told["route"], told["urgency"]) == (
        decision["decision_id"],
        decision["route"]["id"],
        decision["urgency"],
    )
    assert told["sufficient"]["because"] == (
        "This alone decides it: “Emergency now” is no; “Plan” is an active plan."
    )
    assert [one["answer"] for one in told["sufficient"]["answers"]] == ["emergency_now", "plan"]
    assert ("changes" in told) == (role in CLINICAL)


@pytest.mark.parametrize("role", CLINICAL)
def test_clinicians_and_auditors_see_what_would_alter_the_route(desk: Desk, role: Role) -> None:
    told = explained(desk, recorded(desk.refer(IN_CRISIS))["decision_id"], role)
    first = told["changes"][0]
    assert first["words"] == "Would be Emergency services if “Emergency now” were yes."
    assert (first["route"], first["title"]) == ("emergency", "Emergency services")
    (answer,) = first["answers"]
    assert (answer["answer"], answer["value"]) == ("emergency_now", True)


def test_a_developer_sees_it_all(client: FlaskClient) -> None:
    decision = recorded(client.post("/v1/referrals", json=IN_CRISIS))["decision_id"]
    assert client.get(f"/v1/decisions/{decision}/explanation").get_json()["changes"]


def test_that_somebody_asked_why_is_recorded(desk: Desk) -> None:
    decision = recorded(desk.refer(IN_CRISIS))["decision_id"]
    size = desk.size()
    explained(desk, decision, Role.AUDITOR)
    entry = desk.log.entry(size + 1)
    assert entry is not None
    view = entry.content
    assert (view["kind"], view["what"], view["about"]) == ("view", "explanation", decision)
    assert (view["by"]["role"], view["by"]["issuer"]) == ("auditor", ISSUER)
    assert desk.size() == size + 1


def test_a_system_is_told_of_what_it_recorded_alone(desk: Desk) -> None:
    path = f"/v1/decisions/{recorded(desk.refer())['decision_id']}/explanation"
    size = desk.size()
    refused(desk.get(path, system="another-system"), 404)
    assert desk.size() == size
    assert desk.get(path).status_code == 200


def test_an_operator_is_told_nothing(desk: Desk) -> None:
    path = f"/v1/decisions/{recorded(desk.refer())['decision_id']}/explanation"
    refused(desk.get(path, Role.OPERATOR), 403)
    assert desk.app.test_client().get(path).status_code == 401


@pytest.mark.parametrize("path", [NOWHERE, "tea", f"{NOWHERE}%00", "1"])
def test_what_is_not_recorded_is_not_found(desk: Desk, path: str) -> None:
    size = desk.size()
    refused(desk.get(f"/v1/decisions/{path}/explanation", Role.CLINICIAN), 404)
    assert desk.size() == size


def test_after_an_override_the_decision_itself_is_explained(desk: Desk) -> None:
    decision = recorded(desk.refer(IN_CRISIS))["decision_id"]
    before = explained(desk, decision)
    commented(desk.log, decision, "Seen on the ward.")
    assert explained(desk, decision) == before


def of_the_past(desk: Desk, rules: EditedRules, minimum_age: int) -> str:
    """A decision on another rulebook than the service has, by its id."""
    rules.set_value("minimum_age", minimum_age)
    referral = a_referral(emergency_now=False)
    (answered,) = record(desk.log, load_rulebook(rules.directory), [referral])
    return answered.decision_id


def test_a_decision_of_the_past_is_explained_by_its_own_rulebook(
    desk: Desk, edited_rules: EditedRules
) -> None:
    told = explained(desk, of_the_past(desk, edited_rules, 40))
    assert told["route"] == "young_people"
    assert "“Age” is 36 (any from 0 to 39 would do the same)" in told["sufficient"]["because"]


def test_where_the_evaluations_differ_no_reason_is_given(
    desk: Desk, edited_rules: EditedRules, monkeypatch: pytest.MonkeyPatch
) -> None:
    decision = of_the_past(desk, edited_rules, 41)
    monkeypatch.setattr(explanation, "Diagram", AnotherDiagram)
    problem = refused(desk.get(f"/v1/decisions/{decision}/explanation", Role.CLINICIAN), 409)
    assert problem["detail"] == (
        "The two evaluations of the rules differ on this decision, so that no reason is given."
    )


class AnotherDiagram:
    """Gives the diagram of the shipped rules for those of any rulebook."""

    @staticmethod
    def of(_rulebook: Rulebook) -> Diagram:
        return Diagram.of(load_rulebook())


def test_a_decision_by_a_rulebook_that_was_changed_in_the_log_is_not_explained(
    tmp_path: Path, edited_rules: EditedRules
) -> None:
    with desk_of("sqlite", tmp_path) as desk:
        decision = of_the_past(desk, edited_rules, 42)
        with desk.log.database.write() as connection:
            connection.exec_driver_sql("DROP TRIGGER rulebooks_refuses_update")
            connection.exec_driver_sql("UPDATE rulebooks SET content = '{}'")
        refused(desk.get(f"/v1/decisions/{decision}/explanation", Role.AUDITOR), 503)
