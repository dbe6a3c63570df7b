"""What changes the meaning of a resource in a way that is not known here is not acted upon."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fhir.messages import Resource, a_message, a_response, an_item
from tests.fhir.reading.conftest import Sending
from tests.fhir.reading.sending import (
    ICD10,
    PERSON,
    a_choice,
    an_observation,
    answers,
    concept,
    errors,
    loinc,
    notes,
    own,
)
from triage.fhir.reading import Asks, MessageReader

CHANGED = {"modifierExtension": [{"url": "https://theirs.example/negated", "valueBoolean": True}]}
RULES = {"implicitRules": "https://theirs.example/rules"}
AT = "Bundle.entry[4].resource"

READ: list[Resource] = [
    a_response([an_item("emergency_now", value=True)]),
    a_choice("plan", "active"),
    {"resourceType": "Flag", "status": "active", "subject": PERSON,
     "code": {"coding": [own("answer", "emergency_now")]}},
    {"resourceType": "Condition", "subject": PERSON, "code": concept(ICD10, "F42")},
    {"resourceType": "Consent", "status": "rejected"},
]  # fmt: skip


@pytest.mark.parametrize("resource", READ, ids=lambda one: str(one["resourceType"]))
def test_what_is_read_must_mean_what_it_says(sending: Sending, resource: Resource) -> None:
    plainly = sending(resource)
    assert errors(plainly) == []
    for part, name in ((CHANGED, "modifierExtension"), (RULES, "implicitRules")):
        read = sending({**resource, **part})
        assert errors(read) == [f"{AT}.{name}"]
        assert [one.code for one in read.findings if one.refuses] == ["not-supported"]
        assert answers(read) == answers(plainly)


@pytest.mark.parametrize("entry", [0, 1, 2, 3])
def test_so_must_header_request_patient_and_organisation(reader: MessageReader, entry: int) -> None:
    for part, name in ((CHANGED, "modifierExtension"), (RULES, "implicitRules")):
        message = a_message({"emergency_now": True})
        message["entry"][entry]["resource"] |= part
        read = reader.message(message).read
        assert errors(read) == [f"Bundle.entry[{entry}].resource.{name}"]
        assert answers(read) == {"emergency_now": True}


def test_so_must_whoever_asks(reader: MessageReader) -> None:
    role = {"resourceType": "PractitionerRole", "practitioner": {"reference": "Practitioner/p"}}
    doctor = {"resourceType": "Practitioner", "id": "p"}
    request = {"requester": {"reference": "Practitioner/p"}}
    message = a_message({}, {**role, **CHANGED}, {**doctor, **CHANGED}, request=request)
    places = [f"Bundle.entry[{n}].resource.modifierExtension" for n in (4, 5)]
    assert sorted(errors(reader.message(message).read)) == places


def test_so_must_the_bundle_and_parameters(reader: MessageReader) -> None:
    assert errors(reader.message({**a_message(), **RULES}).read) == ["Bundle.implicitRules"]
    parameters = {
        "resourceType": "Parameters",
        "parameter": [{"name": "in", "resource": a_response([an_item("phq9_total", 9)])}],
    }
    read = reader.questionnaire_response({**parameters, **RULES})
    assert errors(read) == ["Parameters.implicitRules"]


CHANGED_ITEMS: list[tuple[Resource, str]] = [
    ({**an_item("emergency_now", value=True), **CHANGED}, "item[0]"),
    ({"linkId": "emergency_now", "answer": [{"valueBoolean": True, **CHANGED}]},
     "item[0].answer[0]"),
    ({"linkId": "group", "item": [an_item("emergency_now", value=True)], **CHANGED}, "item[0]"),
]  # fmt: skip


@pytest.mark.parametrize(("item", "place"), CHANGED_ITEMS)
def test_so_must_items_and_answers(sending: Sending, item: Resource, place: str) -> None:
    read = sending(a_response([item]))
    assert (answers(read), errors(read)) == (
        {"emergency_now": True},
        [f"{AT}.{place}.modifierExtension"],
    )


def test_so_must_components_and_provisions(sending: Sending) -> None:
    part = {"code": {"coding": [own("answer", "veteran")]}, "valueBoolean": True, **CHANGED}
    read = sending(an_observation(own("answer", "phq9_items"), component=[part]))
    assert errors(read) == [f"{AT}.component[0].modifierExtension"]
    consent = {"resourceType": "Consent", "status": "active", "provision": CHANGED}
    assert errors(sending(consent)) == [f"{AT}.provision.modifierExtension"]


def test_what_is_passed_over_may_mean_anything(sending: Sending) -> None:
    read = sending({**loinc("1234-5", 1), **CHANGED, **RULES})
    assert (errors(read), notes(read)) == ([], [f"{AT}.code"])


@pytest.mark.parametrize("nothing", [None, [], ""])
def test_nothing_changes_nothing(sending: Sending, nothing: Any) -> None:
    parts = {"modifierExtension": nothing, "implicitRules": nothing}
    assert sending({**a_choice("plan", "active"), **parts}).findings == ()


@pytest.mark.parametrize("status", ["active", "revoked"])
def test_what_is_not_to_be_done_refers_nobody(reader: MessageReader, status: str) -> None:
    request = {"doNotPerform": True, "status": status}
    found = reader.message(a_message({"emergency_now": True}, request=request))
    assert errors(found.read) == ["Bundle.entry[1].resource.doNotPerform"]
    assert [one.code for one in found.read.findings if one.refuses] == ["business-rule"]
    assert answers(found.read) == {"emergency_now": True}
    assert errors(reader.message(a_message(request={"doNotPerform": False})).read) == []


@pytest.mark.parametrize("part", [CHANGED, RULES])
def test_no_request_that_may_mean_another_thing_is_taken_back(
    reader: MessageReader, part: Resource
) -> None:
    found = reader.message(a_message(reason="delete", request=part))
    assert (found.asks, len(errors(found.read))) == (Asks.CANCEL, 1)
