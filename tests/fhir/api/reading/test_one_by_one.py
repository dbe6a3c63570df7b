from __future__ import annotations

from dataclasses import replace

import pytest

from tests.builders import a_referral
from tests.fhir.api.reading.desk import PUBLIC_URL, Desk, by, refused
from tests.fhir.writing.oracles import check
from triage.domain.caller import Role
from triage.domain.referral import Patient
from triage.domain.referred import Cancelled
from triage.fhir.writing import DecisionWriter
from triage.overrides.referred import referred_in

OF_REFERRALS = ("ServiceRequest", "GuidanceResponse")


UNKNOWN = "00000000-0000-4000-8000-00000000beef"
"""The id of no decision."""


@pytest.mark.parametrize("type_", OF_REFERRALS)
def test_a_resource_is_read_by_the_id_of_the_decision(desk: Desk, type_: str) -> None:
    id_ = desk.refer()
    found = desk.read(f"/fhir/{type_}/{id_}")
    assert (found["resourceType"], found["id"]) == (type_, id_)
    check(found)


@pytest.mark.parametrize("type_", OF_REFERRALS)
def test_that_somebody_reads_it_is_recorded(desk: Desk, type_: str) -> None:
    id_ = desk.refer()
    desk.read(f"/fhir/{type_}/{id_}", Role.CLINICIAN)
    entry = desk.last()
    assert (entry["kind"], entry["about"], entry["what"]) == ("view", id_, type_)
    assert entry["by"]["role"] == "clinician"


@pytest.mark.parametrize("type_", [*OF_REFERRALS, "Task"])
def test_a_gp_system_reads_nothing_that_another_recorded(desk: Desk, type_: str) -> None:
    id_ = desk.refer()
    size = desk.log.head().head.size
    told = refused(desk.get(f"/fhir/{type_}/{id_}", system="another-system"), 404)
    assert "REC_NOT_FOUND" in told
    assert desk.log.head().head.size == size


@pytest.mark.parametrize("type_", [*OF_REFERRALS, "Task"])
@pytest.mark.parametrize("id_", [UNKNOWN, "7.7", "no id at all", "999 000 0026"])
def test_what_is_not_there_is_not_found(desk: Desk, type_: str, id_: str) -> None:
    assert id_ not in refused(desk.get(f"/fhir/{type_}/{id_}"), 404)


def test_an_operator_reads_nobodys_record(desk: Desk) -> None:
    refused(desk.get(f"/fhir/ServiceRequest/{desk.refer()}", Role.OPERATOR), 403)


def test_a_request_is_read_as_it_stands(desk: Desk) -> None:
    id_ = desk.refer()
    desk.override(id_, "crisis", "very_urgent")
    request = desk.read(f"/fhir/ServiceRequest/{id_}")
    assert (request["priority"], request["status"]) == ("asap", "active")
    desk.cancel(id_, Cancelled.REVOKED)
    assert desk.read(f"/fhir/ServiceRequest/{id_}")["status"] == "revoked"


def test_guidance_stays_as_it_was_given(desk: Desk) -> None:
    id_ = desk.refer()
    before = desk.read(f"/fhir/GuidanceResponse/{id_}")
    desk.override(id_, "crisis", "very_urgent")
    desk.cancel(id_, Cancelled.REVOKED)
    after = desk.read(f"/fhir/GuidanceResponse/{id_}")
    for name in ("status", "reasonCode", "occurrenceDateTime", "note"):
        assert after[name] == before[name]


def test_a_task_is_read_by_its_own_id(desk: Desk) -> None:
    id_ = desk.refer(a_referral(phq9_item9=2))
    tasks = DecisionWriter(desk.decider.rulebook, PUBLIC_URL).tasks(referred_in(desk.log, id_))
    assert len(tasks) > 1
    for task in tasks:
        found = desk.read(f"/fhir/Task/{task['id']}")
        assert found == task
        assert desk.last()["what"] == "Task"


def test_a_task_that_the_referral_has_not_is_not_found(desk: Desk) -> None:
    refused(desk.get(f"/fhir/Task/{desk.refer()}.nothing"), 404)


def test_the_person_is_named_by_number_alone_where_the_sender_reads(desk: Desk) -> None:
    somebody = Patient(nhs_number="9990000026", postcode="DN1 1AA")
    id_ = desk.refer(replace(a_referral(), patient=somebody))
    request = desk.read(f"/fhir/ServiceRequest/{id_}")
    assert request["subject"]["identifier"]["value"] == "9990000026"
    assert "DN1" not in str(request)


def test_whoever_recorded_it_may_be_another_person_of_the_same_system(desk: Desk) -> None:
    assert by().client == "a-gp-system"
    desk.read(f"/fhir/ServiceRequest/{desk.refer()}")
