"""What was asked and declined, beside what was answered in another place."""

from __future__ import annotations

from typing import Any

from tests.fhir.messages import Resource, a_response
from tests.fhir.reading.conftest import Sending
from tests.fhir.reading.sending import (
    PHQ9_ITEMS,
    a_choice,
    answers,
    errors,
    loinc,
    notes,
    told,
)

LATER = {"effectiveDateTime": "2026-11-01"}


def declined(name: str, **more: Any) -> Resource:
    return a_response([{"linkId": "declined", "answer": [{"valueString": name}]}], **more)


def test_what_is_answered_and_declined_is_an_error_and_the_answer_stands(
    sending: Sending,
) -> None:
    read = sending(a_choice("thoughts_of_harm", "regular"), declined("thoughts_of_harm"))
    assert errors(read) == ["Bundle.entry[5].resource.item[0].answer[0].value"]
    assert "Bundle.entry[4].resource.value" in told(read)
    assert (answers(read), "declined" in read.body) == ({"thoughts_of_harm": "regular"}, False)


def test_what_is_answered_after_it_was_declined_is_answered(sending: Sending) -> None:
    before = declined("substance_use", authored="2026-10-01T10:00:00Z")
    read = sending(before, a_choice("substance_use", "moderate", **LATER))
    assert (answers(read), errors(read)) == ({"substance_use": "moderate"}, [])
    assert notes(read) == ["Bundle.entry[4].resource.item[0].answer[0].value"]


def test_a_question_declined_twice_is_declined_once(sending: Sending) -> None:
    assert sending(declined("plan"), declined("plan")).body["declined"] == ["plan"]


def test_the_ninth_item_declined_is_item_nine_declined(sending: Sending) -> None:
    read = sending(declined("phq9_items.9"), *(loinc(code, 1) for code in PHQ9_ITEMS[:8]))
    assert read.body["declined"] == ["phq9_item9"]
    assert answers(read)["phq9_items"] == [1] * 8 + [None]


def test_another_item_declined_is_left_out(sending: Sending) -> None:
    read = sending(declined("gad7_items.2"), loinc("69725-0", 1))
    assert "declined" not in read.body
    assert answers(read)["gad7_items"][1] is None


def test_all_items_declined_are_a_questionnaire_declined(sending: Sending) -> None:
    read = sending(*(declined(f"gad7_items.{n}") for n in range(1, 8)))
    assert read.body["declined"] == ["gad7_items"]


def test_a_question_that_is_none_is_left_to_the_schema(sending: Sending) -> None:
    assert sending(declined("everything")).body["declined"] == ["everything"]


def test_a_rating_cannot_be_declined(sending: Sending) -> None:
    read = sending(declined("levels.risk"))
    assert "declined" not in read.body
    assert notes(read) == ["Bundle.entry[4].resource.item[0].answer[0].value"]


def test_a_day_that_was_declined_is_not_made_up(sending: Sending) -> None:
    read = sending(declined("phq9_on"), loinc("44261-6", 9, **LATER))
    assert (read.body["declined"], answers(read)) == (["phq9_on"], {"phq9_total": 9})
    assert errors(read) == []
