from __future__ import annotations

from typing import Any

import pytest

from tests.fhir.messages import Resource, a_message, a_request
from tests.fhir.reading.sending import concept, errors, told, warnings
from triage.domain.referred import Cancelled
from triage.fhir.reading import Asks, Message, MessageReader

BARS = "https://fhir.nhs.uk/CodeSystem/message-events-bars"
HEADER = "Bundle.entry[0].resource"


def with_header(**changes: Any) -> Resource:
    """A message whose header has these parts otherwise; one that is None it has not."""
    message = a_message()
    header = {**message["entry"][0]["resource"], **changes}
    made = {name: value for name, value in header.items() if value is not None}
    return {**message, "entry": [{"resource": made}, *message["entry"][1:]]}


def request_of(status: str, reason: str) -> Resource:
    return a_message(reason=reason, request={"status": status})


@pytest.mark.parametrize(("reason", "asks"), [("new", Asks.NEW), ("update", Asks.UPDATE)])
def test_the_reason_says_what_a_message_asks_for(
    reader: MessageReader, reason: str, asks: Asks
) -> None:
    found = reader.message(a_message(reason=reason))
    assert (found.asks, found.as_cancelled, found.read.findings) == (asks, None, ())


def test_the_names_that_bars_has_published_before_are_known_too(reader: MessageReader) -> None:
    code = "servicerequest-request"
    event = {"system": "https://fhir.nhs.uk/CodeSystem/message-event-servicerequest", "code": code}
    reason = concept("https://fhir.nhs.uk/CodeSystem/message-reason-servicerequest", "update")
    found = reader.message(with_header(eventCoding=event, reason=reason))
    assert (found.asks, found.read.findings) == (Asks.UPDATE, ())


@pytest.mark.parametrize(
    ("status", "reason", "cancelled"),
    [
        ("active", "delete", Cancelled.REVOKED),
        ("completed", "delete", Cancelled.REVOKED),
        ("revoked", "new", Cancelled.REVOKED),
        ("revoked", "update", Cancelled.REVOKED),
        ("entered-in-error", "new", Cancelled.ENTERED_IN_ERROR),
        ("entered-in-error", "delete", Cancelled.ENTERED_IN_ERROR),
    ],
)
def test_a_request_is_taken_back_by_its_status_or_by_the_reason(
    reader: MessageReader, status: str, reason: str, cancelled: Cancelled
) -> None:
    found = reader.message(request_of(status, reason))
    assert (found.asks, found.as_cancelled, errors(found.read)) == (Asks.CANCEL, cancelled, [])


def test_answers_that_contradict_one_another_do_not_keep_a_request_from_being_taken_back(
    reader: MessageReader,
) -> None:
    message = a_message({"substance_use": "moderate"}, reason="delete")
    again = a_message({"substance_use": "dependent"})["entry"][-1]
    message["entry"].append(again)
    assert errors(reader.message(message).read) == []
    message["entry"][0]["resource"]["reason"] = concept("", "new")
    assert errors(reader.message(message).read) != []


@pytest.mark.parametrize("status", ["draft", "on-hold", "unknown"])
def test_a_request_that_is_not_active_is_read_with_a_warning(
    reader: MessageReader, status: str
) -> None:
    found = reader.message(request_of(status, "new"))
    assert warnings(found.read) == ["Bundle.entry[1].resource.status"]
    assert found.read.body["answers"]["thoughts_of_harm"] == "none"


def test_a_completed_request_is_refused(reader: MessageReader) -> None:
    found = reader.message(request_of("completed", "new"))
    assert [one.code for one in found.read.findings] == ["business-rule"]
    assert errors(found.read) == ["Bundle.entry[1].resource.status"]


def nothing_of_ours(found: Message) -> list[str]:
    """Where it is said that a message is none of ours."""
    assert found.asks is Asks.NOTHING_OF_OURS
    said = [one for one in found.read.findings if one.refuses]
    assert {one.code for one in said} == {"not-supported"}
    assert all("nothing was triaged" in one.says for one in said)
    return [one.expression for one in said]


def test_a_response_is_not_triaged(reader: MessageReader) -> None:
    response = {"identifier": "1", "code": "ok"}
    assert nothing_of_ours(reader.message(with_header(response=response))) == [f"{HEADER}.response"]
    event = {"system": BARS, "code": "servicerequest-response"}
    found = reader.message(with_header(eventCoding=event))
    assert nothing_of_ours(found) == [f"{HEADER}.event"]
    assert "response" in told(found.read)


@pytest.mark.parametrize(
    "event",
    [
        {"system": BARS, "code": "booking-request"},
        {"system": "https://example.org", "code": "servicerequest-request"},
        {"code": "servicerequest-request"},
    ],
)
def test_another_event_is_not_triaged(reader: MessageReader, event: Resource) -> None:
    assert nothing_of_ours(reader.message(with_header(eventCoding=event))) == [f"{HEADER}.event"]


def test_a_message_without_an_event_is_not_triaged(reader: MessageReader) -> None:
    assert nothing_of_ours(reader.message(with_header(eventCoding=None))) == [HEADER]


def test_a_message_without_a_reason_is_taken_as_new_with_a_warning(reader: MessageReader) -> None:
    found = reader.message(with_header(reason=None))
    assert (found.asks, warnings(found.read)) == (Asks.NEW, [HEADER])


