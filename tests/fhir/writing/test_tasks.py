from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.fhir.writing.referred import OF_TWO_TEAMS, Desk
from triage.domain.referred import Cancelled, Referred
from triage.fhir.writing import DecisionWriter


def lead(writer: DecisionWriter, referred: Referred) -> dict[str, Any]:
    """The Task of the team that leads."""
    return writer.tasks(referred)[0]


def test_the_lead_has_the_team_the_route_and_the_clock(desk: Desk, writer: DecisionWriter) -> None:
    referred = desk.refer_somebody(thoughts_of_harm="frequent", intent="strong")
    found = lead(writer, referred)
    assert (found["status"], found["intent"], found["priority"]) == ("requested", "order", "asap")
    assert found["focus"] == {"reference": f"ServiceRequest/{referred.id}"}
    assert found["owner"]["identifier"]["value"] == "doncaster-crisis-team"
    assert found["reasonCode"]["coding"][0]["code"] == "crisis"
    assert found["authoredOn"] == referred.decision["decided_at"]
    assert found["restriction"]["period"] == {
        "start": "2026-11-20T09:30:00Z",
        "end": "2026-11-20T13:30:00Z",
    }


CLOCKS = {
    "emergency": "To be answered at once",
    "very_urgent": "To be answered within 4 hours",
    "urgent": "To be answered within 24 hours",
    "same_day": "To be answered by the end of the day",
    "soon": "To be answered within 72 hours",
    "routine": "To be answered within 4 weeks",
}


@pytest.mark.parametrize(("urgency", "said"), CLOCKS.items())
def test_the_lead_says_its_clock_in_words(
    desk: Desk, writer: DecisionWriter, urgency: str, said: str
) -> None:
    referred = desk.led_by(desk.refer_somebody(), "cmht", urgency, "routed")
    status = lead(writer, referred)["businessStatus"]
    assert (status["coding"][0]["code"], status["text"]) == ("to-be-answered", said)


def test_a_held_booking_is_said(desk: Desk, writer: DecisionWriter) -> None:
    referred = desk.refer_somebody(phq9_item9=1)
    assert referred.decision["booking_held"]
    status = lead(writer, referred)["businessStatus"]
    assert status["text"] == "Held: a clinician reviews the risk before anything is booked"


def test_a_held_booking_never_reads_as_a_reason_to_wait_in_danger(
    desk: Desk, writer: DecisionWriter
) -> None:
    referred = desk.refer_somebody(thoughts_of_harm="frequent", intent="strong", phq9_item9=3)
    assert referred.decision["booking_held"]
    assert lead(writer, referred)["businessStatus"]["text"] == "To be answered within 4 hours"


def test_an_override_moves_team_and_clock(desk: Desk, writer: DecisionWriter) -> None:
    referred = desk.overridden(desk.refer_somebody(), "crisis", "very_urgent")
    found = lead(writer, referred)
    assert found["owner"]["identifier"]["value"] == "doncaster-crisis-team"
    assert found["restriction"]["period"]["end"] == referred.stands.respond_by
    assert found["businessStatus"]["text"] == "To be answered by 13:30 on 20 November 2026"


def test_a_team_that_acts_beside_the_lead_has_a_task_of_its_own(
    desk: Desk, writer: DecisionWriter
) -> None:
    referred = desk.refer_somebody(**OF_TWO_TEAMS)
    routes = [one["reasonCode"]["coding"][0]["code"] for one in writer.tasks(referred)]
    assert routes[:2] == ["cmht", "substance_misuse"]
    beside = writer.tasks(referred)[1]
    assert beside["owner"]["identifier"]["value"] == "doncaster-drug-and-alcohol"
    assert beside["restriction"]["period"]["end"] == "2026-12-18T09:30:00Z"
    assert beside["priority"] == "routine"


def test_a_route_that_an_override_has_lead_has_no_second_task(
    desk: Desk, writer: DecisionWriter
) -> None:
    referred = desk.refer_somebody(**OF_TWO_TEAMS)
    over = desk.overridden(referred, "substance_misuse", "routine")
    owners = [one["owner"]["identifier"]["value"] for one in writer.tasks(over)]
    assert set(owners) == {"doncaster-drug-and-alcohol"}
    assert len(owners) == 1 + len(referred.decision["actions"])


def test_a_route_that_merely_stands_there_has_no_task(desk: Desk, writer: DecisionWriter) -> None:
    referred = desk.refer_somebody(specialist_indicator="psychosis", intent="strong")
    assert [one["concurrent"] for one in referred.decision["also_indicated"]] == [False]
    assert len(writer.tasks(referred)) == 1 + len(referred.decision["actions"])


def test_every_action_is_a_part_of_the_lead_and_has_its_day(
    desk: Desk, writer: DecisionWriter
) -> None:
    referred = desk.refer_somebody(**OF_TWO_TEAMS, phq9_item9=1)
    first, _beside, *actions = writer.tasks(referred)
    told = referred.decision["actions"]
    assert [one["code"]["coding"][0]["code"] for one in actions] == [one["id"] for one in told]
    for task, action in zip(actions, told, strict=True):
        assert task["partOf"] == [{"reference": f"Task/{first['id']}"}]
        assert task["restriction"]["period"] == {"end": action["due"]}
        assert task["description"] == action["because"]
    assert actions[0]["businessStatus"]["text"] == "To be done by 20 November 2026"


@pytest.mark.parametrize("urgency", ["same_day", "soon", "routine"])
def test_what_is_taken_back_is_cancelled(desk: Desk, writer: DecisionWriter, urgency: str) -> None:
    referred = desk.led_by(desk.refer_somebody(phq9_item9=1), "cmht", urgency, "routed")
    taken_back = replace(referred, cancelled=Cancelled.REVOKED)
    for task in writer.tasks(taken_back):
        assert task["status"] == "cancelled"
        assert task["businessStatus"]["coding"][0]["code"] == "cancelled"


@pytest.mark.parametrize("urgency", ["emergency", "very_urgent", "urgent", "of_an_older_rulebook"])
@pytest.mark.parametrize("why", Cancelled)
def test_in_danger_a_clinician_looks_before_anybody_stands_down(
    desk: Desk, writer: DecisionWriter, urgency: str, why: Cancelled
) -> None:
    referred = desk.led_by(desk.refer_somebody(phq9_item9=1), "crisis", urgency, "routed")
    for task in writer.tasks(replace(referred, cancelled=why)):
        assert task["status"] == "on-hold"
        assert "a clinician looks before anybody stands down" in task["businessStatus"]["text"]


def test_no_two_tasks_have_the_same_id(desk: Desk, writer: DecisionWriter) -> None:
    found = writer.tasks(desk.refer_somebody(**OF_TWO_TEAMS, phq9_item9=1))
    assert len({one["id"] for one in found}) == len(found) == 4
