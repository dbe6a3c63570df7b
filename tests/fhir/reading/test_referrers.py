from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.fhir.messages import Resource, a_message, a_response
from tests.fhir.reading.sending import errors, own, warnings
from triage.fhir.reading import MessageReader, Read

ODS = "https://fhir.nhs.uk/Id/ods-organization-code"
REQUEST = "Bundle.entry[1].resource"


def an_organisation(code: str | None, name: str | None = "Asked", system: str = ODS) -> Resource:
    identifiers = [{"system": system, "value": code}] if code else []
    made = {"resourceType": "Organization", "id": "o", "identifier": identifiers}
    return {**made, "name": name} if name else made


def a_role(practitioner: str = "Practitioner/p", organisation: Any = "Organization/o") -> Resource:
    to = organisation if isinstance(organisation, dict) else {"reference": organisation}
    made = {"resourceType": "PractitionerRole", "id": "r", "organization": to}
    return {**made, "practitioner": {"reference": practitioner}}


A_DOCTOR = {"resourceType": "Practitioner", "id": "p", "name": [{"family": "Smith"}]}


def asked_by(reader: MessageReader, requester: Any, *more: Resource) -> Read:
    """A message in which this is the requester, and the sender is the practice C86001."""
    return reader.message(a_message({}, *more, request={"requester": requester})).read


def referrer(read: Read) -> Mapping[str, Any]:
    found: Mapping[str, Any] = read.body.get("referrer", {})
    return found


def test_an_organisation_that_asks_is_the_referrer(reader: MessageReader) -> None:
    read = asked_by(reader, {"reference": "Organization/o"}, an_organisation("RXE"))
    assert referrer(read) == {"ods_code": "RXE", "name": "Asked"}
    assert read.places["referrer.ods_code"] == "Bundle.entry[4].resource.identifier[0].value"


def test_the_code_is_known_by_either_spelling_of_its_system(reader: MessageReader) -> None:
    system = "https://fhir.nhs.uk/id/ods-organization-code"
    asked = an_organisation("RXE", system=system)
    assert referrer(asked_by(reader, {"reference": "Organization/o"}, asked))["ods_code"] == "RXE"


def test_behind_a_role_stands_its_organisation(reader: MessageReader) -> None:
    sent = (a_role(), an_organisation("RXE"))
    read = asked_by(reader, {"reference": "PractitionerRole/r"}, *sent)
    assert referrer(read) == {"ods_code": "RXE", "name": "Asked"}


def test_behind_a_practitioner_stands_the_organisation_of_a_role(reader: MessageReader) -> None:
    sent = (a_role("Practitioner/q"), a_role(), A_DOCTOR, an_organisation("RXE"))
    read = asked_by(reader, {"reference": "Practitioner/p"}, *sent)
    assert referrer(read) == {"ods_code": "RXE", "name": "Asked"}


def test_an_organisation_may_be_named_by_its_code_alone(reader: MessageReader) -> None:
    named = {"identifier": {"system": ODS, "value": "RXE"}, "display": "The Trust"}
    assert referrer(asked_by(reader, named)) == {"ods_code": "RXE", "name": "The Trust"}
    read = asked_by(reader, {"reference": "PractitionerRole/r"}, a_role(organisation=named))
    assert referrer(read) == {"ods_code": "RXE", "name": "The Trust"}


def test_a_name_that_could_be_a_person_is_not_taken_for_an_organisation(
    reader: MessageReader,
) -> None:
    requester = {"display": "Dr Smith", "identifier": {"system": "urn:gmc", "value": "1"}}
    read = asked_by(reader, requester)
    assert referrer(read) == {"ods_code": "C86001", "name": "The Surgery"}


@pytest.mark.parametrize("requester", [None, {}, {"reference": "Practitioner/p"}])
def test_else_the_sender_of_the_message_refers(reader: MessageReader, requester: Any) -> None:
    read = asked_by(reader, requester, A_DOCTOR)
    assert referrer(read) == {"ods_code": "C86001", "name": "The Surgery"}
    assert read.body["source"] == "A1"


def test_one_that_was_not_sent_is_told_and_the_sender_refers(reader: MessageReader) -> None:
    read = asked_by(reader, {"reference": "Practitioner/9"})
    assert referrer(read)["ods_code"] == "C86001"
    assert warnings(read) == [f"{REQUEST}.requester"]


@pytest.mark.parametrize(
    ("requester", "source"),
    [
        ({"reference": "urn:uuid:00000000-0000-4000-8000-000000000002"}, "B1"),
        ({"reference": "Patient/9"}, "B1"),
        ({"reference": "RelatedPerson/9"}, "B2"),
        ({"type": "RelatedPerson", "display": "Their mother"}, "B2"),
    ],
)
def test_who_asks_for_themselves_or_theirs_makes_the_source_and_nobody_refers(
    reader: MessageReader, requester: Resource, source: str
) -> None:
    read = asked_by(reader, requester)
    assert (read.body["source"], referrer(read), read.findings) == (source, {}, ())
    assert read.places["source"] == f"{REQUEST}.requester"


def test_the_code_of_a_practice_makes_the_source(reader: MessageReader) -> None:
    read = asked_by(reader, {"reference": "Organization/o"}, an_organisation("c86001"))
    assert read.body["source"] == "A1"


@pytest.mark.parametrize("code", ["RXE", "C8600", "C860011", "CC6001", None])
def test_another_code_makes_no_source_and_that_is_told(
    reader: MessageReader, code: str | None
) -> None:
    read = asked_by(reader, {"reference": "Organization/o"}, an_organisation(code))
    assert "source" not in read.body
    assert warnings(read) == [f"{REQUEST}.requester"]
    assert read.places["source"] == f"{REQUEST}.requester"


@pytest.mark.parametrize("part", ["category", "orderDetail"])
def test_a_source_that_the_request_states_wins(reader: MessageReader, part: str) -> None:
    stated = [{"coding": [{"system": "urn:x", "code": "y"}, own("source", "M7")]}]
    read = reader.message(a_message({}, request={part: stated})).read
    assert (read.body["source"], errors(read)) == ("M7", [])
    assert read.places["source"] == f"{REQUEST}.{part}[0].coding[1]"


def test_a_source_that_a_questionnaire_states_wins(reader: MessageReader) -> None:
    item = {"linkId": "source", "answer": [{"valueCoding": own("source", "H1")}]}
    read = asked_by(reader, {"reference": "Patient/9"}, a_response([item]))
    assert (read.body["source"], read.findings) == ("H1", ())


def test_a_source_that_was_declined_is_not_made_up(reader: MessageReader) -> None:
    declined = {"linkId": "declined", "answer": [{"valueString": "source"}]}
    read = asked_by(reader, {"reference": "Patient/9"}, a_response([declined]))
    assert (read.body["declined"], read.findings) == (["source"], ())
    assert "source" not in read.body


@pytest.mark.parametrize(
    ("organisation", "part"),
    [
        (an_organisation("RXE 01/2", None), "identifier[0].value"),
        (an_organisation("RXE", "n" * 201), "name"),
        (an_organisation("RXE", "A\x07B"), "name"),
    ],
)
def test_what_is_no_code_or_no_name_is_left_out(
    reader: MessageReader, organisation: Resource, part: str
) -> None:
    read = asked_by(reader, {"reference": "Organization/o"}, organisation)
    assert f"Bundle.entry[4].resource.{part}" in warnings(read)
    assert errors(read) == []
