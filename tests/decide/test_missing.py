"""What a decision asks for, and how settled it says it is."""

from __future__ import annotations

import pytest

from tests.builders import ReferralBuilder, nothing_asked, referral_builder
from triage.decide import Decider
from triage.domain.decision import Decision
from triage.domain.vocabulary import Value

RISK_QUESTIONS = {
    "emergency_now",
    "thoughts_of_harm",
    "intent",
    "plan",
    "harm_injury",
    "serious_harm_history",
    "protective_factors",
}


def asked(decision: Decision) -> list[str]:
    return [one.answer for one in decision.missing]


def asked_for_the_route(decision: Decision) -> list[str]:
    return [one.answer for one in decision.missing if "lead" in one.why or "urgent" in one.why]


def test_a_whole_referral_is_routed_and_asks_nothing_that_could_change_the_route(
    decider: Decider,
) -> None:
    decision = decider.decide(referral_builder().build())
    assert decision.status.value == "routed"
    assert asked_for_the_route(decision) == []


def test_nothing_that_was_answered_or_declined_is_asked_again(decider: Decider) -> None:
    builder = referral_builder().declining("substance_use", "gad7_total", "perinatal")
    decision = decider.decide(builder.build())
    assert not set(asked(decision)) & {*builder.answers, *builder.declined}


def test_questions_about_safety_come_first(decider: Decider) -> None:
    questions = asked(decider.decide(nothing_asked().build()))
    assert set(questions[: len(RISK_QUESTIONS)]) == RISK_QUESTIONS


@pytest.mark.parametrize("name", sorted(RISK_QUESTIONS))
def test_a_missing_risk_answer_is_the_first_thing_asked(decider: Decider, name: str) -> None:
    builder = referral_builder(thoughts_of_harm="fleeting").without(name, "presenting_problem")
    assert asked(decider.decide(builder.build()))[0] == name


def test_every_question_comes_with_its_wording_and_a_reason(decider: Decider) -> None:
    missing = decider.decide(nothing_asked().of_patient().from_source(None).build()).missing
    vocabulary = decider.rulebook.vocabulary
    assert {one.answer for one in missing} - set(vocabulary.answers) == {
        "patient.birth_date",
        "source",
    }
    for one in missing:
        assert one.question.endswith("?") or "?" in one.question
        assert one.why.startswith("could still ")
        if one.answer in vocabulary.answers:
            assert one.question == vocabulary.answers[one.answer].question


def test_nothing_is_asked_twice(decider: Decider) -> None:
    questions = asked(decider.decide(nothing_asked().build()))
    assert len(questions) == len(set(questions))


def test_a_missing_answer_asks_for_it_rather_than_routing(decider: Decider) -> None:
    decision = decider.decide(referral_builder(thoughts_of_harm=None).build())
    assert decision.status.value == "needs_information"
    assert decision.route.route.id == "clinical_review"
    assert asked(decision)[0] == "thoughts_of_harm"


def test_a_settled_emergency_is_routed_and_asks_nothing_that_leads_elsewhere(
    decider: Decider,
) -> None:
    decision = decider.decide(nothing_asked().answering(emergency_now=True).build())
    assert decision.status.value == "routed"
    assert asked_for_the_route(decision) == []


def test_a_declined_risk_question_leaves_risk_unknown_for_good(decider: Decider) -> None:
    decision = decider.decide(referral_builder().declining("serious_harm_history").build())
    assert decision.route.route.id == "clinical_review"
    assert decision.status.value == "needs_information"
    assert "serious_harm_history" not in asked(decision)


def test_a_declined_question_about_a_factor_settles_it_as_unknown(decider: Decider) -> None:
    declining = referral_builder().declining("daily_functioning")
    leaving_out = referral_builder().without("daily_functioning")
    assert decider.decide(declining.build()).status.value == "routed"
    assert decider.decide(leaving_out.build()).status.value == "provisional"


@pytest.mark.parametrize(
    ("builder", "answer"),
    [
        (referral_builder().without("daily_functioning"), "daily_functioning"),
        (referral_builder().without("unhelpful_interventions"), "unhelpful_interventions"),
        (referral_builder().without("specialist_indicator"), "specialist_indicator"),
        (referral_builder().without("phq9_total"), "phq9_total"),
        (referral_builder().without("gad7_total"), "gad7_total"),
        (referral_builder().without("presenting_problem"), "presenting_problem"),
        (referral_builder().without("low_intensity_unhelpful"), "low_intensity_unhelpful"),
        (referral_builder().without("emergency_now"), "emergency_now"),
        (referral_builder(presenting_problem="gad").without("wsas_total"), "wsas_total"),
        (
            referral_builder(recent_trigger="job_loss").without("trigger_days_ago"),
            "trigger_days_ago",
        ),
        (
            referral_builder(
                recent_trigger="job_loss", trigger_days_ago=5, active_monitoring="not_done"
            ).from_source(None),
            "source",
        ),
        (
            referral_builder(specialist_indicator="psychosis").without("perinatal"),
            "perinatal",
        ),
    ],
)
def test_an_answer_that_could_change_the_route_is_asked_and_the_route_is_provisional(
    decider: Decider, builder: ReferralBuilder, answer: str
) -> None:
    decision = decider.decide(builder.build())
    assert decision.status.value == "provisional"
    assert answer in asked_for_the_route(decision)


@pytest.mark.parametrize(
    ("name", "refused"),
    [("phq9_total", "phq9_items"), ("gad7_total", "gad7_items"), ("phq9_item9", "phq9_items")],
)
def test_refusing_the_items_does_not_close_the_question_for_a_stated_score(
    decider: Decider, name: str, refused: str
) -> None:
    builder = referral_builder(presenting_problem="stress").without(name).declining(refused)
    decision = decider.decide(builder.build())
    assert name in asked(decision)
    assert decision.status.value == "provisional"


@pytest.mark.parametrize(
    "builder",
    [
        referral_builder(intent="strong").without("emergency_now"),
        referral_builder(harm_injury="life_threatening", emergency_now=False),
    ],
)
def test_a_crisis_is_routed_once_no_answer_can_make_it_an_emergency(
    decider: Decider, builder: ReferralBuilder
) -> None:
    decision = decider.decide(builder.build())
    open_still = "emergency_now" not in builder.answers
    assert decision.route.route.id == "crisis"
    assert decision.status.value == ("provisional" if open_still else "routed")


@pytest.mark.parametrize(
    ("answers", "gap"),
    [
        ({"serious_harm_history": True}, "substance_use"),
        ({"serious_harm_history": True}, "presenting_problem"),
        ({"daily_functioning": "marked"}, "phq9_total"),
        ({"intent": "strong"}, "daily_functioning"),
        ({"phq9_total": 22}, "presenting_problem"),
        ({"presenting_problem": "panic"}, "wsas_total"),
    ],
)
def test_a_gap_that_can_change_neither_route_nor_urgency_leaves_it_routed(
    decider: Decider, answers: dict[str, Value], gap: str
) -> None:
    decision = decider.decide(referral_builder(**answers).without(gap).build())
    assert decision.status.value == "routed"
