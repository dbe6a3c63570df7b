"""Routes beside the matrix: contradictions, eligibility, steps, what travels along, the switch."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.builders import a_referral, alert_ids, nothing_asked, referral_builder
from tests.edited_rules import EditedRules
from triage.decide import Decider
from triage.domain.vocabulary import Value
from triage.rulebook import load_rulebook


def test_a_referral_in_which_nothing_was_asked_goes_to_clinical_review(decider: Decider) -> None:
    decision = decider.decide(nothing_asked().of_patient().from_source(None).build())
    assert (decision.route.route.id, decision.urgency.id) == ("clinical_review", "same_day")
    assert decision.status.value == "needs_information"
    assert {found.level for found in decision.levels.values()} == {"unknown"}


@pytest.mark.parametrize(
    ("answers", "lead", "urgency"),
    [
        ({"specialist_indicator": "psychosis"}, "cmht", "soon"),
        ({"specialist_indicator": "mania"}, "cmht", "soon"),
        ({"specialist_indicator": "organic"}, "cmht", "soon"),
        ({"specialist_indicator": "severe_eating_disorder"}, "cmht", "soon"),
        ({"specialist_indicator": "psychosis", "perinatal": True}, "cmht", "urgent"),
        ({"specialist_indicator": "mania", "perinatal": True}, "cmht", "urgent"),
        ({"specialist_indicator": "organic", "perinatal": True}, "cmht", "soon"),
        ({"perinatal": True}, "iapt_step_2", "routine"),
        ({"presenting_problem": "ptsd"}, "iapt_step_3", "routine"),
        ({"presenting_problem": "social_anxiety"}, "iapt_step_3", "routine"),
        ({"presenting_problem": "panic"}, "iapt_step_2", "routine"),
        ({"presenting_problem": "ocd"}, "iapt_step_2", "routine"),
        ({"presenting_problem": "ocd", "daily_functioning": "moderate"}, "iapt_step_3", "routine"),
        ({"presenting_problem": "bdd", "daily_functioning": "moderate"}, "iapt_step_3", "routine"),
        ({"low_intensity_unhelpful": True}, "iapt_step_3", "routine"),
        ({"problem_duration_days": 365}, "iapt_step_3", "routine"),
        ({"problem_duration_days": 365, "presenting_problem": "panic"}, "iapt_step_2", "routine"),
        ({"presenting_problem": "stress"}, "counselling", "routine"),
        ({"presenting_problem": "anger"}, "counselling", "routine"),
        ({"presenting_problem": "relationship"}, "counselling", "routine"),
        ({"presenting_problem": "other"}, "iapt_step_2", "routine"),
    ],
)
def test_the_route_and_urgency_of_one_answer(
    decider: Decider, answers: dict[str, Value], lead: str, urgency: str
) -> None:
    decision = decider.decide(a_referral(**answers))
    assert (decision.route.route.id, decision.urgency.id) == (lead, urgency)


@pytest.mark.parametrize(
    "answers",
    [
        {"thoughts_of_harm": "fleeting"},
        {"harm_injury": "minor"},
        {"phq9_item9": 1},
        {"phq9_total": None},
        {"gad7_total": None},
    ],
)
def test_any_sign_of_harm_or_a_missing_measure_bars_counselling(
    decider: Decider, answers: dict[str, Value | None]
) -> None:
    decision = decider.decide(a_referral(presenting_problem="stress", **answers))
    assert decision.route.route.id == "iapt_step_2"


@pytest.mark.parametrize("answers", [{"plan": "passive"}, {"intent": "some"}])
def test_intent_or_a_plan_without_thoughts_goes_to_clinical_review(
    decider: Decider, answers: dict[str, Value]
) -> None:
    decision = decider.decide(a_referral(**answers))
    assert (decision.route.route.id, decision.urgency.id) == ("clinical_review", "same_day")
    assert decision.levels["risk"].level == "medium"
    assert "contradiction" in alert_ids(decision.alerts)
    assert decision.status.value != "needs_information"


def test_clinical_review_of_unknown_risk_names_the_team_another_factor_asks_for(
    decider: Decider,
) -> None:
    decision = decider.decide(a_referral(thoughts_of_harm=None, daily_functioning="marked"))
    assert decision.route.route.id == "clinical_review"
    assert [each.route.id for each in decision.also_indicated] == ["cmht"]
    assert decision.urgency.id == "same_day"


def test_cmht_and_substance_misuse_are_concurrent_whichever_leads(decider: Decider) -> None:
    decision = decider.decide(
        a_referral(thoughts_of_harm=None, daily_functioning="marked", substance_use="dependent")
    )
    also = [(each.route.id, each.concurrent) for each in decision.also_indicated]
    assert also == [("cmht", True), ("substance_misuse", True)]


def test_the_lead_says_that_it_is_concurrent_only_through_what_stands_beside_it(
    decider: Decider,
) -> None:
    decision = decider.decide(a_referral(substance_use="dependent"))
    assert (decision.route.route.id, decision.route.concurrent) == ("substance_misuse", False)


def test_substance_misuse_comes_with_a_planned_review_for_therapy(decider: Decider) -> None:
    decision = decider.decide(a_referral(substance_use="dependent"))
    assert [(one.id, one.due) for one in decision.actions] == [("therapy_review", "2026-12-18")]


def test_talking_therapies_never_stand_beside_another_route(decider: Decider) -> None:
    decision = decider.decide(a_referral(phq9_total=22, substance_use="dependent"))
    assert decision.route.route.id == "substance_misuse"
    assert decision.also_indicated == ()


@pytest.mark.parametrize("answers", [{"intent": "strong"}, {"emergency_now": True}])
def test_emergency_and_crisis_leave_clinical_review_out(
    decider: Decider, answers: dict[str, Value]
) -> None:
    decision = decider.decide(nothing_asked().answering(**answers).build())
    assert "clinical_review" not in [each.route.id for each in decision.also_indicated]


@pytest.mark.parametrize(
    ("value", "lead"),
    [
        ("own_route_with_review", "iapt_step_2"),
        ("clinical_review", "clinical_review"),
        ("cmht", "cmht"),
    ],
)
def test_the_switch_says_where_medium_risk_goes(
    edited_rules: EditedRules, value: str, lead: str
) -> None:
    edited_rules.set_value("medium_risk_destination", value)
    decider = Decider(load_rulebook(edited_rules.directory))
    decision = decider.decide(a_referral(thoughts_of_harm="regular"))
    assert decision.route.route.id == lead
    assert (decision.urgency.id, decision.booking_held) == ("same_day", True)
    decider.close()


@pytest.mark.parametrize(
    ("answers", "alerted"),
    [
        ({"safeguarding_concern": True}, True),
        ({"safeguarding_concern": False}, False),
        ({"thoughts_of_harm": "fleeting", "harm_towards": "others"}, True),
        ({"thoughts_of_harm": "fleeting", "harm_towards": "both"}, True),
        ({"thoughts_of_harm": "fleeting", "harm_towards": "self"}, False),
    ],
)
def test_harm_to_others_and_safeguarding_are_always_shown(
    decider: Decider, answers: dict[str, Value], alerted: bool
) -> None:
    alerts = alert_ids(decider.decide(a_referral(**answers)).alerts)
    assert ("safeguarding" in alerts) is alerted


@pytest.mark.parametrize(
    ("answers", "support"),
    [
        ({"perinatal": True}, "perinatal_priority"),
        ({"veteran": True}, "veteran_priority"),
        ({"long_term_conditions": ("diabetes",)}, "long_term_condition"),
        ({"presenting_problem": "unexplained_symptoms"}, "unexplained_symptoms"),
        ({"employment_support": True}, "employment"),
        ({"debt_support": True}, "debt"),
        ({"adjustments": ("evening",)}, "adjustments"),
        ({"adjustments": ("interpreter",)}, "interpreter"),
        ({"too_unwell_to_self_refer": True}, "assisted_contact"),
    ],
)
def test_what_travels_with_the_route_never_changes_it(
    decider: Decider, answers: dict[str, Value], support: str
) -> None:
    decision = decider.decide(a_referral(**answers))
    assert support in decision.supports
    assert (decision.route.route.id, decision.urgency.id) == ("iapt_step_2", "routine")


@pytest.mark.parametrize("name", ["long_term_conditions", "adjustments"])
def test_an_empty_list_is_an_answer_that_asks_for_nothing(decider: Decider, name: str) -> None:
    assert decider.decide(a_referral(**{name: ()})).supports == ()


@pytest.mark.parametrize(
    ("answers", "reviewed"),
    [
        ({"phq9_total": 22, "problem_duration_days": 400}, True),
        ({"phq9_total": 22}, False),
        (
            {
                "phq9_total": 12,
                "problem_course": "relapse",
                "main_problems": "two_or_more",
                "daily_functioning": "moderate",
            },
            True,
        ),
        (
            {
                "phq9_total": 12,
                "problem_course": "relapse",
                "main_problems": "two_or_more",
            },
            False,
        ),
    ],
)
def test_severe_and_chronic_or_many_mediums_are_looked_at_by_a_senior(
    decider: Decider, answers: dict[str, Value], reviewed: bool
) -> None:
    alerts = alert_ids(decider.decide(a_referral(**answers)).alerts)
    assert ("senior_review" in alerts) is reviewed


def test_a_wrong_check_digit_is_an_alert_and_never_an_error(decider: Decider) -> None:
    builder = referral_builder().of_patient(birth_date=date(1990, 3, 14), nhs_number="9990000027")
    decision = decider.decide(builder.build())
    assert alert_ids(decision.alerts) == ["nhs_number_check"]
    assert decision.route.route.id == "iapt_step_2"


def test_notes_and_consent_reach_no_rule(decider: Decider) -> None:
    plain = a_referral()
    noted = type(plain)(
        received_at=datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
        answers=plain.answers,
        patient=plain.patient,
        referrer=plain.referrer,
        reference=plain.reference,
        source=plain.source,
        notes="strong intent, active plan",
        consent_to_share=False,
    )
    assert decider.decide(noted).as_dict() == decider.decide(plain).as_dict()
