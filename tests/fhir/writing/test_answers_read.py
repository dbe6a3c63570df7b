from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.builders import ReferralBuilder, nothing_asked, referral_builder
from tests.fhir.writing.referred import Desk
from tests.random_things import Drawer
from tests.recorded import drawn
from triage.domain.rules import NO_INDICATORS
from triage.fhir.questionnaires import questionnaires_of
from triage.fhir.writing import DecisionWriter
from triage.fhir.writing.items import Answered, ItemWriter
from triage.rulebook import Rulebook

OWN = "https://referral-triage.example/fhir"
MASKED = {
    "extension": [
        {
            "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
            "valueCode": "masked",
        }
    ]
}

Item = dict[str, Any]


def items_in(part: Item) -> Iterator[Item]:
    """Every item that asks something."""
    for item in part.get("item", ()):
        if "item" not in item:
            yield item
        yield from items_in(item)


def read(desk: Desk, writer: DecisionWriter, builder: ReferralBuilder) -> dict[str, Item]:
    """The items by their links of a referral that was recorded."""
    found = writer.answers_read(desk.refer(builder.build()))
    return {one["linkId"]: one for one in items_in(found)}


def test_each_kind_of_answer_has_its_kind_of_value(desk: Desk, writer: DecisionWriter) -> None:
    found = read(
        desk,
        writer,
        nothing_asked().answering(
            emergency_now=False,
            thoughts_of_harm="fleeting",
            phq9_total=12,
            phq9_items=(0, 1, None, 3, 0, 0, 0, 0, 0),
            adjustments=("home_visit", "evening"),
        ),
    )
    assert found["emergency_now"]["answer"] == [{"valueBoolean": False}]
    assert found["emergency_now"]["text"].startswith("Is anybody in danger right now")
    assert found["phq9_total"]["answer"] == [{"valueInteger": 12}]
    assert found["phq9_items.4"]["answer"] == [{"valueInteger": 3}]
    assert "phq9_items.3" not in found
    assert found["thoughts_of_harm"]["answer"] == [
        {
            "valueCoding": {
                "system": f"{OWN}/CodeSystem/thoughts_of_harm",
                "code": "fleeting",
                "display": "fleeting thoughts",
            }
        }
    ]
    assert found["adjustments"]["answer"][0]["valueCoding"] == {
        "system": f"{OWN}/CodeSystem/adjustments",
        "code": "home_visit",
        "display": "a visit at home",
    }
    assert len(found["adjustments"]["answer"]) == 2


def test_what_was_not_asked_has_no_item(desk: Desk, writer: DecisionWriter) -> None:
    assert read(desk, writer, nothing_asked().of_patient().from_source(None)) == {}


def test_what_was_declined_says_so_and_has_no_answer(desk: Desk, writer: DecisionWriter) -> None:
    found = read(desk, writer, nothing_asked().declining("intent", "phq9_items"))
    for name in ("intent", "phq9_items"):
        assert "answer" not in found[name]
        assert found[name]["extension"] == [
            {
                "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
                "valueCode": "asked-declined",
            }
        ]


def test_nothing_to_list_is_an_answer(desk: Desk, writer: DecisionWriter) -> None:
    found = read(desk, writer, nothing_asked().answering(long_term_conditions=()))
    (answer,) = found["long_term_conditions"]["answer"]
    assert answer["valueCoding"]["code"] == "none"


def test_a_day_is_a_day(rulebook: Rulebook) -> None:
    items = ItemWriter(rulebook.vocabulary)
    (group,) = items.answers_as_items(Answered({"phq9_on": "2026-11-20"}))
    assert group["item"][0]["answer"] == [{"valueDate": "2026-11-20"}]


def test_ratings_and_source_and_age_are_read_back(desk: Desk, writer: DecisionWriter) -> None:
    found = read(desk, writer, referral_builder().rated(risk="low", severity="high"))
    assert found["source"]["answer"][0]["valueCoding"]["code"] == "A1"
    assert found["patient.age"]["answer"] == [{"valueInteger": 36}]
    level = found["levels.risk"]["answer"][0]["valueCoding"]
    assert level["display"].casefold() == NO_INDICATORS
    assert found["levels.severity"]["answer"][0]["valueCoding"]["code"] == "high"


def test_own_words_are_withheld(desk: Desk, writer: DecisionWriter) -> None:
    found = read(desk, writer, referral_builder(adjustments=("evening", "words of their own")))
    evening, words = found["adjustments"]["answer"]
    assert evening["valueCoding"]["code"] == "evening"
    assert words == MASKED


def test_an_answer_of_another_rulebook_is_written_by_its_type(rulebook: Rulebook) -> None:
    items = ItemWriter(rulebook.vocabulary)
    found = items.answers_as_items(
        Answered(
            {"old_yes": True, "old_number": 3, "old_word": "some", "old_list": ["a", "b"]},
            declined=["old_secret"],
            levels={"old_factor": "high"},
            source="Z9",
        )
    )
    links: dict[str, Any] = {
        one["linkId"]: one.get("answer") for group in found for one in items_in(group)
    }
    assert links["old_yes"] == [{"valueBoolean": True}]
    assert links["old_number"] == [{"valueInteger": 3}]
    assert links["old_word"] == [{"valueString": "some"}]
    assert links["old_list"] == [{"valueString": "a"}, {"valueString": "b"}]
    assert links["old_secret"] is None
    assert links["levels.old_factor"][0]["valueCoding"]["code"] == "high"
    assert links["source"] == [
        {"valueCoding": {"system": f"{OWN}/CodeSystem/source", "code": "Z9"}}
    ]


def test_it_follows_the_questionnaire_that_asks_it(
    desk: Desk, writer: DecisionWriter, rulebook: Rulebook
) -> None:
    screening = questionnaires_of(rulebook)["referral-screening"]
    draw = drawn(rulebook, seed=3)
    for _ in range(20):
        found = writer.answers_read(desk.refer(draw()))
        assert found["questionnaire"] == f"{screening['url']}|{screening['version']}"
        check_follows(found, screening)


def check_follows(response: Item, questionnaire: Item) -> None:
    """Fail unless items stand where the questionnaire has theirs, in its order, with its words."""
    asked = {item["linkId"]: item for item in questionnaire.get("item", ())}
    links = [item["linkId"] for item in response.get("item", ())]
    assert links == [link for link in asked if link in links]
    for item in response.get("item", ()):
        question = asked[item["linkId"]]
        assert item.get("text", question["text"]) == question["text"]
        check_follows(item, question)
        for answer in item.get("answer", ()):
            check_offered(answer, question)


def check_offered(answer: Item, question: Item) -> None:
    """Fail unless a coded answer is one of those that are offered, or says that there is none."""
    coding = answer.get("valueCoding")
    if coding and coding["code"] != "none":
        assert coding in [one["valueCoding"] for one in question["answerOption"]]


def test_every_answer_that_may_be_given_is_offered(rulebook: Rulebook) -> None:
    screening = questionnaires_of(rulebook)["referral-screening"]
    links = {one["linkId"] for one in _all_items(screening)}
    assert {name for name, _ in Drawer(rulebook).questions()} <= links


def _all_items(part: Item) -> Iterator[Item]:
    for item in part.get("item", ()):
        yield item
        yield from _all_items(item)
