"""No message is too large to be read: of very much, what is beyond a number is told and left."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fhir.messages import OWN, Resource, a_message, a_response, an_item
from tests.fhir.reading.conftest import Sending
from tests.fhir.reading.sending import (
    ICD10,
    LOINC,
    a_choice,
    an_observation,
    answers,
    concept,
    errors,
    loinc,
    other_form,
    ours,
    told,
)
from triage.fhir.reading import MessageReader, Read

AT = "Bundle.entry[4].resource"
FLAG = {"resourceType": "Flag", "status": "inactive"}
VETERAN = an_item("veteran", value=True)


def codes(read: Read) -> list[str]:
    return [one.code for one in read.findings if one.refuses]


@pytest.mark.parametrize(("flags", "found"), [(994, []), (995, ["Bundle.entry"])])
def test_a_bundle_has_at_most_a_thousand_entries(
    sending: Sending, flags: int, found: list[str]
) -> None:
    danger = a_choice("plan", "active")
    read = sending(danger, *[FLAG] * flags, a_choice("intent", "strong"))
    assert errors(read) == found
    beyond = {} if found else {"intent": "strong"}
    assert answers(read) == {"plan": "active", **beyond}
    assert codes(read) == ["too-costly"] * len(found)


def test_bundles_in_bundles_are_counted_together(sending: Sending) -> None:
    held = {"resourceType": "Bundle", "entry": [{"resource": FLAG}] * 600}
    assert errors(sending(held)) == []
    assert errors(sending(held, held)) == ["Bundle.entry[5].resource.entry"]


def test_so_is_what_resources_contain(sending: Sending) -> None:
    flag = {**FLAG, "contained": [FLAG] * 600}
    assert errors(sending(flag)) == []
    assert errors(sending(flag, flag)) == ["Bundle.entry[5].resource.contained"]


def deep(items: int) -> list[Resource]:
    """As many items, half of them in items and half in answers."""
    inner = [{"linkId": "group"}] * (items // 2 - 1)
    held = {"linkId": "group", "answer": [{"item": inner}]}
    return [{"linkId": "group", "item": inner}, held]


def test_a_response_has_at_most_two_thousand_items(sending: Sending) -> None:
    read = sending(a_response([*deep(1_998), an_item("plan", "active"), VETERAN]))
    assert (answers(read), errors(read)) == ({"plan": "active", "veteran": True}, [])
    read = sending(a_response([*deep(1_998), an_item("plan", "active"), {}, VETERAN]))
    assert (answers(read), codes(read)) == ({"plan": "active"}, ["too-costly"])
    assert errors(read) == [f"{AT}.item"]


def test_an_item_has_at_most_a_thousand_answers(sending: Sending) -> None:
    thousand = {"linkId": "veteran", "answer": [{"valueBoolean": True}] * 1_000}
    assert errors(sending(a_response([thousand]))) == []
    item = {"linkId": "veteran", "answer": [*thousand["answer"], {"valueBoolean": False}]}
    read = sending(a_response([item]))
    assert (answers(read), errors(read)) == ({"veteran": True}, [f"{AT}.item[0].answer"])


@pytest.mark.parametrize(
    "name", ["replaces", "reasonReference", "reasonCode", "note", "identifier"]
)
def test_a_list_of_a_request_is_as_long_at_most(reader: MessageReader, name: str) -> None:
    found = reader.message(a_message({"emergency_now": True}, request={name: [{}] * 1_001}))
    assert errors(found.read) == [f"Bundle.entry[1].resource.{name}"]
    assert answers(found.read) == {"emergency_now": True}


CODINGS = {"coding": [{"system": LOINC, "code": "1234-5"}] * 1_001}


@pytest.mark.parametrize(
    ("resource", "place"),
    [
        (an_observation({}) | {"code": CODINGS}, "code.coding"),
        (ours("plan", valueCodeableConcept=CODINGS), "value.coding"),
        ({"resourceType": "Flag", "status": "active", "code": CODINGS}, "code.coding"),
        (loinc("44249-1", 1, component=[{}] * 1_001), "component"),
    ],
)
def test_so_are_lists_in_which_an_answer_may_stand(
    sending: Sending, resource: Resource, place: str
) -> None:
    assert f"{AT}.{place}" in errors(sending(resource))


def test_lists_of_what_is_not_read_may_be_of_any_length(sending: Sending) -> None:
    assert errors(sending({"resourceType": "List", "entry": [{}] * 1_001})) == []


def test_a_response_says_at_most_ten_thousand_things(sending: Sending) -> None:
    item = {"linkId": "veteran", "answer": [{"valueBoolean": True}] * 1_000}
    assert errors(sending(a_response([item] * 9))) == []
    read = sending(a_response([*[item] * 10, an_item("plan", "active")]))
    assert (answers(read), codes(read)) == ({"veteran": True}, ["too-costly"])


def test_so_does_a_message(sending: Sending) -> None:
    item = {"linkId": "veteran", "answer": [{"valueBoolean": True}] * 1_000}
    read = sending(*[a_response([item] * 6)] * 2)
    assert (answers(read), codes(read)) == ({"veteran": True}, ["too-costly"])


def of_focus(number: int) -> Resource:
    message = a_message()
    focus = message["entry"][0]["resource"]["focus"]
    focus += [{"reference": f"Task/{n}"} for n in range(number)]
    return message


def test_doubts_of_the_focus_are_told_with_the_other_findings(reader: MessageReader) -> None:
    read = reader.message(of_focus(900)).read
    assert (errors(read), len(read.findings)) == ([], 200)
    read = reader.message(of_focus(20_000)).read
    assert errors(read) == ["Bundle.entry[0].resource.focus"]
    assert len(read.findings) == 200


def test_of_very_many_names_that_are_not_ours_some_are_told_with_the_nearest(
    reader: MessageReader,
) -> None:
    unknown = [an_item(f"emergency_now{n}", value=True) for n in range(300)]
    read = reader.questionnaire_response(a_response(unknown))
    assert len(read.findings) == 200
    assert 0 < told(read).count("did you mean emergency_now?") < 100


def test_of_very_many_codes_of_one_place_some_are_named(sending: Sending) -> None:
    codings: list[Any] = [{"system": LOINC, "code": f"{n}-1"} for n in range(900)]
    read = sending(an_observation({}) | {"code": {"coding": codings}})
    assert len(told(read)) < 1_000


def test_a_code_of_a_million_characters_is_read_by_how_it_begins(sending: Sending) -> None:
    code = concept(ICD10, "F321" + "1" * 1_000_000)
    condition = {"resourceType": "Condition", "code": code}
    assert answers(sending(condition)) == {"presenting_problem": "depression"}


def test_long_names_are_not_repeated(sending: Sending) -> None:
    link, url = "1-" * 200_000, "https:" + "/" * 400_000
    item = {"linkId": link, "answer": [{"valueInteger": 1}]}
    found = [a_response([item]), other_form([item], questionnaire=url), loinc(link, 1)]
    found.append(an_observation({"system": f"{OWN}/x", "code": link}))
    assert len(told(sending(*found))) < 2_000
