from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from random import Random
from typing import Any

import fhirpathpy
import pytest
from fhirpathpy.models import models

from tests.campaigns import share
from tests.edited_rules import EditedRules
from tests.fhir.writing.oracles import check
from tests.random_things import Drawer
from triage.decide import Decider
from triage.domain.decision import Decision
from triage.domain.rules import NO_INDICATORS
from triage.domain.vocabulary import Kind, Value
from triage.fhir.questionnaires import SCREENING, questionnaires_of
from triage.rulebook import Rulebook, load_rulebook

Item = dict[str, Any]

PUBLISHED = (
    "Little interest or pleasure",
    "Feeling down, depressed",
    "better off dead",
    "nervous, anxious",
    "Several days",
    "More than half the days",
    "Nearly every day",
)
"""Words of the instruments as they are published."""


def every_item(holder: Item) -> Iterator[Item]:
    for item in holder.get("item", ()):
        yield item
        yield from every_item(item)


def screening(rulebook: Rulebook) -> Item:
    return questionnaires_of(rulebook)[SCREENING]


def item_of(rulebook: Rulebook, link: str) -> Item:
    (found,) = (one for one in every_item(screening(rulebook)) if one["linkId"] == link)
    return found


def is_enabled(item: Item, answers: Mapping[str, Value], *, absent_differs: bool) -> bool:
    """Is an item shown? ``absent_differs``: how a form reads ``!=`` where there is no answer."""
    shown = []
    for when in item.get("enableWhen", ()):
        given = answers.get(when["question"])
        wanted = when.get("answerBoolean", when.get("answerCoding", {}).get("code"))
        shown.append(
            {
                "exists": (given is not None) == wanted,
                "=": given is not None and given == wanted,
                "!=": absent_differs if given is None else given != wanted,
            }[when["operator"]]
        )
    return any(shown) if shown else True


def test_there_is_one_for_the_referral_and_one_for_each_instrument(rulebook: Rulebook) -> None:
    assert list(questionnaires_of(rulebook)) == ["referral-screening", "phq9", "gad7"]


def test_others_read_them_as_r4(rulebook: Rulebook) -> None:
    for questionnaire in questionnaires_of(rulebook).values():
        check(questionnaire)


def test_the_same_rulebook_gives_the_same_bytes(rulebook: Rulebook) -> None:
    first, second = (json.dumps(questionnaires_of(load_rulebook())) for _ in range(2))
    assert first == second == json.dumps(questionnaires_of(rulebook))


def test_they_name_the_rulebook_and_its_version(rulebook: Rulebook) -> None:
    own = rulebook.vocabulary.messages.own
    for id_, questionnaire in questionnaires_of(rulebook).items():
        assert questionnaire["id"] == id_
        assert questionnaire["url"] == f"{own}/Questionnaire/{id_}"
        assert questionnaire["version"] == rulebook.stamp.version
        assert questionnaire["identifier"][0]["value"] == rulebook.stamp.digest
        assert questionnaire["status"] == "draft"


def test_those_of_an_approved_rulebook_are_active(edited_rules: EditedRules) -> None:
    edited_rules.replace("rulebook.yaml", "status: draft", "status: approved")
    found = questionnaires_of(load_rulebook(edited_rules.directory))
    assert {one["status"] for one in found.values()} == {"active"}


def test_every_answer_is_asked_under_its_own_name(rulebook: Rulebook) -> None:
    links = [one["linkId"] for one in every_item(screening(rulebook))]
    assert len(links) == len(set(links))
    assert set(links) >= rulebook.vocabulary.answers.keys()
    assert {"source", "patient.age", "phq9_items.9", "gad7_items.7", "levels.risk"} <= set(links)


def test_safety_is_asked_first(rulebook: Rulebook) -> None:
    first = screening(rulebook)["item"][0]
    safety = [one.name for one in rulebook.vocabulary.answers.values() if one.group == "safety"]
    assert [one["linkId"] for one in first["item"]] == safety


TYPES = {
    Kind.BOOLEAN: "boolean",
    Kind.CHOICE: "choice",
    Kind.NUMBER: "integer",
    Kind.DATE: "date",
    Kind.ITEMS: "group",
}


