"""After which answers a question makes sense is read from the vocabulary, or refused."""

from __future__ import annotations

import pytest

from tests.edited_rules import EditedRules
from triage.api.vocabulary_data import vocabulary_data
from triage.domain.vocabulary import AskedWhen
from triage.errors import RulebookError
from triage.rulebook import Rulebook, load_rulebook

TRIGGER = "    asked_when: [{answer: recent_trigger, is_not: none}]\n"


def test_a_question_names_the_answers_that_it_follows(rulebook: Rulebook) -> None:
    answers = rulebook.vocabulary.answers
    assert answers["trigger_days_ago"].asked_when == (
        AskedWhen("recent_trigger", "none", is_not=True),
    )
    assert answers["monitoring_review_on"].asked_when == (
        AskedWhen("active_monitoring", "under_way"),
    )


def test_most_questions_follow_none(rulebook: Rulebook) -> None:
    follow = [name for name, one in rulebook.vocabulary.answers.items() if one.asked_when]
    assert follow == [
        "harm_towards",
        "substance_motivation",
        "substance_blocks_therapy",
        "trigger_days_ago",
        "monitoring_review_on",
    ]


def test_callers_are_told_of_it(rulebook: Rulebook) -> None:
    told = {one["name"]: one for one in vocabulary_data(rulebook.vocabulary)["answers"]}
    assert told["trigger_days_ago"]["asked_when"] == [
        {"answer": "recent_trigger", "is_not": "none"}
    ]
    assert told["monitoring_review_on"]["asked_when"] == [
        {"answer": "active_monitoring", "is": "under_way"}
    ]
    assert told["intent"]["asked_when"] == []


def test_a_yes_or_no_can_be_followed(edited_rules: EditedRules) -> None:
    yes = "    asked_when: [{answer: perinatal, is: true}]\n"
    edited_rules.replace("vocabulary.yaml", TRIGGER, yes)
    answers = load_rulebook(edited_rules.directory).vocabulary.answers
    assert answers["trigger_days_ago"].asked_when == (AskedWhen("perinatal", value=True),)


@pytest.mark.parametrize(
    ("after", "says"),
    [
        ("[{answer: recent_triger, is_not: none}]", "recent_triger is not a choice or a yes or no"),
        ("[{answer: phq9_total, is: 3}]", "phq9_total is not a choice or a yes or no"),
        ("[{answer: harm_towards, is: self}]", "harm_towards is not a choice or a yes or no"),
        (
            "[{answer: recent_trigger, is_not: nothing}]",
            "nothing is not a choice of recent_trigger",
        ),
        ("[{answer: perinatal, is: some}]", "must be true or false, not 'some'"),
        ("[{answer: recent_trigger}]", "either is, or is_not"),
        ("[{answer: recent_trigger, is: none, is_not: other}]", "either is, or is_not"),
        ("[{is: none}]", "answer is missing"),
        ("[]", "is an empty list"),
        ("{answer: recent_trigger, is: none}", "must be a list"),
    ],
)
def test_what_cannot_be_followed_is_refused_where_it_stands(
    edited_rules: EditedRules, after: str, says: str
) -> None:
    line = edited_rules.replace("vocabulary.yaml", TRIGGER, f"    asked_when: {after}\n")
    with pytest.raises(RulebookError) as caught:
        load_rulebook(edited_rules.directory)
    (fault,) = caught.value.faults
    assert (fault.file, fault.line) == ("vocabulary.yaml", line)
    assert says in fault.problem


def test_a_question_about_risk_follows_no_other(edited_rules: EditedRules) -> None:
    protective = "    worse: last\n    choices: [{some: some protective factors}"
    after = "    asked_when: [{answer: thoughts_of_harm, is_not: none}]\n"
    edited_rules.replace("vocabulary.yaml", protective, after + protective)
    with pytest.raises(
        RulebookError, match="protective_factors can get worse, so it is always asked"
    ):
        load_rulebook(edited_rules.directory)
