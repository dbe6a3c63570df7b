"""What a form sends that was made of our questionnaires is read as it was answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from random import Random
from typing import Any

import pytest

from tests.random_things import Drawer
from triage.domain.vocabulary import Value
from triage.fhir.questionnaires import SCREENING, questionnaires_of
from triage.fhir.reading import MessageReader
from triage.rulebook import Rulebook

Item = dict[str, Any]

Given = Mapping[str, Any]
"""Answers by the links of their items."""

VALUES: Mapping[str, Callable[[Item, Any], Item]] = {
    "boolean": lambda _, value: {"valueBoolean": value},
    "integer": lambda _, value: {"valueInteger": value},
    "date": lambda _, value: {"valueDate": value.isoformat()},
    "string": lambda _, value: {"valueString": value},
    "choice": lambda item, value: {"valueCoding": option(item, value)},
    "open-choice": lambda item, value: {"valueCoding": option(item, value)},
}


def option(item: Item, code: str) -> Item:
    """The option of an item that has a code, as the item gives it."""
    codings = (one["valueCoding"] for one in item["answerOption"])
    (found,) = (one for one in codings if one["code"] == code)
    return {name: part for name, part in found.items() if name != "extension"}


def filled(questionnaire: Item, given: Given) -> Item:
    """The response that a form sends for these answers."""
    return {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": f"{questionnaire['url']}|{questionnaire['version']}",
        "status": "completed",
        "authored": "2026-11-20T09:00:00Z",
        "item": list(filled_items(questionnaire, given)),
    }


def filled_items(holder: Item, given: Given) -> Iterator[Item]:
    for item in holder.get("item", ()):
        link, inner = item["linkId"], list(filled_items(item, given))
        if item["type"] == "group" and inner:
            yield {"linkId": link, "item": inner}
        elif given.get(link) is not None:
            value = given[link]
            values = value if item.get("repeats") else [value]
            answers = [VALUES[item["type"]](item, each) for each in values]
            if answers:
                yield {"linkId": link, "answer": answers}


def by_links(answers: Mapping[str, Value]) -> dict[str, Any]:
    """Answers as a form has them: those with items by the links of the items."""
    found: dict[str, Any] = {}
    for name, value in answers.items():
        if name.endswith("_items") and isinstance(value, tuple):
            found |= {f"{name}.{place}": each for place, each in enumerate(value, start=1)}
        else:
            found[name] = value
    return found


def as_body(value: Value) -> Any:
    """An answer as the body of a referral has it."""
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, date) else value


@pytest.fixture(scope="module")
def reader(rulebook: Rulebook) -> MessageReader:
    return MessageReader(rulebook.vocabulary)


def test_every_answer_of_a_referral_comes_through(
    rulebook: Rulebook, reader: MessageReader
) -> None:
    drawer, random = Drawer(rulebook), Random(11)
    screening = questionnaires_of(rulebook)[SCREENING]
    for _ in range(30):
        answers = {
            name: drawer.answer(answer, random)
            for name, answer in drawer.questions()
            if random.random() < 0.8
        }
        read = reader.questionnaire_response(filled(screening, by_links(answers)))
        expected = {
            name: as_body(value)
            for name, value in answers.items()
            if value != () and not (name.endswith("_items") and set(value) == {None})  # type: ignore[arg-type]
        }
        assert not [one for one in read.findings if one.refuses]
        assert read.body["answers"].items() >= expected.items()


def test_source_age_and_ratings_come_through(rulebook: Rulebook, reader: MessageReader) -> None:
    screening = questionnaires_of(rulebook)[SCREENING]
    given = {"source": "B1", "patient.age": 40, "levels.risk": "high", "levels.severity": "low"}
    body = reader.questionnaire_response(filled(screening, given)).body
    assert body["source"] == "B1"
    assert body["patient"] == {"age": 40}
    assert body["levels"] == {"risk": "high", "severity": "low"}


def test_a_question_that_was_declined_comes_through_as_declined(
    rulebook: Rulebook, reader: MessageReader
) -> None:
    screening = questionnaires_of(rulebook)[SCREENING]
    response = filled(screening, {"intent": "none"})
    reason = {
        "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
        "valueCode": "asked-declined",
    }
    response["item"][0]["item"].append({"linkId": "plan", "extension": [reason]})
    body = reader.questionnaire_response(response).body
    assert (body["answers"]["intent"], body["declined"]) == ("none", ["plan"])
    assert "plan" not in body["answers"]


@pytest.mark.parametrize("id_", ["phq9", "gad7"])
def test_an_instrument_comes_through_by_its_codes(
    rulebook: Rulebook, reader: MessageReader, id_: str
) -> None:
    questionnaire, random = questionnaires_of(rulebook)[id_], Random(id_)
    *items, total = questionnaire["item"]
    codes = [one["valueCoding"]["code"] for one in items[0]["answerOption"]]
    scores = [random.randrange(4) for _ in items]
    given = {item["linkId"]: codes[score] for item, score in zip(items, scores, strict=True)} | {
        total["linkId"]: sum(scores)
    }
    body = reader.questionnaire_response(filled(questionnaire, given)).body
    assert body["answers"][f"{id_}_items"] == scores
    assert body["answers"][f"{id_}_total"] == sum(scores)
    assert body["answers"][f"{id_}_on"] == "2026-11-20"