def test_an_answer_is_given_as_its_kind_is(rulebook: Rulebook) -> None:
    for answer in rulebook.vocabulary.answers.values():
        item = item_of(rulebook, answer.name)
        if answer.term.kind is Kind.LIST:
            assert item["repeats"]
            assert item["type"] == ("open-choice" if answer.term.choices else "string")
        else:
            assert item["type"] == TYPES[answer.term.kind]
        codes = [one["valueCoding"]["code"] for one in item.get("answerOption", ())]
        assert codes == list(answer.term.choices)


def test_a_number_has_its_range(rulebook: Rulebook) -> None:
    found = item_of(rulebook, "phq9_total")["extension"]
    assert [(one["url"].rpartition("/")[2], one["valueInteger"]) for one in found] == [
        ("minValue", 0),
        ("maxValue", 27),
    ]


def test_our_own_code_comes_first_and_then_the_national_ones(rulebook: Rulebook) -> None:
    codes = item_of(rulebook, "phq9_total")["code"]
    own = rulebook.vocabulary.messages.own
    assert [(one["system"], one["code"]) for one in codes] == [
        (f"{own}/CodeSystem/answer", "phq9_total"),
        ("http://loinc.org", "44261-6"),
        ("http://snomed.info/sct", "720433000"),
    ]


def test_questions_about_risk_have_codes_of_their_own(rulebook: Rulebook) -> None:
    for name in ("emergency_now", "thoughts_of_harm", "intent", "plan", "harm_injury"):
        assert item_of(rulebook, name)["code"][0]["code"] == name


def test_nothing_must_be_answered(rulebook: Rulebook) -> None:
    for questionnaire in questionnaires_of(rulebook).values():
        assert not any(one.get("required") for one in every_item(questionnaire))
        assert "asked-declined" in questionnaire["description"]


def test_no_words_of_an_instrument_are_repeated(rulebook: Rulebook) -> None:
    told = json.dumps(questionnaires_of(rulebook)).lower()
    assert not [words for words in PUBLISHED if words.lower() in told]


def test_nobody_is_shown_a_risk_as_low(rulebook: Rulebook) -> None:
    options = item_of(rulebook, "levels.risk")["answerOption"]
    shown = [one["valueCoding"]["display"] for one in options]
    assert shown == ["No immediate-safety indicators recorded", "Medium", "High"]
    assert shown[0].lower() == NO_INDICATORS
    assert not re.search(r"low[ -]risk", json.dumps(screening(rulebook)), re.IGNORECASE)


def test_a_source_of_referral_is_chosen_by_its_code(rulebook: Rulebook) -> None:
    options = item_of(rulebook, "source")["answerOption"]
    codes = [one["valueCoding"]["code"] for one in options]
    assert codes == list(rulebook.vocabulary.sources_of_referral)


def test_a_question_that_follows_others_says_so_by_items_that_are_there(
    rulebook: Rulebook,
) -> None:
    links = {one["linkId"] for one in every_item(screening(rulebook))}
    following = [one for one in every_item(screening(rulebook)) if "enableWhen" in one]
    assert len(following) == 5
    for item in following:
        assert item["enableBehavior"] == "any"
        assert {when["question"] for when in item["enableWhen"]} <= links - {item["linkId"]}


def test_no_question_about_risk_is_ever_hidden(rulebook: Rulebook) -> None:
    for answer in rulebook.vocabulary.answers.values():
        if answer.worse:
            assert "enableWhen" not in item_of(rulebook, answer.name)


@pytest.mark.parametrize("absent_differs", [True, False])
def test_an_unanswered_question_hides_none(rulebook: Rulebook, *, absent_differs: bool) -> None:
    for item in every_item(screening(rulebook)):
        assert is_enabled(item, {}, absent_differs=absent_differs)


