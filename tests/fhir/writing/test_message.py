from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from tests.builders import nothing_asked
from tests.fhir.writing.referred import (
    OF_TWO_TEAMS,
    PUBLIC_URL,
    TOLD,
    Desk,
    resource,
    resources,
)
from triage.domain.referred import Cancelled
from triage.fhir.findings import Finding, Severity
from triage.fhir.message_definition import RESPONSE, message_definitions
from triage.fhir.writing import NOTHING_KNOWN, Answering, DecisionWriter
from triage.rulebook import Rulebook

MESSAGE_ID = "9d1c6b3e-0d3b-4a39-a4f6-55d3ad4b9a50"
DELIVERY = "0b5d2b38-0d59-4a4c-8f0b-8a0c3f5cf2ac"

TO_A_MESSAGE = Answering(
    message_id=MESSAGE_ID,
    header_id=MESSAGE_ID,
    endpoint="https://gp.example.org/fhir",
    reason="update",
)

FOUND = (Finding(Severity.WARNING, "value", "Bundle.entry[2]", "Something is odd."),)


def test_the_header_answers_the_message(desk: Desk, writer: DecisionWriter) -> None:
    referred = desk.refer_somebody()
    message = writer.response_message(referred, TO_A_MESSAGE, TOLD)
    header = message["entry"][0]["resource"]
    assert (message["type"], message["timestamp"]) == ("message", referred.decision["decided_at"])
    assert header["eventCoding"] == {
        "system": "https://fhir.nhs.uk/CodeSystem/message-events-bars",
        "code": "servicerequest-response",
    }
    assert header["response"] == {"identifier": MESSAGE_ID, "code": "ok"}
    assert header["destination"] == [{"endpoint": "https://gp.example.org/fhir"}]
    assert header["source"]["endpoint"] == f"{PUBLIC_URL}/fhir/$process-message"
    assert header["source"]["software"] == "referral-triage"
    assert header["reason"]["coding"][0]["code"] == "update"
    assert header["definition"] == message_definitions()[RESPONSE]["url"]


def test_the_header_names_the_rulebook(desk: Desk, writer: DecisionWriter) -> None:
    referred = desk.refer_somebody()
    header = resource(writer.response_message(referred, TO_A_MESSAGE, TOLD), "MessageHeader")
    (software,) = header["extension"]
    assert {one["url"]: one["valueString"] for one in software["extension"]} == {
        "RequesterCDSSsoftware": "doncaster",
        "RequesterCDSSversion": referred.decision["rulebook"]["version"],
    }


def test_what_is_not_known_of_the_message_is_not_said(desk: Desk, writer: DecisionWriter) -> None:
    referred = desk.refer_somebody()
    header = resource(writer.response_message(referred, NOTHING_KNOWN, TOLD), "MessageHeader")
    assert header["response"]["identifier"] == referred.id
    assert not {"destination", "reason"} & header.keys()


def test_it_holds_what_its_definition_says(desk: Desk, writer: DecisionWriter) -> None:
    message = writer.response_message(desk.refer_somebody(**OF_TWO_TEAMS), TO_A_MESSAGE, TOLD)
    for held in message_definitions()[RESPONSE]["focus"]:
        found = len(resources(message, held["code"]))
        assert held["min"] <= found
        assert held["max"] == "*" or found <= int(held["max"])
    assert [entry["resource"]["resourceType"] for entry in message["entry"]] == [
        "MessageHeader",
        "GuidanceResponse",
        "ServiceRequest",
        "Task",
        "Task",
        "Task",
        "Communication",
        "Provenance",
        "Organization",
        "Organization",
        "Patient",
        "QuestionnaireResponse",
    ]


def references(value: Any) -> Iterator[str]:
    """Every reference in a JSON value."""
    if isinstance(value, list):
        for each in value:
            yield from references(each)
    elif isinstance(value, dict):
        yield from (each for name, each in value.items() if name == "reference")
        for each in value.values():
            yield from references(each)


def test_every_reference_leads_to_an_entry(desk: Desk, writer: DecisionWriter) -> None:
    referred = desk.refer_somebody(**OF_TWO_TEAMS, phq9_item9=1)
    for became in (*desk.whatever_became_of(referred), desk.refer(nothing_asked().build())):
        message = writer.response_message(became, TO_A_MESSAGE, TOLD, FOUND)
        urls = [entry["fullUrl"] for entry in message["entry"]]
        assert len(set(urls)) == len(urls)
        questionnaire = f"{PUBLIC_URL}/fhir/Questionnaire/referral-screening"
        outside = {one for one in references(message) if not one.startswith(("#", *urls))}
        assert outside <= {questionnaire}
        assert len(set(references(message)) & set(urls)) > len(urls) / 2


