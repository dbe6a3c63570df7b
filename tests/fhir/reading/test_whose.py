"""Whose a resource is: where that cannot be told the message is refused, and danger still read."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fhir.messages import Resource, a_message, a_patient, a_response, an_item
from tests.fhir.reading.conftest import Sending
from tests.fhir.reading.sending import (
    PERSON,
    a_choice,
    an_observation,
    answers,
    concept,
    errors,
    loinc,
    notes,
    own,
    warnings,
)
from triage.fhir.reading import MessageReader, Read
from triage.fhir.systems import NHS_NUMBER

DANGER = {"emergency_now": True}
MINE, OTHERS = "9990000026", "9990000018"


def number(value: str) -> Resource:
    return {"system": NHS_NUMBER, "value": value}


def somebody(**parts: Any) -> Resource:
    """A Patient of whom nothing is known but this."""
    return {"resourceType": "Patient", "id": "somebody", **parts}


def danger(**more: Any) -> Resource:
    return a_response([an_item("emergency_now", value=True)], **more)


def contained(**parts: Any) -> Resource:
    """Answers about a Patient that they contain."""
    return danger(contained=[somebody(**parts)], subject={"reference": "#somebody"})


def entry_of(sending: Sending, **parts: Any) -> Read:
    """What is read of answers about a second Patient of the message."""
    return sending(somebody(**parts), danger(subject={"reference": "Patient/somebody"}))


THE_SAME: list[Resource] = [
    {"identifier": [number(MINE)]},
    {"identifier": [number("999 000 0026")], "birthDate": "1985-02-01"},
    {"identifier": [number(MINE)], "birthDate": "1985"},
    {"identifier": [number(MINE), number(OTHERS) | {"use": "old"}]},
]

SOMEBODY_ELSE: list[Resource] = [
    {"identifier": [number(OTHERS)]},
    {"identifier": [number(OTHERS)], "birthDate": "1985-02-01"},
    {"birthDate": "1950-01-01"},
    {"birthDate": "1984"},
]

UNCLEAR: list[Resource] = [
    {},
    {"gender": "female"},
    {"birthDate": "1985-02-01"},
    {"identifier": [number("not known")]},
    {"identifier": [number(MINE), number(OTHERS)]},
    {"identifier": [number(MINE)], "birthDate": "1950-01-01"},
]


@pytest.mark.parametrize("parts", THE_SAME)
def test_a_patient_of_the_same_nhs_number_is_the_person(sending: Sending, parts: Resource) -> None:
    for read in (sending(contained(**parts)), entry_of(sending, **parts)):
        assert (answers(read), read.findings) == (DANGER, ())


@pytest.mark.parametrize("parts", SOMEBODY_ELSE)
def test_a_patient_of_another_number_or_birth_is_somebody_else(
    sending: Sending, parts: Resource
) -> None:
    for read in (sending(contained(**parts)), entry_of(sending, **parts)):
        assert (answers(read), errors(read)) == ({}, [])
        assert len(warnings(read)) == 1


@pytest.mark.parametrize("parts", UNCLEAR)
def test_a_patient_who_may_be_anybody_is_an_error_and_danger_is_read(
    sending: Sending, parts: Resource
) -> None:
    read = sending(contained(**parts))
    assert (answers(read), errors(read)) == (DANGER, ["Bundle.entry[4].resource.subject"])
    read = entry_of(sending, **parts)
    assert (answers(read), errors(read)) == (DANGER, ["Bundle.entry[5].resource.subject"])


def test_two_that_contain_a_patient_of_one_local_id_are_not_of_one_person(
    reader: MessageReader,
) -> None:
    request = {"contained": [somebody()], "subject": {"reference": "#somebody"}}
    read = reader.message(a_message({}, contained(), request=request)).read
    assert (answers(read), errors(read)) == (DANGER, ["Bundle.entry[4].resource.subject"])


@pytest.mark.parametrize(
    ("subject", "read_as"),
    [
        ({"identifier": number(MINE)}, "theirs"),
        ({"identifier": number("999-000-0026")}, "theirs"),
        ({"reference": "Patient/unknown", "identifier": number(MINE)}, "theirs"),
        ({**PERSON, "identifier": number(MINE)}, "theirs"),
        ({"identifier": number(OTHERS)}, "another's"),
        ({"reference": "Patient/unknown", "identifier": number(OTHERS)}, "another's"),
        ({**PERSON, "identifier": number(OTHERS)}, "unclear"),
        ({"reference": "#nobody"}, "unclear"),
        ({"reference": "urn:uuid:11111111-0000-4000-8000-000000000002"}, "unclear"),
        ({"reference": "Group/all"}, "unclear"),
        ({"reference": "urn:x", "type": "RelatedPerson"}, "unclear"),
    ],
)
def test_a_subject_is_read_by_reference_and_by_identifier(
    sending: Sending, subject: Resource, read_as: str
) -> None:
    read, at = sending(danger(subject=subject)), ["Bundle.entry[4].resource.subject"]
    found = (answers(read), errors(read), warnings(read))
    assert (
        found
        == {
            "theirs": (DANGER, [], []),
            "another's": ({}, [], at),
            "unclear": (DANGER, at, []),
        }[read_as]
    )


@pytest.mark.parametrize("kind", ["Location", "Group", "RelatedPerson", "Device"])
def test_an_answer_about_what_is_no_patient_is_an_error(sending: Sending, kind: str) -> None:
    subject = {"reference": f"{kind}/x"}
    thing = {"resourceType": kind, "id": "x"}
    read = sending(thing, danger(subject=subject))
    assert (answers(read), errors(read)) == (DANGER, ["Bundle.entry[5].resource.subject"])


def without_subject(resource: Resource) -> Resource:
    return {name: part for name, part in resource.items() if name != "subject"}


WITHOUT = [
    without_subject(danger()),
    without_subject(a_choice("plan", "active")),
    danger(subject={"display": "Somebody"}),
    {"resourceType": "Flag", "status": "active",
     "code": {"coding": [own("answer", "emergency_now")]}},
    {"resourceType": "Condition", "code": concept("http://hl7.org/fhir/sid/icd-10", "F42")},
    {"resourceType": "Consent", "status": "rejected"},
]  # fmt: skip


@pytest.mark.parametrize("resource", WITHOUT)
def test_beside_several_patients_everything_must_say_whose_it_is(
    sending: Sending, resource: Resource
) -> None:
    other = somebody(identifier=[number(OTHERS)])
    assert len(errors(sending(other, resource))) == 1
    assert errors(sending(resource)) == []


def test_what_says_nothing_need_not_say_whose_it_is(sending: Sending) -> None:
    unknown = without_subject(loinc("1234-5", 1))
    read = sending(somebody(), unknown)
    assert (errors(read), notes(read)) == ([], ["Bundle.entry[5].resource.code"])


def test_an_error_of_what_may_be_theirs_is_told_with_whose_it_is(sending: Sending) -> None:
    wrong = without_subject(an_observation(own("answer", "plan"), valueString="active"))
    read = sending(somebody(), wrong)
    assert errors(read) == ["Bundle.entry[5].resource.value", "Bundle.entry[5].resource"]


def test_an_unknown_patient_beside_several_is_an_error(sending: Sending) -> None:
    theirs = danger(subject={"reference": "https://elsewhere.example/fhir/Patient/x"})
    assert errors(sending(theirs)) == []
    assert errors(sending(somebody(), theirs)) == ["Bundle.entry[5].resource.subject"]


def test_two_patients_of_one_address_are_nobody_in_particular(reader: MessageReader) -> None:
    twins = [somebody(identifier=[number(one)]) for one in (MINE, OTHERS)]
    read = reader.message(
        a_message({}, *twins, danger(subject={"reference": "Patient/somebody"}))
    ).read
    assert (answers(read), errors(read)) == (DANGER, ["Bundle.entry[6].resource.subject"])


@pytest.mark.parametrize(
    "subject", [PERSON, {"identifier": number(MINE)}, {"identifier": number("999 000 0026")}]
)
def test_of_several_patients_the_subject_of_the_request_names_one(
    reader: MessageReader, subject: Resource
) -> None:
    other = somebody(identifier=[number(OTHERS)])
    message = a_message(DANGER, other, request={"subject": subject})
    found = reader.message(message)
    assert (answers(found.read), found.read.findings) == (DANGER, ())
    assert found.patient["birthDate"] == "1985-02-01"


def test_several_copies_of_one_patient_are_one_person(reader: MessageReader) -> None:
    copy = somebody(identifier=[number(MINE)], gender="female")
    read = reader.message(a_message(DANGER, copy, request={"subject": {}})).read
    assert (answers(read), errors(read)) == (DANGER, [])


def test_a_request_by_a_reference_to_one_and_a_number_of_another_is_an_error(
    reader: MessageReader,
) -> None:
    request = {"subject": {**PERSON, "identifier": number(OTHERS)}}
    message = a_message({}, somebody(identifier=[number(OTHERS)]), request=request)
    del message["entry"][2]["resource"]["identifier"]
    assert errors(reader.message(message).read) == ["Bundle.entry[1].resource.subject"]


def test_a_request_for_another_id_than_that_of_the_only_patient_is_an_error(
    reader: MessageReader,
) -> None:
    request = {"subject": {"reference": "Patient/9"}}
    read = reader.message(a_message({}, request=request, patient={"id": "8"})).read
    assert errors(read) == ["Bundle.entry[1].resource.subject"]


def in_parameters(*resources: Resource) -> Resource:
    parameter = [{"name": "in", "resource": one} for one in resources]
    return {"resourceType": "Parameters", "parameter": parameter}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"reference": "Patient/a"}, {"reference": "Patient/b"}),
        ({"identifier": number(MINE)}, {"identifier": number(OTHERS)}),
    ],
)
def test_answers_of_two_people_to_a_question_of_what_if_are_an_error(
    reader: MessageReader, one: Resource, other: Resource
) -> None:
    score = loinc("70274-6", 9, subject=one)
    sent = [a_response([an_item("veteran", value=True)], subject=one), score]
    assert errors(reader.questionnaire_response(in_parameters(*sent))) == []
    read = reader.questionnaire_response(in_parameters(*sent, danger(subject=other)))
    assert errors(read) == ["Parameters.parameter[2].resource.subject"]
    assert answers(read)["emergency_now"] is True


def test_the_first_answers_that_say_whose_they_are_decide(reader: MessageReader) -> None:
    nobody = without_subject(a_response([an_item("veteran", value=True)]))
    two = [danger(subject={"reference": f"Patient/{one}"}) for one in "ab"]
    read = reader.questionnaire_response(in_parameters(nobody, *two))
    assert errors(read) == ["Parameters.parameter[2].resource.subject"]


def test_it_is_so_for_patients_that_were_sent(reader: MessageReader) -> None:
    people = [{**a_patient(), "id": "a"}, somebody(identifier=[number(OTHERS)])]
    two = [danger(subject={"reference": f"Patient/{one['id']}"}) for one in people]
    read = reader.questionnaire_response(in_parameters(*people, *two))
    assert errors(read) == ["Parameters.parameter[3].resource.subject"]
