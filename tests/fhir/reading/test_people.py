"""Whom it is about: that nothing of another person is read (hazard log, wrong patient)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fhir.messages import Resource, a_message, a_patient, a_response, an_item
from tests.fhir.reading.conftest import Sending
from tests.fhir.reading.sending import (
    PERSON,
    answers,
    concept,
    errors,
    loinc,
    notes,
    other_form,
    own,
    warnings,
)
from triage.fhir.reading import MessageReader
from triage.fhir.systems import NHS_NUMBER

OTHER = {"reference": "Patient/other"}
ANOTHER = {
    **a_patient(),
    "id": "other",
    "identifier": [{"system": NHS_NUMBER, "value": "9990000018"}],
    "birthDate": "1950-01-01",
}


def of_other(kind: str, **more: Any) -> Resource:
    return {"resourceType": kind, "status": "active", "subject": OTHER, **more}


OF_ANOTHER = [
    loinc("44261-6", 12, subject=OTHER),
    a_response([an_item("emergency_now", value=True)], subject=OTHER),
    of_other("Flag", code={"coding": [own("answer", "safeguarding_concern")]}),
    of_other("Condition", code=concept("http://hl7.org/fhir/sid/icd-10", "F42")),
    {"resourceType": "Consent", "status": "active", "patient": OTHER},
]


@pytest.mark.parametrize("resource", OF_ANOTHER, ids=lambda one: str(one["resourceType"]))
def test_nothing_of_another_patient_is_read(sending: Sending, resource: Resource) -> None:
    read = sending(ANOTHER, resource)
    assert answers(read) == {}
    assert "consent_to_share" not in read.body
    assert read.body["patient"]["birth_date"] == "1985-02-01"
    role = "patient" if resource["resourceType"] == "Consent" else "subject"
    assert warnings(read) == [f"Bundle.entry[5].resource.{role}"]


def test_what_is_about_a_thing_and_answers_nothing_is_passed_over(sending: Sending) -> None:
    place = {"resourceType": "Location", "id": "home"}
    about = loinc("1234-5", 12, subject={"reference": "Location/home"})
    read = sending(place, about)
    assert (answers(read), warnings(read)) == ({}, [])
    assert notes(read) == ["Bundle.entry[5].resource.subject"]


@pytest.mark.parametrize(
    "reference",
    [
        "urn:uuid:00000000-0000-4000-8000-000000000002",
        "Patient/mine",
        "urn:uuid:mine",
        "Patient/mine/_history/3",
    ],
)
def test_a_patient_is_found_by_full_url_and_by_id(reader: MessageReader, reference: str) -> None:
    request = {"subject": {"reference": reference}}
    message = a_message({}, ANOTHER, patient={"id": "mine"}, request=request)
    found = reader.message(message)
    assert (found.patient["id"], found.read.findings) == ("mine", ())


def test_a_patient_is_found_by_an_address_on_a_server(reader: MessageReader) -> None:
    message = a_message({}, ANOTHER, request={"subject": {"reference": "Patient/mine"}})
    message["entry"][2]["fullUrl"] = "https://gp.example.nhs.uk/fhir/Patient/mine"
    assert reader.message(message).patient["birthDate"] == "1985-02-01"


def test_a_contained_patient_is_found(reader: MessageReader) -> None:
    contained = [{**a_patient(), "id": "me", "birthDate": "1960-01-01"}]
    request = {"subject": {"reference": "#me"}, "contained": contained}
    found = reader.message(a_message({}, request=request))
    assert found.read.body["patient"]["birth_date"] == "1960-01-01"
    assert found.read.places["patient.birth_date"] == (
        "Bundle.entry[1].resource.contained[0].birthDate"
    )


def test_several_patients_and_no_word_which_is_an_error(reader: MessageReader) -> None:
    message = a_message({"emergency_now": True}, ANOTHER, request={"subject": {}})
    read = reader.message(message).read
    assert errors(read) == ["Bundle.entry[1].resource.subject"]
    assert "birth_date" not in read.body.get("patient", {})
    assert answers(read) == {"emergency_now": True}


def test_the_same_patient_sent_twice_is_one(reader: MessageReader) -> None:
    message = a_message({}, a_patient(), request={"subject": {}})
    assert errors(reader.message(message).read) == []


def test_two_patients_of_one_full_url_are_told_apart(reader: MessageReader) -> None:
    message = a_message({}, ANOTHER)
    message["entry"][-1]["fullUrl"] = message["entry"][2]["fullUrl"]
    read = reader.message(message).read
    assert errors(read) == ["Bundle.entry[1].resource.subject"]
    assert "birth_date" not in read.body.get("patient", {})


def test_the_only_patient_is_taken_with_a_warning_where_another_is_named(
    reader: MessageReader,
) -> None:
    read = reader.message(a_message({}, request={"subject": {"reference": "Patient/9"}})).read
    assert warnings(read) == ["Bundle.entry[1].resource.subject"]
    assert read.body["patient"]["birth_date"] == "1985-02-01"


def test_a_subject_with_the_nhs_number_of_somebody_else_is_an_error(
    reader: MessageReader,
) -> None:
    named = {**PERSON, "identifier": {"system": NHS_NUMBER, "value": "999 000 0018"}}
    read = reader.message(a_message({}, request={"subject": named})).read
    assert errors(read) == ["Bundle.entry[1].resource.subject"]
    same = {**PERSON, "identifier": {"system": NHS_NUMBER, "value": "999 000 0026"}}
    assert errors(reader.message(a_message({}, request={"subject": same})).read) == []


def test_an_answer_of_somebody_with_another_nhs_number_is_not_read(sending: Sending) -> None:
    subject = {"identifier": {"system": NHS_NUMBER, "value": "9990000018"}}
    read = sending(loinc("44261-6", 12, subject=subject))
    assert (answers(read), warnings(read)) == ({}, ["Bundle.entry[4].resource.subject"])


def test_a_request_about_a_group_is_an_error(reader: MessageReader) -> None:
    group = {"resourceType": "Group", "id": "all"}
    message = a_message({}, group, request={"subject": {"reference": "Group/all"}})
    assert errors(reader.message(message).read) == ["Bundle.entry[1].resource.subject"]


def test_the_nhs_number_of_a_request_stands_where_no_patient_was_sent(
    reader: MessageReader,
) -> None:
    subject = {"identifier": {"system": NHS_NUMBER, "value": "999 000 0026"}}
    message = a_message({}, request={"subject": subject})
    del message["entry"][2]
    read = reader.message(message).read
    assert read.body["patient"] == {"nhs_number": "9990000026"}


def test_without_any_patient_none_is_made_up(reader: MessageReader) -> None:
    message = a_message({}, request={"subject": {"reference": "Patient/9"}})
    del message["entry"][2]
    read = reader.message(message).read
    assert "patient" not in read.body
    assert read.places["patient"] == "Bundle.entry[1].resource.subject"


def test_a_patient_of_whom_nothing_is_known_is_a_patient(reader: MessageReader) -> None:
    message = a_message({})
    message["entry"][2]["resource"] = {"resourceType": "Patient"}
    assert reader.message(message).read.body["patient"] == {}


def test_answers_of_a_patient_who_was_not_sent_are_read_with_a_warning(sending: Sending) -> None:
    read = sending(other_form([an_item("44261-6", 12)], subject={"reference": "Patient/proband"}))
    assert answers(read) == {"phq9_total": 12}
    assert warnings(read) == ["Bundle.entry[4].resource.subject"]


def test_answers_of_one_and_a_request_for_another_neither_of_whom_was_sent_are_an_error(
    reader: MessageReader,
) -> None:
    answered = loinc("44261-6", 12, subject={"reference": "Patient/8"})
    message = a_message({}, answered, request={"subject": {"reference": "Patient/9"}})
    del message["entry"][2]
    read = reader.message(message).read
    assert errors(read) == ["Bundle.entry[3].resource.subject"]
    assert answers(read) == {"phq9_total": 12}


def test_the_same_patient_by_a_longer_address_is_the_same(reader: MessageReader) -> None:
    subject = {"reference": "https://gp.example.nhs.uk/fhir/Patient/9"}
    answered = loinc("44261-6", 12, subject=subject)
    message = a_message({}, answered, request={"subject": {"reference": "Patient/9"}})
    del message["entry"][2]
    assert answers(reader.message(message).read) == {"phq9_total": 12}
