"""The sentences in which rules say why."""

from __future__ import annotations

import pytest

from tests.builders import a_referral, nothing_asked
from triage.decide import Decider
from triage.domain.sentences import Sentence
from triage.domain.vocabulary import Value
from triage.rulebook import Rulebook


@pytest.mark.parametrize(
    ("text", "facts", "filled"),
    [
        ("Nothing to fill.", {}, "Nothing to fill."),
        ("PHQ-9 is {phq9_total}.", {"phq9_total": 12}, "PHQ-9 is 12."),
        ("PHQ-9 is {phq9_total}.", {}, "PHQ-9 is not asked."),
        ("Now: {emergency_now}.", {"emergency_now": True}, "Now: yes."),
        ("There is {plan}.", {"plan": "passive"}, "There is a passive plan."),
        ("{adjustments}", {"adjustments": ("evening", "interpreter")}, None),
    ],
)
def test_facts_are_filled_in_as_a_person_would_say_them(
    rulebook: Rulebook, text: str, facts: dict[str, Value], filled: str | None
) -> None:
    expected = filled or "an evening appointment, an interpreter"
    assert Sentence(text).filled(facts, rulebook.vocabulary.terms) == expected


def test_braces_in_what_a_person_wrote_are_left_as_they_are(rulebook: Rulebook) -> None:
    facts: dict[str, Value] = {"long_term_conditions": ("{plan}",), "plan": "active"}
    found = Sentence("Has: {long_term_conditions}.").filled(facts, rulebook.vocabulary.terms)
    assert found == "Has: {plan}."


def test_every_reason_of_a_decision_is_a_whole_sentence(decider: Decider) -> None:
    for referral in (a_referral(thoughts_of_harm="regular"), nothing_asked().build()):
        for reason in decider.decide(referral).reasoning:
            assert reason.because.endswith(".")
            assert "{" not in reason.because
            assert reason.because[0].isupper()


def test_a_reason_holds_the_facts_its_branch_read(decider: Decider) -> None:
    decision = decider.decide(a_referral(phq9_total=12, gad7_total=9))
    reason = next(each for each in decision.reasoning if each.rule.id == "severity-medium")
    assert reason.as_dict()["facts"] == {"phq9_total": 12, "gad7_total": 9}
    assert reason.because == "PHQ-9 is 12."


def test_reasons_come_in_the_order_of_the_rulebook(decider: Decider, rulebook: Rulebook) -> None:
    order = {rule.id: place for place, rule in enumerate(rulebook.rules)}
    decision = decider.decide(a_referral(phq9_total=22, thoughts_of_harm="regular", perinatal=True))
    places = [order[each.rule.id] for each in decision.reasoning]
    assert places == sorted(places)
