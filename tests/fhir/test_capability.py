from __future__ import annotations

from typing import Any

import pytest

from tests.fhir.writing.oracles import check
from triage.access.roles import TABLE
from triage.fhir.capability import capability_statement
from triage.fhir.message_definition import message_definitions
from triage.rulebook import Rulebook

HERE = "https://triage.example.org"

REQUEST, RESPONSE = message_definitions().values()


@pytest.fixture(scope="module")
def statement(rulebook: Rulebook) -> dict[str, Any]:
    return capability_statement(rulebook, HERE)


def test_others_read_it_as_r4(statement: dict[str, Any]) -> None:
    check(statement)


def test_it_says_where_the_service_is_and_what_it_speaks(statement: dict[str, Any]) -> None:
    assert statement["kind"] == "instance"
    assert statement["fhirVersion"] == "4.0.1"
    assert statement["version"] == "1.0.0"
    assert statement["format"] == ["application/fhir+json", "json"]
    assert statement["implementation"]["url"] == f"{HERE}/fhir"
    assert statement["messaging"][0]["endpoint"][0]["address"] == f"{HERE}/fhir/$process-message"


CALLS = {"read": "GET /fhir/{}/{{}}", "search-type": "GET /fhir/{}"}


def test_it_promises_every_call_that_there_is_and_no_other(statement: dict[str, Any]) -> None:
    rest = statement["rest"][0]
    promised = {
        CALLS[interaction["code"]].format(resource["type"])
        for resource in rest["resource"]
        for interaction in resource.get("interaction", ())
    }
    promised |= {
        f"POST /fhir/{resource['type']}/${operation['name']}"
        for resource in rest["resource"]
        for operation in resource.get("operation", ())
    }
    promised |= {f"POST /fhir/${one['name']}" for one in rest["operation"]}
    there = {f"{row.method} {row.path}" for row in TABLE.values() if row.path.startswith("/fhir/")}
    assert promised == {one for one in there if "_search" not in one} - {"GET /fhir/metadata"}


def test_it_says_how_to_look_for_a_person_without_naming_them_in_an_address(
    statement: dict[str, Any],
) -> None:
    (found,) = (one for one in statement["rest"][0]["resource"] if one["type"] == "ServiceRequest")
    told = {one["name"]: one["documentation"] for one in found["searchParam"]}
    assert "By POST to _search alone" in told["patient:identifier"]


def test_it_takes_and_sends_the_messages_that_it_defines(statement: dict[str, Any]) -> None:
    supported = {
        one["mode"]: one["definition"] for one in statement["messaging"][0]["supportedMessage"]
    }
    assert supported == {"receiver": REQUEST["url"], "sender": RESPONSE["url"]}


def test_messages_have_the_addresses_that_bars_gives_them() -> None:
    base = "https://fhir.nhs.uk/MessageDefinition/bars-message-servicerequest"
    assert REQUEST["url"] == f"{base}-request-referral"
    assert RESPONSE["url"] == f"{base}-response-referral"


def test_others_read_the_definitions_as_r4() -> None:
    for one in message_definitions().values():
        check(one)


def test_a_request_is_always_answered_by_a_response() -> None:
    assert REQUEST["responseRequired"] == "always"
    assert REQUEST["allowedResponse"] == [{"message": RESPONSE["url"]}]


def test_a_request_holds_one_request_for_one_person() -> None:
    held = {one["code"]: (one["min"], one["max"]) for one in REQUEST["focus"]}
    assert held["ServiceRequest"] == held["Patient"] == (1, "1")
    assert held["QuestionnaireResponse"] == (0, "*")
