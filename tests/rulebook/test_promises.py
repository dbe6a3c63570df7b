"""The promises of a rulebook, and the words by which it treats people alike or apart."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.edited_rules import EditedRules
from triage.domain.conditions import Compare
from triage.errors import RulebookError, RuleFault
from triage.rulebook import Rulebook, load_rulebook, rulebook_of

FLOOR = "    no_less_urgent_than: same_day\n"
NEVER = "    never: [iapt_step_2, iapt_step_3, active_monitoring, counselling]\n"
AN_EXCEPTION = """\
  exceptions:
    - id: plan-while-monitored
      title: Passive plans of people who are monitored
      answer: plan
      when: {active_monitoring: {is: under_way}}
      basis: {source: local, where: "Agreed here", sign_off: true}
"""

FIXED = {
    "serious_harm_history",
    "problem_duration_days",
    "problem_course",
    "unhelpful_interventions",
    "low_intensity_unhelpful",
    "recent_trigger",
    "trigger_days_ago",
    "perinatal",
    "veteran",
    "long_term_conditions",
    "age",
    "self_referred",
    "nhs_number_fails",
    "ages_differ",
    "has_long_term_condition",
}


def fault_of(rules: EditedRules) -> RuleFault:
    with pytest.raises(RulebookError) as caught:
        load_rulebook(rules.directory)
    (fault,) = caught.value.faults
    return fault


def test_the_shipped_rules_promise_that_unknown_risk_is_never_sent_to_therapy(
    rulebook: Rulebook,
) -> None:
    promises = rulebook.promises
    assert promises is not None
    assert promises.unknown_risk_floor == "same_day"
    assert set(promises.unknown_risk_never) == {
        "iapt_step_2",
        "iapt_step_3",
        "active_monitoring",
        "counselling",
    }
    assert promises.exceptions == ()


def test_an_exception_is_named_with_its_answer_its_condition_and_its_basis(
    edited_rules: EditedRules,
) -> None:
    edited_rules.replace("rulebook.yaml", NEVER, NEVER + AN_EXCEPTION)
    promises = load_rulebook(edited_rules.directory).promises
    assert promises is not None
    (one,) = promises.exceptions
    assert (one.id, one.answer) == ("plan-while-monitored", "plan")
    assert one.when == Compare("active_monitoring", "is", "under_way")
    assert one.basis.sign_off


def test_an_exception_may_hold_everywhere(edited_rules: EditedRules) -> None:
    everywhere = AN_EXCEPTION.replace("      when: {active_monitoring: {is: under_way}}\n", "")
    edited_rules.replace("rulebook.yaml", NEVER, NEVER + everywhere)
    promises = load_rulebook(edited_rules.directory).promises
    assert promises is not None
    assert promises.exceptions[0].when is None


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (FLOOR, "    no_less_urgent_than: sameday\n", "sameday is not an urgency; did you mean"),
        (FLOOR, "", "no_less_urgent_than is missing; add it"),
        (NEVER, "    never: [iapt_step_4]\n", "iapt_step_4 is not a route; did you mean"),
        (NEVER, "    never: []\n", "is an empty list"),
        (NEVER, NEVER + "  exceptions: []\n", "is an empty list"),
        (
            NEVER,
            NEVER + AN_EXCEPTION.replace("answer: plan", "answer: veteran"),
            "veteran is not an answer that gets worse; use one of",
        ),
        (
            NEVER,
            NEVER + AN_EXCEPTION.replace("{is: under_way}", "{is: underway}"),
            "underway is not a value of active_monitoring; did you mean under_way?",
        ),
        (
            NEVER,
            NEVER + AN_EXCEPTION + AN_EXCEPTION.partition("\n")[2],
            "the exception plan-while-monitored is in the list already; rename one",
        ),
    ],
)
def test_a_promise_that_cannot_be_meant_is_refused(
    edited_rules: EditedRules, old: str, new: str, says: str
) -> None:
    edited_rules.replace("rulebook.yaml", old, new)
    fault = fault_of(edited_rules)
    assert fault.file == "rulebook.yaml"
    assert says in fault.problem


def test_rules_say_by_which_protected_facts_they_treat_people_apart(rulebook: Rulebook) -> None:
    assert rulebook.vocabulary.protected == ("age", "perinatal", "veteran")
    assert {rule.id: set(rule.distinguishes) for rule in rulebook.rules if rule.distinguishes} == {
        "young-people": {"age"},
        "perinatal-psychosis": {"perinatal"},
        "active-monitoring": {"perinatal"},
    }


@pytest.mark.parametrize(
    ("named", "says"),
    [
        ("[perinatal]", "the rule does not read perinatal; take it out"),
        ("[aeg]", "aeg is not a protected fact; did you mean age?"),
        ("[phq9_total]", "phq9_total is not a protected fact; use one of:"),
        ("[]", "is an empty list"),
    ],
)
def test_a_rule_names_only_protected_facts_that_it_reads(
    edited_rules: EditedRules, named: str, says: str
) -> None:
    line = edited_rules.replace(
        "eligibility.yaml", "distinguishes: [age]", f"distinguishes: {named}"
    )
    fault = fault_of(edited_rules)
    assert (fault.file, fault.line, fault.rule) == ("eligibility.yaml", line, "young-people")
    assert says in fault.problem


def test_nothing_is_distinguished_where_nothing_is_protected(edited_rules: EditedRules) -> None:
    edited_rules.replace("vocabulary.yaml", "protected: [age, perinatal, veteran]\n", "")
    with pytest.raises(RulebookError, match=r"no fact is protected; name it under protected"):
        load_rulebook(edited_rules.directory)


@pytest.mark.parametrize(
    ("named", "says"),
    [
        ("[age, gender]", "gender is not an answer or a derived fact"),
        ("[age, age]", "age is in the list already; take one out"),
        ("[age, route]", "route is not an answer or a derived fact"),
    ],
)
def test_only_known_facts_are_protected(edited_rules: EditedRules, named: str, says: str) -> None:
    old = "protected: [age, perinatal, veteran]"
    line = edited_rules.replace("vocabulary.yaml", old, f"protected: {named}")
    fault = fault_of(edited_rules)
    assert (fault.file, fault.line) == ("vocabulary.yaml", line)
    assert says in fault.problem


def test_who_a_person_is_and_what_has_happened_is_fixed(rulebook: Rulebook) -> None:
    words = rulebook.vocabulary
    fixed = {name for name, answer in words.answers.items() if answer.fixed}
    assert fixed | {name for name, fact in words.derived.items() if fact.fixed} == FIXED


def test_fixed_is_true_or_false(edited_rules: EditedRules) -> None:
    edited_rules.replace(
        "vocabulary.yaml",
        '    type: boolean\n    fixed: true\n    source: "NHS',
        '    type: boolean\n    fixed: always\n    source: "NHS',
    )
    assert "must be true or false, not 'always'" in fault_of(edited_rules).problem


def test_a_rulebook_from_before_these_words_still_loads(rulebook: Rulebook) -> None:
    old = rulebook_of(json.dumps(_as_before(rulebook.content)))
    assert old.promises is None
    assert old.vocabulary.protected == ()
    assert not any(rule.distinguishes for rule in old.rules)
    assert not any(answer.fixed for answer in old.vocabulary.answers.values())
    assert [rule.id for rule in old.rules] == [rule.id for rule in rulebook.rules]


NEW_WORDS = {"promises", "protected", "fixed", "distinguishes"}


def _as_before(content: Any) -> Any:
    if isinstance(content, dict):
        return {name: _as_before(each) for name, each in content.items() if name not in NEW_WORDS}
    return [_as_before(each) for each in content] if isinstance(content, list) else content
