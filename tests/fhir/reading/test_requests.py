from __future__ import annotations

from typing import Any

import pytest

from tests.fhir.messages import OWN, Resource, a_message, a_request
from tests.fhir.reading.conftest import Sending
from tests.fhir.reading.sending import errors, notes, warnings
from triage.fhir.reading import MessageReader, Read

AT = "Bundle.entry[1].resource"
DECISION = "6f4d0c1e-9a0b-4a53-8d05-0c7f5e0f6a11"
UBRN = "https://fhir.nhs.uk/Id/UBRN"


def of(reader: MessageReader, **request: Any) -> Read:
    return reader.message(a_message({}, request=request)).read


def test_the_reference_is_the_first_identifier(reader: MessageReader) -> None:
    read = of(reader, identifier=[{"system": "urn:a", "value": "one"}, {"value": "two"}])
    assert read.body["reference"] == "one"
    assert read.places["reference"] == f"{AT}.identifier[0].value"


def test_the_number_of_the_e_referral_service_is_preferred(reader: MessageReader) -> None:
    read = of(reader, identifier=[{"value": "one"}, {"system": UBRN, "value": "000000070000"}])
    assert read.body["reference"] == "000000070000"


@pytest.mark.parametrize("value", ["x" * 201, "a\nb"])
def test_a_reference_that_cannot_be_kept_is_left_out(reader: MessageReader, value: str) -> None:
    read = of(reader, identifier=[{"value": value}])
    assert "reference" not in read.body
    assert (warnings(read), errors(read)) == ([f"{AT}.identifier[0].value"], [])


def test_notes_are_joined(reader: MessageReader) -> None:
    read = of(reader, note=[{"text": "First."}, {"time": "2026"}, {"text": "Second."}])
    assert read.body["notes"] == "First.\n\nSecond."
    assert read.places["notes"] == f"{AT}.note[0].text"


def test_of_notes_that_are_too_long_the_first_part_is_kept(reader: MessageReader) -> None:
    read = of(reader, note=[{"text": "x" * 15_000}, {"text": "y" * 15_000}])
    assert len(read.body["notes"]) == 20_000
    assert (warnings(read), errors(read)) == ([f"{AT}.note[0].text"], [])


def test_instructions_to_the_patient_are_no_notes(reader: MessageReader) -> None:
    assert "notes" not in of(reader, patientInstruction="Come back if it gets worse.").body


@pytest.mark.parametrize(
    "replaced",
    [
        {"reference": f"ServiceRequest/{DECISION}"},
        {"reference": f"https://triage.example.nhs.uk/fhir/ServiceRequest/{DECISION}"},
        {"identifier": {"system": f"{OWN}/Id/decision", "value": DECISION.upper()}},
        {"identifier": {"system": f"{OWN}/Id/decision", "value": f"urn:uuid:{DECISION}"}},
    ],
)
def test_a_request_of_ours_that_is_replaced_is_superseded(
    reader: MessageReader, replaced: Resource
) -> None:
    read = of(reader, replaces=[replaced])
    assert (read.body["supersedes"], read.findings) == (DECISION, ())
    assert read.places["supersedes"] == f"{AT}.replaces[0]"


@pytest.mark.parametrize(
    "replaced",
    [
        {"reference": "ServiceRequest/their-own"},
        {"reference": f"Task/{DECISION}"},
        {"identifier": {"system": "urn:theirs", "value": DECISION}},
    ],
)
def test_a_request_of_theirs_that_is_replaced_is_passed_over(
    reader: MessageReader, replaced: Resource
) -> None:
    read = of(reader, replaces=[replaced])
    assert "supersedes" not in read.body
    assert notes(read) == [f"{AT}.replaces[0]"]


def test_what_a_request_is_based_on_is_not_replaced_by_it(reader: MessageReader) -> None:
    based = [{"reference": f"ServiceRequest/{DECISION}"}]
    assert "supersedes" not in of(reader, basedOn=based).body


def test_when_a_request_was_written_is_not_when_it_was_received(reader: MessageReader) -> None:
    assert "received_at" not in of(reader, authoredOn="2020-01-01T10:00:00Z").body


def test_of_several_requests_the_focus_says_which_is_meant(reader: MessageReader) -> None:
    other = {**a_request(), "note": [{"text": "Another."}]}
    read = reader.message(a_message({}, other, request={"note": [{"text": "Mine."}]})).read
    assert (read.body["notes"], read.findings) == ("Mine.", ())


def test_several_requests_and_no_focus_are_an_error(reader: MessageReader) -> None:
    message = a_message({}, {**a_request(), "note": [{"text": "Another."}]})
    del message["entry"][0]["resource"]["focus"]
    found = reader.message(message)
    assert errors(found.read) == ["Bundle.entry[4].resource"]
    assert found.request == {}


def test_the_same_request_sent_twice_is_one(reader: MessageReader) -> None:
    message = a_message({})
    del message["entry"][0]["resource"]["focus"]
    message["entry"].append(message["entry"][1])
    assert errors(reader.message(message).read) == []


def test_a_focus_on_several_requests_is_an_error(reader: MessageReader) -> None:
    message = a_message({}, {**a_request(), "id": "other"})
    message["entry"][0]["resource"]["focus"].append({"reference": "ServiceRequest/other"})
    assert errors(reader.message(message).read) == ["Bundle.entry[0].resource.focus[0]"]


def test_the_only_request_is_taken_with_a_warning_where_another_is_named(
    reader: MessageReader,
) -> None:
    message = a_message({})
    message["entry"][0]["resource"]["focus"] = [{"reference": "ServiceRequest/9"}]
    found = reader.message(message)
    assert warnings(found.read) == ["Bundle.entry[0].resource.focus[0]"]
    assert found.request == message["entry"][1]["resource"]


def a_consent(status: str, **more: Any) -> Resource:
    return {"resourceType": "Consent", "status": status, **more}


@pytest.mark.parametrize(
    ("consent", "given", "part"),
    [
        (a_consent("active"), True, "status"),
        (a_consent("active", provision={"type": "permit"}), True, "status"),
        (a_consent("active", provision={"type": "deny"}), False, "provision.type"),
        (a_consent("rejected"), False, "status"),
    ],
)
def test_a_consent_says_whether_the_referral_may_be_shared(
    sending: Sending, consent: Resource, given: bool, part: str
) -> None:
    read = sending(consent)
    assert (read.body["consent_to_share"], read.findings) == (given, ())
    assert read.places["consent_to_share"] == f"Bundle.entry[4].resource.{part}"


@pytest.mark.parametrize("status", ["draft", "proposed", "inactive", "entered-in-error"])
def test_a_consent_that_is_not_in_force_says_nothing(sending: Sending, status: str) -> None:
    read = sending(a_consent(status))
    assert "consent_to_share" not in read.body
    assert notes(read) == ["Bundle.entry[4].resource"]


def test_of_two_consents_the_one_that_denies_counts(sending: Sending) -> None:
    read = sending(a_consent("active"), a_consent("rejected"))
    assert read.body["consent_to_share"] is False
    assert warnings(read) == ["Bundle.entry[5].resource.status"]
