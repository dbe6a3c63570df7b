"""The published examples, some of them faulty: each is read, or it is told exactly why not."""

from __future__ import annotations

import pytest

from schemas.referral import ReferralReader
from tests.builders import RECEIVED
from tests.fhir.messages import Resource, a_message, a_patient
from tests.fhir.r4.payloads import needs_payloads, payload
from tests.fhir.reading.sending import answers, errors, notes, told, warnings
from triage.decide import Decider
from triage.fhir.reading import Asks, MessageReader
from triage.rulebook import Rulebook

pytestmark = needs_payloads


def test_the_message_of_bars_is_read(reader: MessageReader) -> None:
    found = reader.message(payload("bars_validationrequest_message"))
    assert (found.asks, errors(found.read)) == (Asks.NEW, [])
    assert found.id == "86e3371d-1c15-4862-9552-d9560f8292ba"
    assert found.request_identities[0] == "236bb75d-90ef-461f-b71e-fde7f899802c"
    assert found.read.body == {
        "patient": {
            "nhs_number": "3478526985",
            "birth_date": "1959-05-04",
            "gender": "2",
            "ethnic_category": "A",
            "postcode": "LS10 4YU",
        },
        "referrer": {"name": "Practitioner Org"},
        "consent_to_share": True,
    }


def test_its_faults_are_told_and_refuse_nothing(reader: MessageReader) -> None:
    read = reader.message(payload("bars_validationrequest_message")).read
    assert warnings(read) == [
        "Bundle.entry[5].resource.identifier[0].value",
        "Bundle.entry[1].resource.requester",
    ]
    assert notes(read) == [
        "Bundle.entry[16].resource.code",
        "Bundle.entry[17].resource.subject",
    ]
    assert "check digit" in told(read)


def test_the_other_message_of_bars_is_read_with_the_sender_as_referrer(
    reader: MessageReader,
) -> None:
    found = reader.message(payload("bars_validationrequest_httpresponse"))
    assert (found.asks, errors(found.read)) == (Asks.NEW, [])
    assert found.read.body["referrer"] == {"name": "Sender Organization"}
    assert "Bundle.entry[9].resource.organization" in warnings(found.read)
    assert "Bundle.entry[1].resource.reasonCode[0]" in notes(found.read)


def test_the_response_of_bars_is_not_triaged(reader: MessageReader) -> None:
    found = reader.message(payload("bars_validationresponse_message"))
    assert (found.asks, found.as_cancelled) == (Asks.NOTHING_OF_OURS, None)
    assert errors(found.read) == ["Bundle.entry[0].resource.response"]
    assert "nothing was triaged" in told(found.read)


@pytest.mark.parametrize(
    "name",
    [
        "bars_operationoutcome_409_duplicate",
        "bars_operationoutcome_422",
        "bars_servicerequest_get",
        "iops_servicerequest_dpp",
        "iops_task_dpp_accepted",
        "iops_task_dpp_request",
        "iops_questionnaireresponse_diabetesrisk",
        "sdc_phq9_questionnaireresponse_r4",
    ],
)
def test_a_resource_alone_is_no_message(reader: MessageReader, name: str) -> None:
    found = reader.message(payload(name))
    assert found.asks is Asks.NOTHING_OF_OURS
    assert [one.code for one in found.read.findings if one.refuses] == ["structure"]


def test_a_page_of_search_results_is_no_message(reader: MessageReader) -> None:
    read = reader.message(payload("ers_servicerequest_search_referral")).read
    assert errors(read) == ["Bundle.type", "Bundle.entry"]
    assert read.body["reference"] == "000000070000"


def in_a_message(response: Resource) -> Resource:
    return a_message({}, response)


def test_an_instrument_that_is_not_known_is_named_and_passed_over(reader: MessageReader) -> None:
    response = payload("iops_questionnaireresponse_diabetesrisk")
    read = reader.message(in_a_message(response)).read
    assert (answers(read), errors(read)) == ({}, [])
    assert warnings(read) == ["Bundle.entry[4].resource"]
    assert "https://example.fhir.nhs.uk/Questionnaire/T2DRiskForm" in told(read)
    assert reader.questionnaire_response(response).body == {}


def test_items_and_the_total_that_is_stated_are_both_read(reader: MessageReader) -> None:
    read = reader.questionnaire_response(payload("sdc_phq9_questionnaireresponse_r4"))
    assert answers(read) == {
        "phq9_items": [0, 0, 0, 1, 2, 1, 3, 2, 1],
        "phq9_total": 13,
        "phq9_on": "2019-08-21",
    }
    assert read.findings == ()


def test_the_items_count_and_the_rules_say_that_the_total_differs(
    reader: MessageReader, rulebook: Rulebook, decider: Decider
) -> None:
    response = payload("sdc_phq9_questionnaireresponse_r4")
    read = reader.message(in_a_message(response)).read
    assert warnings(read) == ["Bundle.entry[4].resource.subject"]
    referral = ReferralReader(rulebook.vocabulary).read(read.body, RECEIVED)
    alerts = {one.id for one in decider.decide(referral).alerts}
    assert {"totals_differ", "item9_positive", "stale_score"} <= alerts


def test_the_patient_of_a_published_example_may_come_with_it(reader: MessageReader) -> None:
    response = payload("sdc_phq9_questionnaireresponse_r4")
    subject = {**a_patient(), "id": "proband"}
    entries = [{"fullUrl": "http://hl7.org/fhir/Patient/proband", "resource": subject}]
    sent = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    parameters = [{"name": "in", "resource": one} for one in (response, sent)]
    read = reader.questionnaire_response({"resourceType": "Parameters", "parameter": parameters})
    assert (read.body["patient"]["birth_date"], read.findings) == ("1985-02-01", ())
