"""What becomes of a decision when clinicians decide otherwise."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from tests.overrides.desk import NOBODY, Desk, made, refused
from triage.domain.caller import Role
from triage.domain.clock import stamp
from triage.overrides import standing


def test_a_higher_urgency_is_in_force_at_once(desk: Desk) -> None:
    decision = desk.refer()
    told = made(desk.override(decision, "crisis", "very_urgent"))
    assert told["standing"] == "in_force"
    assert not told["lowers"]
    assert told["from"] == {"route": "iapt_step_2", "urgency": "routine"}
    assert told["team"]["id"] == "doncaster-crisis-team"
    assert desk.standing(decision) == ("crisis", "very_urgent")
    stands = standing(desk.log, decision)
    assert (stands.by, stands.team) == (told["override_id"], told["team"])


def test_the_first_decision_stays_byte_for_byte(desk: Desk) -> None:
    decision = desk.refer()
    path = f"/v1/decisions/{decision}"
    before = desk.get(path, "first").data
    made(desk.override(decision, "crisis", "very_urgent"))
    waiting = made(desk.override(decision, "cmht", "soon"), 202)
    made(desk.confirm(decision, waiting["override_id"]))
    assert desk.get(path, "first").data == before


def test_a_clock_starts_with_the_override(desk: Desk) -> None:
    decision = desk.refer()
    before = datetime.now(UTC)
    told = made(desk.override(decision, "crisis", "very_urgent"))
    four_hours = timedelta(hours=4)
    assert stamp(before + four_hours) <= told["respond_by"] <= stamp(datetime.now(UTC) + four_hours)


def test_another_route_of_the_same_urgency_does_not_start_the_clock_again(desk: Desk) -> None:
    yesterday = stamp(datetime.now(UTC) - timedelta(days=1))
    decision = desk.refer(received_at=yesterday)
    decided = desk.history(decision)["standing"]["respond_by"]
    assert made(desk.override(decision, "counselling"))["respond_by"] == decided


def test_a_clock_that_ran_out_stays_so_for_another_route_and_starts_for_a_higher_urgency(
    desk: Desk,
) -> None:
    decision = desk.refer(received_at="2025-11-21T10:15:00Z")
    decided = desk.history(decision)["standing"]["respond_by"]
    assert made(desk.override(decision, "counselling"))["respond_by"] == decided
    raised = made(desk.override(decision, "cmht", "urgent"))["respond_by"]
    assert raised > stamp(datetime.now(UTC) + timedelta(hours=23))


def test_a_higher_urgency_never_puts_a_running_clock_later(desk: Desk) -> None:
    nearly_four_weeks_ago = stamp(datetime.now(UTC) - timedelta(hours=671))
    decision = desk.refer(received_at=nearly_four_weeks_ago)
    decided = desk.history(decision)["standing"]["respond_by"]
    assert made(desk.override(decision, "cmht", "urgent"))["respond_by"] == decided


def test_without_an_urgency_what_stands_is_kept(desk: Desk) -> None:
    decision = desk.refer()
    assert made(desk.override(decision, "cmht"))["urgency"] == "routine"
    made(desk.override(decision, "cmht", "urgent"))
    assert made(desk.override(decision, "counselling"))["urgency"] == "urgent"


@pytest.mark.parametrize(
    ("route", "urgency"),
    [("emergency", "emergency"), ("crisis", "very_urgent"), ("clinical_review", "same_day")],
)
def test_without_an_urgency_a_route_is_as_soon_as_the_rules_ever_give_it(
    desk: Desk, route: str, urgency: str
) -> None:
    assert made(desk.override(desk.refer(), route))["urgency"] == urgency


def test_a_team_is_that_of_the_place_and_the_age(desk: Desk) -> None:
    patient = {"nhs_number": "9990000026", "birth_date": "1985-02-01", "postcode": "S60 1AA"}
    told = made(desk.override(desk.refer(patient=patient), "cmht"))
    assert told["team"]["id"] == "rotherham-cmht"


def test_what_stands_already_is_no_override(desk: Desk) -> None:
    decision = desk.refer()
    refused(desk.override(decision, "iapt_step_2"), 409, "stands already")
    made(desk.override(decision, "cmht"))
    refused(desk.override(decision, "cmht"), 409, "stands already")


def test_a_decision_can_be_put_back(desk: Desk) -> None:
    decision = desk.refer()
    made(desk.override(decision, "cmht"))
    made(desk.override(decision, "iapt_step_2", reason="team_declined"))
    assert desk.standing(decision) == ("iapt_step_2", "routine")
    assert desk.history(decision)["hops"] == 2


def test_overrides_follow_one_another(desk: Desk) -> None:
    decision = desk.refer()
    for route, urgency in [("cmht", "soon"), ("cmht", "urgent"), ("crisis", "very_urgent")]:
        told = made(desk.override(decision, route, urgency))
    history = desk.history(decision)
    overrides = [one for one in history["entries"] if one["kind"] == "override"]
    assert [one["standing"] for one in overrides] == ["superseded", "superseded", "in_force"]
    assert [one["from"]["route"] for one in overrides] == ["iapt_step_2", "cmht", "cmht"]
    assert history["standing"]["by"] == told["override_id"]
    assert history["hops"] == 2


def test_many_at_once_follow_one_another(desk: Desk) -> None:
    decision = desk.refer()
    wanted = [("cmht", "soon"), ("cmht", "urgent"), ("crisis", "very_urgent")]
    wanted += [("emergency", "emergency"), ("counselling", "soon"), ("clinical_review", "same_day")]
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda one: desk.override(decision, *one), wanted))
    overrides = [one for one in desk.history(decision)["entries"] if one["kind"] == "override"]
    assert {one.status_code for one in answers} <= {201, 202}
    assert len(overrides) == len(wanted)
    assert sum(one["standing"] == "in_force" for one in overrides) == 1
    stood = ("iapt_step_2", "routine")
    for one in overrides:
        assert (one["from"]["route"], one["from"]["urgency"]) == stood
        if not one["lowers"]:
            stood = one["route"], one["urgency"]


def test_a_decision_that_is_not_there_is_404(desk: Desk) -> None:
    desk.refer()
    refused(desk.override(NOBODY, "cmht"), 404, "decision of that id is recorded")
    refused(desk.confirm(NOBODY, NOBODY), 404, "decision of that id is recorded")
    refused(desk.withdraw(NOBODY, NOBODY), 404, "decision of that id is recorded")
    refused(
        desk.get(f"/v1/decisions/{NOBODY}/history", "reader"),
        404,
        "decision of that id is recorded",
    )


def test_an_override_that_is_not_there_is_404(desk: Desk) -> None:
    decision, other = desk.refer(), desk.refer()
    elsewhere = made(desk.override(other, "cmht"))["override_id"]
    for id_ in (NOBODY, decision, elsewhere):
        refused(desk.confirm(decision, id_), 404, "override of that id is recorded")
        refused(desk.withdraw(decision, id_), 404, "override of that id is recorded")


def test_an_override_is_not_a_decision(desk: Desk) -> None:
    override = made(desk.override(desk.refer(), "cmht"))["override_id"]
    refused(desk.override(override, "crisis"), 404, "decision of that id is recorded")
    assert desk.get(f"/v1/decisions/{override}", "first").status_code == 404


@pytest.mark.parametrize("role", [Role.GP_SYSTEM, Role.CALL_HANDLER, Role.AUDITOR, Role.OPERATOR])
def test_only_clinicians_decide_otherwise(desk: Desk, role: Role) -> None:
    decision = desk.refer()
    waiting = made(desk.override(decision, "cmht", "urgent"))
    path = f"/v1/decisions/{decision}/override"
    body = {"route": "crisis", "reason": "risk_judgement", "comment": "Worse."}
    refused(desk.post(path, "somebody", role, json=body), 403)
    for step in ("confirm", "withdraw"):
        refused(desk.post(f"{path}/{waiting['override_id']}/{step}", "somebody", role), 403)


def test_a_developer_is_marked_as_one(desk: Desk) -> None:
    decision = desk.refer()
    made(desk.override(decision, "cmht", by=None))
    (override,) = (one for one in desk.history(decision)["entries"] if one["kind"] == "override")
    assert override["by"] == {"role": "developer", "subject": None, "client": None, "issuer": None}
