"""Reasons and changes by example, in the words that people read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from random import Random
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import a_referral, nothing_asked, referral_builder
from tests.facts import facts_of
from tests.random_things import Drawer
from triage.decide import Decider
from triage.diagram import Outcome
from triage.domain.referral import Referral
from triage.domain.rules import NO_INDICATORS
from triage.errors import DisagreementError
from triage.explain import Change, Explainer, Sufficient


class Explained(NamedTuple):
    """What is said of a decision."""

    sufficient: Sufficient
    changes: tuple[Change, ...]

    @property
    def why(self) -> dict[str, object]:
        """The reason as names with their values."""
        return {one.answer: one.value for one in self.sufficient.answers}

    @property
    def words(self) -> list[str]:
        """The changes in words."""
        return [change.words for change in self.changes]


Explain = Callable[[Referral], Explained]


@pytest.fixture
def explain(decider: Decider, explainer: Explainer) -> Explain:
    def explaining(referral: Referral) -> Explained:
        known = decider.known(referral)
        decision = decider.conclude(known)
        decided = Outcome(decision.route.route.id, decision.urgency.id)
        found = explainer.sufficient(known, decided), explainer.changes(known, decided)
        return Explained(*found)

    return explaining


def test_two_answers_alone_force_crisis(explain: Explain) -> None:
    found = explain(
        nothing_asked()
        .answering(thoughts_of_harm="frequent", plan="active", emergency_now=False)
        .build()
    )
    assert found.sufficient.because == (
        "This alone decides it: “Emergency now” is no; “Plan” is an active plan."
    )
    assert [one.as_dict() for one in found.sufficient.answers] == [
        {
            "answer": "emergency_now",
            "title": "Emergency now",
            "value": False,
            "words": "no",
            "from": None,
            "to": None,
        },
        {
            "answer": "plan",
            "title": "Plan",
            "value": "active",
            "words": "an active plan",
            "from": None,
            "to": None,
        },
    ]


def test_one_answer_alone_forces_an_emergency(explain: Explain) -> None:
    assert explain(a_referral(emergency_now=True)).why == {"emergency_now": True}


def test_clinical_review_is_decided_by_what_was_not_asked(explain: Explain) -> None:
    found = explain(nothing_asked().answering(phq9_total=12, gad7_total=9).build())
    assert set(found.why.values()) == {None}
    assert "“Thoughts of harm” was not asked" in found.sufficient.because
    assert "“Risk, as a clinician rated it” was not given" in found.sufficient.because
    assert not {"phq9_total", "gad7_total"} & found.why.keys()


def test_what_was_declined_is_said_to_be_and_never_suggested(explain: Explain) -> None:
    found = explain(nothing_asked().declining("emergency_now", "intent").build())
    assert "“Emergency now” was declined" in found.sufficient.because
    assert found.changes
    told = {one.answer for change in found.changes for one in change.answers}
    assert not {"emergency_now", "intent"} & told


def test_a_total_stands_alone_where_item_9_does_not_matter(explain: Explain) -> None:
    found = explain(a_referral(phq9_total=17, phq9_item9=1))
    assert found.why["phq9_total"] == 17
    assert "phq9_item9" not in found.why
    assert "“PHQ-9 total” is 17 (any from 16 to 27 would do the same)" in found.sufficient.because


def test_item_9_stands_beside_the_total_where_it_matters(explain: Explain) -> None:
    monitored = referral_builder(recent_trigger="job_loss", trigger_days_ago=12)
    found = explain(monitored.build())
    assert found.why["phq9_item9"] == 0
    assert found.why["phq9_total"] == 6
    assert "“Days since the trigger” is 12 (any from 0 to 56 would do the same)" in (
        found.sufficient.because
    )


def test_a_change_across_a_threshold_says_the_number_to_reach(explain: Explain) -> None:
    up = explain(a_referral(thoughts_of_harm="regular", phq9_total=12))
    down = explain(a_referral(phq9_total=25, phq9_item9=2))
    assert "Would be Talking therapies, step 3 if “PHQ-9 total” were 16." in up.words
    assert "Would be Talking therapies, step 2 if “PHQ-9 total” were 15." in down.words


def test_several_answers_are_changed_where_one_is_not_enough(explain: Explain) -> None:
    found = explain(a_referral(daily_functioning="marked", specialist_indicator="psychosis"))
    assert (
        "Would be Talking therapies, step 2 if “Sign of a specialist need” were none and"
        " “Impairment of daily life” were moderate impairment."
    ) in found.words
    numbers = [len(change.answers) for change in found.changes]
    assert numbers == sorted(numbers)


def test_a_day_is_suggested_by_the_calendar_of_the_referral(explain: Explain) -> None:
    monitored = referral_builder(recent_trigger="job_loss", trigger_days_ago=12)
    overdue = monitored.answering(
        active_monitoring="under_way", monitoring_review_on=date(2026, 11, 1)
    )
    words = "Would be Active monitoring if “Day of the monitoring review” were 2026-11-21."
    assert words in explain(overdue.build()).words


def test_age_is_a_reason_and_never_a_change(explain: Explain) -> None:
    found = explain(referral_builder().of_patient(birth_date=date(2012, 3, 14)).build())
    assert found.why["age"] == 14
    assert "“Age” is 14 (any from 0 to 17 would do the same)" in found.sufficient.because
    leads = [change.route.id for change in found.changes]
    assert leads == ["emergency", "crisis", "clinical_review"]


def test_a_rating_is_a_reason_and_never_a_change(explain: Explain) -> None:
    found = explain(referral_builder(emergency_now=False).rated(risk="high").build())
    assert found.why == {"emergency_now": False, "rated_risk": "high"}
    assert [change.route.id for change in found.changes] == ["emergency"]


def test_the_lowest_level_of_risk_never_reads_as_a_prediction(explain: Explain) -> None:
    found = explain(referral_builder(daily_functioning="marked").rated(risk="low").build())
    assert found.why["rated_risk"] == "low"
    assert f"“Risk, as a clinician rated it” is {NO_INDICATORS}" in found.sufficient.because
    assert " low" not in found.sufficient.because


def test_scores_that_cannot_be_right_are_asked_again_and_not_reckoned_with(
    explain: Explain,
) -> None:
    found = explain(a_referral(phq9_total=25, phq9_item9=0))
    told = {one.answer for change in found.changes for one in change.answers}
    assert not {"phq9_total", "phq9_item9"} & told


def test_what_was_asked_in_vain_is_not_known_rather_than_not_asked(explain: Explain) -> None:
    monitored = referral_builder(recent_trigger="job_loss", trigger_days_ago=12)
    items = (1, 1, 1, 1, 1, 1, 1, 1, None)
    scored = monitored.answering(phq9_items=items, phq9_total=None, phq9_item9=None)
    assert "“PHQ-9 item 9” was not known" in explain(scored.build()).sufficient.because


def test_where_the_evaluators_differ_there_is_no_reason(
    decider: Decider, explainer: Explainer
) -> None:
    known = decider.known(a_referral(emergency_now=True))
    for decided in (Outcome("emergency", "urgent"), Outcome("crisis", "emergency")):
        with pytest.raises(DisagreementError, match="evaluations of the rules differ"):
            explainer.sufficient(known, decided)
        with pytest.raises(DisagreementError, match="evaluations of the rules differ"):
            explainer.changes(known, decided)


def test_facts_that_the_diagram_does_not_know_have_no_reason(
    decider: Decider, explainer: Explainer
) -> None:
    known = replace(decider.known(a_referral()), answers={"plan": "unheard_of"})
    with pytest.raises(DisagreementError):
        explainer.sufficient(known, Outcome("crisis", "very_urgent"))


@settings(max_examples=200, deadline=None)
@given(seed=st.integers(min_value=0, max_value=2**32))
def test_nothing_that_nobody_can_change_is_ever_suggested(
    decider: Decider, explainer: Explainer, seed: int
) -> None:
    words = decider.rulebook.vocabulary
    referral = Drawer(decider.rulebook).referral(Random(seed))
    known, decision = decider.known(referral), decider.decide(referral)
    decided, facts = (
        Outcome(decision.route.route.id, decision.urgency.id),
        facts_of(referral, decider.rulebook),
    )
    for change in explainer.changes(known, decided):
        assert change.answers
        for one in change.answers:
            derived = words.derived.get(one.answer)
            assert not words.answers[one.answer].fixed
            assert not (derived and derived.fixed)
            assert one.answer not in known.declined
            assert one.value is not None
            assert one.value != facts.get(one.answer)
