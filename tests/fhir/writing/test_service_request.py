from __future__ import annotations

from dataclasses import replace

import pytest

from tests.builders import referral_builder
from tests.fhir.writing.referred import OVERRIDE_ID, SOMEBODY, Desk
from triage.domain.referral import Patient, Referrer
from triage.domain.referred import Cancelled
from triage.fhir.writing import Answering, DecisionWriter

OWN = "https://referral-triage.example/fhir"


def test_it_says_who_is_referred_where_and_how_soon(desk: Desk, writer: DecisionWriter) -> None:
    referred = desk.refer_somebody(thoughts_of_harm="frequent", intent="strong")
    found = writer.service_request(referred)
    assert found["id"] == referred.id
    assert (found["status"], found["intent"], found["priority"]) == ("active", "order", "asap")
    assert found["code"]["coding"] == [
        {"system": f"{OWN}/CodeSystem/route", "code": "crisis", "display": "Crisis team"}
    ]
    assert found["subject"]["identifier"]["value"] == SOMEBODY.nhs_number
    assert found["authoredOn"] == "2026-11-20T09:30:00Z"
    (performer,) = found["performer"]
    assert performer["identifier"] == {
        "system": f"{OWN}/Id/team",
        "value": "doncaster-crisis-team",
    }
    assert performer["display"] == "Doncaster crisis resolution and home treatment team"
    assert found["requester"]["identifier"]["value"] == "C86001"
    assert found["supportingInfo"] == [{"reference": f"GuidanceResponse/{referred.id}"}]
    assert "note" not in found


PRIORITIES = {
    "emergency": "stat",
    "very_urgent": "asap",
    "urgent": "urgent",
    "same_day": "urgent",
    "soon": "urgent",
    "routine": "routine",
}


@pytest.mark.parametrize(("urgency", "priority"), PRIORITIES.items())
def test_each_urgency_has_its_priority(
    desk: Desk, writer: DecisionWriter, urgency: str, priority: str
) -> None:
    referred = desk.led_by(desk.refer_somebody(), "cmht", urgency, "routed")
    assert writer.service_request(referred)["priority"] == priority


def test_it_is_known_by_the_senders_reference_and_by_the_decision(
    desk: Desk, writer: DecisionWriter
) -> None:
    referred = desk.refer_somebody()
    assert writer.service_request(referred)["identifier"] == [
        {"system": f"{OWN}/Id/reference", "value": "ref-test"},
        {"system": f"{OWN}/Id/decision", "value": referred.id},
    ]


def test_what_the_sender_calls_it_is_said_once(desk: Desk, writer: DecisionWriter) -> None:
    referred = desk.refer_somebody()
    ubrn = ("https://fhir.nhs.uk/Id/UBRN", "ref-test")
    found = writer.service_request(referred, Answering(identifiers=(ubrn,), intent="plan"))
    assert found["intent"] == "plan"
    assert [one["value"] for one in found["identifier"]] == ["ref-test", referred.id]
    assert found["identifier"][0]["system"] == ubrn[0]


def test_an_override_changes_route_team_and_priority_and_says_so(
    desk: Desk, writer: DecisionWriter
) -> None:
    referred = desk.overridden(desk.refer_somebody(), "crisis", "very_urgent")
    found = writer.service_request(referred)
    assert found["code"]["coding"][0]["code"] == "crisis"
    assert found["priority"] == "asap"
    assert found["performer"][0]["identifier"]["value"] == "doncaster-crisis-team"
    (note,) = found["note"]
    assert note["text"] == (
        "A clinician decided otherwise than the rules: Crisis team, Very urgent (4 hours)."
        " The rules said: Talking therapies, step 2, Routine (4 weeks)."
    )
    assert OVERRIDE_ID not in note["text"]


@pytest.mark.parametrize("why", Cancelled)
def test_a_referral_taken_back_says_how(desk: Desk, writer: DecisionWriter, why: Cancelled) -> None:
    referred = replace(desk.refer_somebody(), cancelled=why)
    assert writer.service_request(referred)["status"] == why.value


def test_it_names_the_request_whose_place_it_takes(desk: Desk, writer: DecisionWriter) -> None:
    first = desk.refer_somebody()
    again = desk.refer(replace(referral_builder().build(), supersedes=first.id))
    (replaced,) = writer.service_request(again)["replaces"]
    assert replaced["identifier"] == {"system": f"{OWN}/Id/decision", "value": first.id}


def test_somebody_without_a_number_is_not_called_anything(
    desk: Desk, writer: DecisionWriter
) -> None:
    referred = desk.refer(replace(referral_builder().build(), patient=Patient(age=40)))
    assert writer.service_request(referred)["subject"] == {
        "type": "Patient",
        "display": "The person referred; no NHS number was given",
    }


def test_somebody_erased_is_said_to_be(desk: Desk, writer: DecisionWriter) -> None:
    referred = desk.erased(desk.refer_somebody())
    assert writer.service_request(referred)["subject"] == {
        "type": "Patient",
        "display": "Not named: the person was erased from the record",
    }


def test_whoever_refers_themselves_asks_for_it(desk: Desk, writer: DecisionWriter) -> None:
    by_self = replace(referral_builder().from_source("B1").build(), patient=SOMEBODY)
    found = writer.service_request(desk.refer(by_self))
    assert found["requester"] == found["subject"]


def test_nobody_is_made_up_who_asks_for_it(desk: Desk, writer: DecisionWriter) -> None:
    by_nobody = referral_builder().from_source("A1", Referrer(name=" ")).build()
    assert "requester" not in writer.service_request(desk.refer(by_nobody))


def test_words_that_the_rulebook_does_not_know_are_written_as_they_stand(
    desk: Desk, writer: DecisionWriter
) -> None:
    referred = desk.refer_somebody()
    older = replace(referred.stands, route="day_hospital", urgency="within_the_week")
    found = writer.service_request(replace(referred, stands=older))
    assert found["code"]["text"] == "Day hospital"
    assert found["priority"] == "stat"