def test_each_entry_is_of_the_type_that_it_is_referred_to_as(
    desk: Desk, writer: DecisionWriter
) -> None:
    message = writer.response_message(desk.refer_somebody(), TO_A_MESSAGE, TOLD, FOUND)
    types = {entry["fullUrl"]: entry["resource"]["resourceType"] for entry in message["entry"]}
    header, guidance = resource(message, "MessageHeader"), resource(message, "GuidanceResponse")
    task, request = resource(message, "Task"), resource(message, "ServiceRequest")
    assert [types[one["reference"]] for one in header["focus"]] == [
        "ServiceRequest",
        "GuidanceResponse",
    ]
    assert types[task["focus"]["reference"]] == "ServiceRequest"
    assert types[task["owner"]["reference"]] == "Organization"
    assert types[task["for"]["reference"]] == "Patient"
    assert [types[one["reference"]] for one in request["supportingInfo"]] == [
        "GuidanceResponse",
        "QuestionnaireResponse",
    ]
    assert types[guidance["evaluationMessage"][-1]["reference"]] == "OperationOutcome"


def test_what_was_found_stands_in_an_outcome(desk: Desk, writer: DecisionWriter) -> None:
    referred = desk.refer_somebody()
    outcome = resource(
        writer.response_message(referred, TO_A_MESSAGE, TOLD, FOUND), "OperationOutcome"
    )
    assert [one["severity"] for one in outcome["issue"]] == ["warning"]
    without = writer.response_message(referred, TO_A_MESSAGE, TOLD)
    assert resources(without, "OperationOutcome") == []


def test_who_was_erased_has_no_entry(desk: Desk, writer: DecisionWriter) -> None:
    erased = desk.erased(desk.refer_somebody())
    message = writer.response_message(erased, TO_A_MESSAGE, TOLD)
    assert resources(message, "Patient") == []
    assert "reference" not in resource(message, "ServiceRequest")["subject"]


def test_the_same_gives_the_same_bytes(desk: Desk, rulebook: Rulebook) -> None:
    referred = desk.refer_somebody(**OF_TWO_TEAMS)
    one, other = (
        json.dumps(
            DecisionWriter(rulebook, PUBLIC_URL).response_message(
                referred, TO_A_MESSAGE, TOLD, FOUND
            )
        )
        for _ in range(2)
    )
    assert one == other


def test_an_answer_is_known_by_what_it_answers_and_what_stands(
    desk: Desk, writer: DecisionWriter
) -> None:
    referred = desk.refer_somebody()
    answers = [
        (referred, TO_A_MESSAGE),
        (referred, NOTHING_KNOWN),
        (referred, Answering(message_id="another")),
        (desk.overridden(referred, "crisis", "very_urgent"), TO_A_MESSAGE),
        (replace(referred, cancelled=Cancelled.REVOKED), TO_A_MESSAGE),
        (desk.refer_somebody(), TO_A_MESSAGE),
    ]
    ids = [writer.response_message(one, to, TOLD)["id"] for one, to in answers]
    assert len(set(ids)) == len(ids)
    assert all(UUID(one).version == 5 for one in ids)


def test_a_delivery_is_known_by_its_own_id(desk: Desk, writer: DecisionWriter) -> None:
    message = writer.response_message(desk.refer_somebody(), Answering(delivery=DELIVERY), TOLD)
    assert message["id"] == DELIVERY
    assert message["identifier"] == {
        "system": "https://referral-triage.example/fhir/Id/delivery",
        "value": DELIVERY,
    }


@pytest.mark.parametrize("kind", ["ServiceRequest", "Task", "Provenance", "QuestionnaireResponse"])
def test_a_resource_is_the_same_in_a_message_but_for_references(
    desk: Desk, writer: DecisionWriter, kind: str
) -> None:
    referred = desk.refer_somebody()
    alone = {
        "ServiceRequest": writer.service_request(referred),
        "Task": writer.tasks(referred)[0],
        "Provenance": writer.provenance(referred),
        "QuestionnaireResponse": writer.answers_read(referred),
    }
    message = writer.response_message(referred, NOTHING_KNOWN, TOLD)
    assert without_links(resource(message, kind)) == without_links(alone[kind])


def without_links(value: Any) -> Any:
    """A JSON value without references, and without what only a message can refer to."""
    if isinstance(value, list):
        return [each for each in map(without_links, value) if each]
    if not isinstance(value, dict):
        return value
    return {name: without_links(each) for name, each in value.items() if name != "reference"}