@pytest.mark.parametrize("absent_differs", [True, False])
@pytest.mark.parametrize(
    ("asked", "answers", "shown"),
    [
        ("trigger_days_ago", {"recent_trigger": "none"}, False),
        ("trigger_days_ago", {"recent_trigger": "job_loss"}, True),
        ("monitoring_review_on", {"active_monitoring": "under_way"}, True),
        ("monitoring_review_on", {"active_monitoring": "not_done"}, False),
        ("substance_motivation", {"substance_use": "none_or_minimal"}, False),
        ("substance_blocks_therapy", {"substance_use": "moderate"}, True),
        ("harm_towards", {"thoughts_of_harm": "none", "harm_injury": "none"}, True),
        (
            "harm_towards",
            dict.fromkeys(("thoughts_of_harm", "intent", "plan", "harm_injury"), "none"),
            False,
        ),
        (
            "harm_towards",
            {
                "thoughts_of_harm": "none",
                "intent": "none",
                "plan": "passive",
                "harm_injury": "none",
            },
            True,
        ),
    ],
)
def test_a_question_is_left_out_only_where_every_answer_before_it_says_otherwise(
    rulebook: Rulebook,
    asked: str,
    answers: Mapping[str, Value],
    *,
    shown: bool,
    absent_differs: bool,
) -> None:
    item = item_of(rulebook, asked)
    assert is_enabled(item, answers, absent_differs=absent_differs) is shown


def left_out(items: list[Item], answers: Mapping[str, Value]) -> set[str]:
    """The questions that a form leaves out beside these answers."""
    return {one["linkId"] for one in items if not is_enabled(one, answers, absent_differs=True)}


def test_a_question_that_is_left_out_could_not_have_altered_route_or_urgency(
    rulebook: Rulebook, decider: Decider
) -> None:
    drawer, random = Drawer(rulebook), Random(5)
    asked, items = rulebook.vocabulary.answers, [*every_item(screening(rulebook))]
    tried = 0
    while tried < share(4000):
        referral = drawer.referral(random)
        hidden = left_out(items, referral.answers)
        if hidden:
            tried += 1
            kept = {name: value for name, value in referral.answers.items() if name not in hidden}
            more = {name: drawer.answer(asked[name], random) for name in hidden}
            without = decider.decide(replace(referral, answers=kept))
            beside = decider.decide(replace(referral, answers={**kept, **more}))
            assert where_to(without) == where_to(beside), hidden


def where_to(decision: Decision) -> tuple[object, ...]:
    """What of a decision sends somebody somewhere, and how soon."""
    beside = [each.route.id for each in decision.also_indicated]
    return decision.route.route.id, decision.urgency.id, beside, decision.booking_held


def test_an_instrument_is_linked_by_the_codes_of_its_items(rulebook: Rulebook) -> None:
    phq9 = questionnaires_of(rulebook)["phq9"]
    codes = rulebook.vocabulary.answers["phq9_items"].item_codes["loinc"]
    assert [one["linkId"] for one in phq9["item"]] == [*(f"/{code}" for code in codes), "/44261-6"]
    assert [one["code"] for one in phq9["code"]] == ["phq9", "44249-1"]


def test_an_item_of_an_instrument_is_answered_by_codes_that_have_a_score(
    rulebook: Rulebook,
) -> None:
    (first, *_) = questionnaires_of(rulebook)["gad7"]["item"]
    scored = [
        (one["valueCoding"]["code"], one["valueCoding"]["extension"][0]["valueDecimal"])
        for one in first["answerOption"]
    ]
    assert scored == [("LA6568-5", 0), ("LA6569-3", 1), ("LA6570-1", 2), ("LA6571-9", 3)]


@pytest.mark.parametrize(("id_", "count"), [("phq9", 9), ("gad7", 7)])
def test_a_total_is_the_sum_of_all_its_items_and_of_no_fewer(
    rulebook: Rulebook, id_: str, count: int
) -> None:
    *items, total = questionnaires_of(rulebook)[id_]["item"]
    assert total["readOnly"]
    random, codes = Random(3), ("LA6568-5", "LA6569-3", "LA6570-1", "LA6571-9")
    for _ in range(20):
        scores = [random.randrange(4) for _ in items]
        answered = [
            {"linkId": item["linkId"], "answer": [{"valueCoding": {"code": codes[score]}}]}
            for item, score in zip(items, scores, strict=True)
        ]
        assert len(answered) == count
        assert worked_out(total, answered) == [sum(scores)]
        assert worked_out(total, answered[1:]) == []


def worked_out(total: Item, answered: list[Item]) -> list[int]:
    response = {"resourceType": "QuestionnaireResponse", "item": answered}
    (expression,) = (
        one["valueExpression"]["expression"]
        for one in total["extension"]
        if "valueExpression" in one
    )
    found: list[int] = fhirpathpy.evaluate(
        response, expression, {"resource": response}, models["r4"]
    )
    return found
