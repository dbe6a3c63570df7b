"""What a clinician's rating does: it raises, it never lowers, and for risk it never stands in."""

from __future__ import annotations

import pytest

from tests.builders import ReferralBuilder, a_referral, alert_ids, nothing_asked, referral_builder
from triage.decide import Decider
from triage.domain.vocabulary import Value

LEVELS = ("low", "medium", "high")

ANSWERED: dict[str, tuple[dict[str, Value], ...]] = {
    "severity": (
        {"phq9_total": 5, "gad7_total": 5},
        {"phq9_total": 12, "gad7_total": 5},
        {"phq9_total": 22, "gad7_total": 5},
    ),
    "chronicity": (
        {"problem_course": "ongoing", "problem_duration_days": 10},
        {"problem_course": "relapse", "problem_duration_days": 10},
        {"problem_course": "ongoing", "problem_duration_days": 800},
    ),
    "complexity": (
        {"main_problems": "one"},
        {"main_problems": "two_or_more"},
        {"clinician_input": "multidisciplinary", "care_coordination": "significant"},
    ),
    "impairment": (
        {"daily_functioning": "none_or_minimal"},
        {"daily_functioning": "moderate"},
        {"daily_functioning": "marked"},
    ),
    "substance_use": (
        {"substance_use": "none_or_minimal"},
        {"substance_use": "moderate"},
        {"substance_use": "dependent"},
    ),
    "risk": (
        {},
        {"thoughts_of_harm": "regular"},
        {"thoughts_of_harm": "regular", "intent": "strong"},
    ),
    "previous_interventions": (
        {"unhelpful_interventions": 0},
        {"unhelpful_interventions": 1},
        {"unhelpful_interventions": 3},
    ),
}
"""For each factor, what is answered to make it low, medium and high."""


@pytest.mark.parametrize("rated", LEVELS)
@pytest.mark.parametrize("answered", LEVELS)
@pytest.mark.parametrize("factor", ANSWERED)
def test_the_higher_of_answers_and_rating_counts_and_a_difference_is_shown(
    decider: Decider, factor: str, answered: str, rated: str
) -> None:
    answers = ANSWERED[factor][LEVELS.index(answered)]
    decision = decider.decide(referral_builder(**answers).rated(**{factor: rated}).build())
    assert decision.levels[factor].level == max(answered, rated, key=LEVELS.index)
    assert ("contradiction" in alert_ids(decision.alerts)) is (answered != rated)


@pytest.mark.parametrize("rated", LEVELS)
@pytest.mark.parametrize("factor", [factor for factor in ANSWERED if factor != "risk"])
def test_a_rating_stands_for_missing_answers(decider: Decider, factor: str, rated: str) -> None:
    decision = decider.decide(nothing_asked().rated(**{factor: rated}).build())
    assert decision.levels[factor].level == rated
    assert "contradiction" not in alert_ids(decision.alerts)


@pytest.mark.parametrize("factor", ANSWERED)
@pytest.mark.parametrize(
    "start",
    [
        nothing_asked(),
        referral_builder(),
        nothing_asked().answering(
            phq9_total=12,
            problem_duration_days=800,
            main_problems="two_or_more",
            substance_use="moderate",
        ),
    ],
    ids=["nothing asked", "all asked", "some asked"],
)
def test_a_rating_of_unknown_is_no_rating(
    decider: Decider, start: ReferralBuilder, factor: str
) -> None:
    rated = decider.decide(start.rated(**{factor: "unknown"}).build())
    unrated = decider.decide(start.build())
    assert rated.levels[factor].level == unrated.levels[factor].level
    assert rated.alerts == unrated.alerts


@pytest.mark.parametrize("rated", ["low", "medium"])
def test_a_rating_of_risk_never_stands_for_questions_not_asked(
    decider: Decider, rated: str
) -> None:
    decision = decider.decide(nothing_asked().rated(risk=rated).build())
    assert decision.levels["risk"].level == "unknown"
    assert decision.route.route.id == "clinical_review"


@pytest.mark.parametrize("start", [nothing_asked(), referral_builder()])
def test_risk_rated_high_alone_is_for_the_crisis_team(
    decider: Decider, start: ReferralBuilder
) -> None:
    decision = decider.decide(start.rated(risk="high").build())
    assert (decision.route.route.id, decision.urgency.id) == ("crisis", "very_urgent")


def test_a_medium_rating_raises_settled_low_risk_and_holds_the_booking(decider: Decider) -> None:
    decision = decider.decide(referral_builder().rated(risk="medium").build())
    assert decision.levels["risk"].level == "medium"
    assert (decision.urgency.id, decision.booking_held) == ("same_day", True)


@pytest.mark.parametrize(
    ("factor", "answers"),
    [
        ("severity", {"phq9_total": 12, "gad7_total": None}),
        ("severity", {"phq9_total": None, "gad7_total": 12}),
        ("complexity", {"main_problems": "two_or_more", "clinician_input": None}),
        ("substance_use", {"substance_use": "moderate", "substance_motivation": None}),
    ],
)
def test_a_low_rating_never_hides_what_a_single_answer_already_shows(
    decider: Decider, factor: str, answers: dict[str, Value]
) -> None:
    decision = decider.decide(referral_builder(**answers).rated(**{factor: "low"}).build())
    assert decision.levels[factor].level == "medium"
    assert "contradiction" in alert_ids(decision.alerts)


def test_a_high_found_from_answers_is_never_cancelled_by_a_gap(decider: Decider) -> None:
    decision = decider.decide(nothing_asked().answering(intent="strong").build())
    assert decision.levels["risk"].level == "high"


@pytest.mark.parametrize(
    ("answers", "level"),
    [
        ({"clinician_input": "multidisciplinary", "care_coordination": "significant"}, "high"),
        (
            {
                "main_problems": "two_or_more",
                "clinician_input": "multidisciplinary",
                "care_coordination": "none_or_minimal",
            },
            "medium",
        ),
        ({"clinician_input": "several_independent", "care_coordination": "significant"}, "medium"),
        ({"clinician_input": "one_clinician", "care_coordination": "significant"}, "medium"),
        ({"main_problems": "two_or_more"}, "medium"),
        ({}, "low"),
    ],
)
def test_complexity_is_high_only_with_a_team_and_much_coordination(
    decider: Decider, answers: dict[str, Value], level: str
) -> None:
    assert decider.decide(a_referral(**answers)).levels["complexity"].level == level


@pytest.mark.parametrize(
    ("answers", "level"),
    [
        ({"substance_use": "none_or_minimal", "substance_motivation": False}, "low"),
        ({"substance_use": "none_or_minimal", "substance_blocks_therapy": True}, "low"),
        ({"substance_use": "none_or_minimal", "substance_primary_problem": True}, "high"),
        ({"substance_use": "moderate"}, "medium"),
        ({"substance_use": "moderate", "substance_motivation": False}, "high"),
        ({"substance_use": "moderate", "substance_blocks_therapy": True}, "high"),
        ({"substance_use": "moderate", "substance_motivation": None}, "unknown"),
        ({"substance_use": "dependent"}, "high"),
    ],
)
def test_substance_use_is_high_where_it_stands_in_the_way(
    decider: Decider, answers: dict[str, Value], level: str
) -> None:
    assert decider.decide(a_referral(**answers)).levels["substance_use"].level == level
