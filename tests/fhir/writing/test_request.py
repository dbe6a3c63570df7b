from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.builders import RECEIVED
from tests.campaigns import share
from tests.fhir.referral_bodies import Body, bodies
from tests.fhir.writing.oracles import check
from tests.fhir.writing.referred import resource, resources
from triage.api.examples import REFERRAL
from triage.fhir.message_definition import REQUEST, message_definitions
from triage.fhir.r4 import faults_of
from triage.fhir.writing import RequestWriter
from triage.rulebook import Rulebook, load_rulebook

OWN = "https://referral-triage.example/fhir"
ENDPOINT = "https://gp.example.org/fhir/$process-message"

WHOLE: Body = {
    "reference": "their-42",
    "source": "A1",
    "received_at": "2026-11-20t10:30:00.5+14:00",
    "referrer": {"ods_code": "C86001", "name": "The Surgery"},
    "patient": {
        "nhs_number": "999 000 0026",
        "birth_date": "1985-02-01",
        "age": None,
        "ethnic_category": "A",
        "gender": "9",
        "postcode": "DN1 1AA",
    },
    "answers": {"phq9_total": 12, "thoughts_of_harm": None, "phq9_on": "2026-11-19"},
    "declined": ["substance_use"],
    "levels": {"complexity": "medium", "risk": "unknown"},
    "supersedes": "6dd08bb6-3a4c-4d85-9a3c-0c5a8f6f4b35",
    "consent_to_share": True,
    "notes": "One line.\nAnother.",
}


@pytest.fixture(scope="module")
def writer(rulebook: Rulebook) -> RequestWriter:
    return RequestWriter(rulebook, ENDPOINT, "A surgery's system")


def links(message: Body) -> dict[str, Any]:
    """The items of the questionnaire, by their links."""
    groups = resource(message, "QuestionnaireResponse")["item"]
    return {item["linkId"]: item for group in groups for item in group["item"]}


def test_a_whole_referral_is_a_message_that_everybody_reads(writer: RequestWriter) -> None:
    message = writer.message_of(WHOLE, RECEIVED)
    check(message)
    assert (message["type"], message["timestamp"]) == ("message", "2026-11-20T09:30:00Z")
    for held in message_definitions()[REQUEST]["focus"][:2]:
        assert len(resources(message, held["code"])) == 1
    header = resource(message, "MessageHeader")
    assert header["definition"] == message_definitions()[REQUEST]["url"]
    assert header["eventCoding"]["code"] == "servicerequest-request"
    assert header["reason"]["coding"][0]["code"] == "new"
    assert header["source"] == {"name": "A surgery's system", "endpoint": ENDPOINT}


def test_every_part_of_it_has_its_place(writer: RequestWriter) -> None:
    message = writer.message_of(WHOLE, RECEIVED)
    request, patient = resource(message, "ServiceRequest"), resource(message, "Patient")
    assert request["identifier"] == [{"system": f"{OWN}/Id/reference", "value": "their-42"}]
    assert request["authoredOn"] == "2026-11-19T20:30:00.500000Z"
    assert request["note"] == [{"text": "One line.\nAnother."}]
    assert request["replaces"][0]["identifier"]["value"] == WHOLE["supersedes"]
    assert patient["identifier"][0]["value"] == "9990000026"
    assert (patient["gender"], patient["birthDate"]) == ("other", "1985-02-01")
    organisation = resource(message, "Organization")
    assert (organisation["identifier"][0]["value"], organisation["name"]) == (
        "C86001",
        "The Surgery",
    )
    assert resource(message, "Consent")["status"] == "active"
    assert links(message).keys() == {
        "phq9_total",
        "phq9_on",
        "substance_use",
        "source",
        "levels.complexity",
    }


def test_its_references_lead_to_its_entries(writer: RequestWriter) -> None:
    message = writer.message_of(WHOLE, RECEIVED)
    urls = {one["fullUrl"]: one["resource"]["resourceType"] for one in message["entry"]}
    header, request = resource(message, "MessageHeader"), resource(message, "ServiceRequest")
    assert urls[header["focus"][0]["reference"]] == "ServiceRequest"
    assert urls[header["sender"]["reference"]] == "Organization"
    assert urls[request["requester"]["reference"]] == "Organization"
    assert urls[request["subject"]["reference"]] == "Patient"
    assert urls[request["supportingInfo"][0]["reference"]] == "QuestionnaireResponse"


def test_consent_refused_is_a_consent_rejected(writer: RequestWriter) -> None:
    found = resource(writer.message_of({"consent_to_share": False}, RECEIVED), "Consent")
    assert (found["status"], found["provision"]["type"]) == ("rejected", "deny")


def test_a_referral_that_says_nothing_is_a_message_still(writer: RequestWriter) -> None:
    message = writer.message_of({"patient": None, "answers": None, "declined": None}, RECEIVED)
    check(message)
    assert [one["resource"]["resourceType"] for one in message["entry"]] == [
        "MessageHeader",
        "ServiceRequest",
        "Patient",
        "QuestionnaireResponse",
    ]


def test_ids_come_from_what_is_given_then_the_reference_then_all_of_it(
    writer: RequestWriter,
) -> None:
    def id_of(body: Body, id_: str | None = None, at: datetime = RECEIVED) -> str:
        return str(writer.message_of(body, at, id_)["id"])

    later = datetime(2027, 1, 1, tzinfo=UTC)
    assert id_of(WHOLE) == id_of({"reference": "their-42"}, at=later)
    assert id_of(WHOLE, "one") == id_of({}, "one") != id_of(WHOLE, "other")
    assert id_of({"source": "A1"}) == id_of({"source": "A1"}) != id_of({"source": "B1"})
    message = writer.message_of(WHOLE, RECEIVED)
    assert message["identifier"]["value"] == f"urn:uuid:{message['id']}"


def test_the_same_gives_the_same_bytes(writer: RequestWriter) -> None:
    one, other = (json.dumps(writer.message_of(REFERRAL, RECEIVED)) for _ in range(2))
    assert one == other


def test_white_space_that_r4_does_not_know_becomes_a_space(writer: RequestWriter) -> None:
    body = {
        "reference": "a\u00a0b",
        "notes": "a\u2003b",
        "referrer": {"name": "a\u3000b"},
        "answers": {"long_term_conditions": ["a\u00a0b"]},
    }
    message = writer.message_of(body, RECEIVED)
    check(message)
    assert resource(message, "ServiceRequest")["note"] == [{"text": "a b"}]
    assert links(message)["long_term_conditions"]["answer"] == [{"valueString": "a b"}]


def test_a_number_that_is_whole_is_written_whole(writer: RequestWriter) -> None:
    message = writer.message_of({"answers": {"phq9_total": 12.0}}, RECEIVED)
    value = links(message)["phq9_total"]["answer"][0]["valueInteger"]
    assert (value, type(value)) == (12, int)


@settings(
    max_examples=share(500),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(body=bodies(load_rulebook().vocabulary))
def test_any_referral_is_a_message_in_r4(writer: RequestWriter, body: Body) -> None:
    assert faults_of(writer.message_of(body, RECEIVED), "Bundle") == []