@pytest.mark.parametrize("code", ["replace", "NEW", ""])
def test_a_reason_that_is_not_known_is_an_error_and_never_taken_as_new(
    reader: MessageReader, code: str
) -> None:
    found = reader.message(with_header(reason=concept("", code)))
    assert errors(found.read) == [f"{HEADER}.reason"]


def test_a_reason_of_another_system_is_not_taken_for_ours(reader: MessageReader) -> None:
    found = reader.message(with_header(reason=concept("https://example.org", "delete")))
    assert (found.asks, errors(found.read)) == (Asks.NEW, [f"{HEADER}.reason"])


def test_a_message_is_known_by_its_identifier_or_by_the_first_id_it_has(
    reader: MessageReader,
) -> None:
    message = a_message(id_="of-the-header")
    url = message["entry"][0]["fullUrl"]
    named = {**message, "id": "of-the-bundle", "identifier": {"system": "urn:x", "value": "7"}}
    assert reader.message(named).id == "urn:x|7"
    del named["identifier"]
    assert reader.message(named).id == "of-the-header"
    del named["entry"][0]["resource"]["id"]
    assert reader.message(named).id == "of-the-bundle"
    del named["id"]
    assert reader.message(named).id == url.removeprefix("urn:uuid:")
    del named["entry"][0]["fullUrl"]
    assert reader.message(named).id is None


def test_a_request_is_known_by_its_identifier_or_by_the_first_id_it_has(
    reader: MessageReader,
) -> None:
    identifiers = [{"use": "usual"}, {"system": "urn:y", "value": "8"}, {"value": "9"}]
    message = a_message(request={"id": "mine", "identifier": identifiers})
    assert reader.message(message).request_identities[0] == "urn:y|8"
    request = message["entry"][1]["resource"]
    del request["identifier"]
    assert reader.message(message).request_identities[0] == "mine"
    del request["id"]
    assert reader.message(message).request_identities[0] == "00000000-0000-4000-8000-000000000001"


def test_a_request_is_known_by_everything_that_names_it(reader: MessageReader) -> None:
    identifiers = [{"system": "urn:y", "value": "8"}, {"value": "9"}, {"value": "9"}]
    message = a_message(request={"id": "mine", "identifier": identifiers})
    assert reader.message(message).request_identities == ("urn:y|8", "9", "mine")
    del message["entry"][1]["resource"]["id"]
    assert reader.message(message).request_identities == ("urn:y|8", "9")


def test_a_request_of_very_many_identifiers_keeps_its_id(reader: MessageReader) -> None:
    identifiers = [{"value": str(n)} for n in range(200)]
    message = a_message(request={"id": "mine", "identifier": identifiers})
    found = reader.message(message).request_identities
    assert (len(found), found[0], found[-1]) == (51, "0", "mine")


def test_header_request_and_patient_are_given_as_they_were_sent(reader: MessageReader) -> None:
    message = a_message()
    found = reader.message(message)
    sent = [entry["resource"] for entry in message["entry"][:3]]
    assert [found.header, found.request, found.patient] == sent


def test_a_message_without_a_header_is_refused_and_still_read_for_danger(
    reader: MessageReader,
) -> None:
    message = a_message({"emergency_now": True})
    del message["entry"][0]
    found = reader.message(message)
    assert [one.code for one in found.read.findings if one.refuses] == ["required"]
    assert (found.header, found.asks) == ({}, Asks.NOTHING_OF_OURS)
    assert found.read.body["answers"] == {"emergency_now": True}


def test_a_header_that_is_not_first_is_an_error(reader: MessageReader) -> None:
    message = a_message()
    message["entry"] = message["entry"][::-1]
    found = reader.message(message)
    assert errors(found.read) == ["Bundle.entry[4].resource"]
    assert found.asks is Asks.NEW


def test_two_headers_are_an_error(reader: MessageReader) -> None:
    message = a_message()
    message["entry"].append(a_message()["entry"][0])
    assert "Bundle.entry[5].resource" in errors(reader.message(message).read)


def test_a_bundle_of_another_type_is_no_message(reader: MessageReader) -> None:
    assert errors(reader.message({**a_message(), "type": "collection"}).read) == ["Bundle.type"]


@pytest.mark.parametrize("sent", [None, [], "Bundle", 7, {}, a_request()])
def test_what_is_no_bundle_is_refused(reader: MessageReader, sent: object) -> None:
    found = reader.message(sent)
    assert [one.code for one in found.read.findings if one.refuses] == ["structure"]
    assert found.asks is Asks.NOTHING_OF_OURS


def test_an_answer_that_stands_where_the_message_should_is_read_for_danger(
    reader: MessageReader,
) -> None:
    response = a_message({"emergency_now": True})["entry"][-1]["resource"]
    assert reader.message(response).read.body["answers"] == {"emergency_now": True}


def test_a_message_without_a_request_is_refused(reader: MessageReader) -> None:
    message = a_message()
    del message["entry"][1]
    found = reader.message(message)
    assert [one.code for one in found.read.findings if one.refuses] == ["required"]
    assert (found.request, found.request_identities) == ({}, ())
