"""What a live call says, by example."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from tests.builders import RISK_ANSWERS, nothing_asked, referral_builder
from tests.live_call.conftest import Follow
from triage.domain.vocabulary import Value
from triage.live_call import HOW_SOON, Live
from triage.rulebook import Rulebook

NO_PATIENT = nothing_asked().of_patient().from_source(None)
"""A call that has just begun."""

COUNSELLED: Mapping[str, Value] = {"presenting_problem": "stress", "phq9_total": 6, "gad7_total": 5}
"""Answers of somebody who is counselled, if item 9 is not positive."""

MONITORED: Mapping[str, Value] = {"recent_trigger": "job_loss", "trigger_days_ago": 12}


def asked(live: Live) -> str | None:
    """The answer that is asked for next."""
    return live.next_question.answer if live.next_question else None


def why(live: Live) -> str | None:
    """Why it is asked for."""
    return live.next_question.why if live.next_question else None


def test_with_nothing_asked_every_route_is_possible_and_danger_is_asked_about_first(
    follow: Follow, rulebook: Rulebook
) -> None:
    live = follow(NO_PATIENT)
    assert live.possible_routes == tuple(rulebook.vocabulary.routes)
    assert live.worst_possible == "emergency"
    assert asked(live) == "emergency_now"
    assert why(live) == "could still lead to: Emergency services"


def test_the_question_is_put_in_the_words_of_the_vocabulary(
    follow: Follow, rulebook: Rulebook
) -> None:
    question = follow(NO_PATIENT).next_question
    assert question is not None
    assert question.question == rulebook.vocabulary.answers["emergency_now"].question


def test_an_emergency_ends_the_questions(follow: Follow) -> None:
    live = follow(NO_PATIENT.answering(emergency_now=True))
    assert live == Live(("emergency",), "emergency", None)


def test_a_crisis_disclosed_leaves_open_only_whether_it_is_an_emergency(follow: Follow) -> None:
    live = follow(NO_PATIENT.answering(intent="strong"))
    assert live.possible_routes == ("emergency", "crisis")
    assert live.worst_possible == "emergency"
    assert asked(live) == "emergency_now"


def test_a_crisis_that_is_no_emergency_ends_the_questions(follow: Follow) -> None:
    live = follow(NO_PATIENT.answering(intent="strong", emergency_now=False))
    assert live == Live(("crisis",), "very_urgent", None)


def test_a_question_that_can_only_calm_says_so(follow: Follow) -> None:
    live = follow(NO_PATIENT.answering(harm_injury="life_threatening"))
    assert asked(live) == "emergency_now"
    assert why(live) == "could still lead away from: Emergency services"


def test_questions_about_danger_come_in_the_order_of_the_vocabulary(follow: Follow) -> None:
    builder, order = NO_PATIENT, list[str]()
    while (name := asked(follow(builder))) and name in RISK_ANSWERS:
        order.append(name)
        builder = builder.answering(**{name: RISK_ANSWERS[name]})
    assert order == list(RISK_ANSWERS)


def test_no_score_and_no_problem_is_asked_about_before_danger_is_settled(follow: Follow) -> None:
    live = follow(referral_builder().without("plan", "phq9_total", "presenting_problem"))
    assert asked(live) == "plan"
    assert why(live) == "could still lead to: Crisis team"


def test_where_danger_is_settled_the_question_says_between_what_it_settles(follow: Follow) -> None:
    live = follow(referral_builder().without("daily_functioning"))
    assert asked(live) == "daily_functioning"
    assert live.possible_routes == ("cmht", "iapt_step_2")
    assert why(live) == ("settles most: Community mental health team or Talking therapies, step 2")


def test_where_the_route_is_settled_the_question_is_how_soon(follow: Follow) -> None:
    live = follow(
        referral_builder(
            clinician_input="multidisciplinary", care_coordination="significant"
        ).without("daily_functioning")
    )
    assert (live.possible_routes, live.worst_possible) == (("cmht",), "soon")
    assert (asked(live), why(live)) == ("daily_functioning", HOW_SOON)


def test_all_answered_leaves_one_route_and_no_question(follow: Follow) -> None:
    assert follow(referral_builder()) == Live(("iapt_step_2",), "routine", None)


def test_a_question_on_which_nothing_depends_is_not_asked(follow: Follow) -> None:
    gone = ("substance_motivation", "substance_blocks_therapy", "care_coordination", "wsas_total")
    assert asked(follow(referral_builder().without(*gone))) is None


def test_what_was_declined_stays_unknown_and_is_not_asked_again(follow: Follow) -> None:
    live = follow(referral_builder().declining("protective_factors"))
    assert live == Live(("clinical_review",), "same_day", None)


def test_everything_declined_ends_at_a_clinician(follow: Follow, rulebook: Rulebook) -> None:
    builder = NO_PATIENT.declining(*rulebook.vocabulary.answers, "patient.birth_date", "source")
    assert follow(builder) == Live(("clinical_review",), "same_day", None)


def test_a_rating_is_no_question(follow: Follow) -> None:
    rated = follow(NO_PATIENT.answering(emergency_now=False).rated(risk="high"))
    assert rated == Live(("crisis",), "very_urgent", None)
    assert "crisis" not in follow(referral_builder().without("phq9_total")).possible_routes


# --- PHQ-9 and GAD-7 ---


def test_item_9_is_asked_apart_from_the_total(follow: Follow) -> None:
    live = follow(referral_builder(**COUNSELLED).without("phq9_item9"))
    assert live.possible_routes == ("counselling", "iapt_step_2")
    assert asked(live) == "phq9_item9"


def test_the_total_is_asked_apart_from_item_9(follow: Follow) -> None:
    live = follow(referral_builder().without("phq9_total"))
    assert live.possible_routes == ("iapt_step_3", "iapt_step_2")
    assert asked(live) == "phq9_total"


def test_items_stand_for_the_total_and_for_item_9(follow: Follow) -> None:
    builder = referral_builder(**COUNSELLED).without("phq9_total", "phq9_item9")
    answered = builder.answering(phq9_items=(1, 1, 1, 1, 1, 1, 0, 0, 0))
    assert follow(answered) == Live(("counselling",), "routine", None)


def test_items_without_the_ninth_leave_item_9_open(follow: Follow) -> None:
    builder = referral_builder(**COUNSELLED).without("phq9_total", "phq9_item9")
    answered = builder.answering(phq9_items=(1, 1, 1, 1, 1, 1, 0, 0, None))
    assert asked(follow(answered)) == "phq9_item9"
    declined = follow(answered.declining("phq9_item9"))
    assert declined == Live(("counselling",), "routine", None)


def test_too_few_items_leave_the_total_open_within_what_they_add_up_to(follow: Follow) -> None:
    builder = referral_builder().without("phq9_total")
    few = builder.answering(phq9_items=(3, 3, 3, 3, 3, None, None, None, None))
    assert follow(few).possible_routes == ("iapt_step_3", "iapt_step_2")
    assert asked(follow(few)) == "phq9_total"
    assert follow(few.answering(phq9_total=1)).possible_routes == ("iapt_step_2",)
    assert follow(few.answering(phq9_total=16)).possible_routes == ("iapt_step_3",)
    assert follow(few.declining("phq9_total")) == Live(("iapt_step_2",), "routine", None)


def test_a_total_that_is_declined_is_asked_for_by_its_items(follow: Follow) -> None:
    assert asked(follow(referral_builder().declining("phq9_total"))) == "phq9_items"
    both = referral_builder().declining("phq9_total", "phq9_items")
    assert follow(both) == Live(("iapt_step_2",), "routine", None)


def test_an_item_9_that_cannot_be_right_was_answered_for_all_that(follow: Follow) -> None:
    builder = referral_builder(**COUNSELLED).without("phq9_total", "phq9_item9")
    assert asked(follow(builder.answering(phq9_total=25, phq9_item9=0))) is None


def test_a_score_of_gad7_may_come_by_its_items(follow: Follow) -> None:
    builder = referral_builder().without("gad7_total")
    assert asked(follow(builder)) == "gad7_total"
    assert asked(follow(builder.declining("gad7_total"))) == "gad7_items"
    assert asked(follow(builder.answering(gad7_items=(3, 3, 3, 3, 3, 0, 0)))) is None


# --- age and source ---


def test_an_age_that_is_not_known_is_asked_for_by_the_date_of_birth(follow: Follow) -> None:
    live = follow(referral_builder().of_patient())
    assert live.possible_routes == ("young_people", "iapt_step_2")
    assert asked(live) == "patient.birth_date"
    assert asked(follow(referral_builder().of_patient(age=40))) is None


def test_a_date_of_birth_that_is_declined_is_not_asked_again(follow: Follow) -> None:
    live = follow(referral_builder().of_patient().declining("patient.birth_date"))
    assert live == Live(("iapt_step_2",), "routine", None)


def test_whether_people_came_by_themselves_is_asked_by_the_source(follow: Follow) -> None:
    builder = referral_builder(**MONITORED).without("accepts_active_monitoring")
    declined = builder.declining("accepts_active_monitoring").from_source(None)
    live = follow(declined)
    assert live.possible_routes == ("active_monitoring", "iapt_step_2")
    assert asked(live) == "source"
    assert follow(declined.from_source("A1")).possible_routes == ("active_monitoring",)
    assert asked(follow(declined.declining("source"))) is None


def test_a_day_settles_whether_it_has_passed(follow: Follow) -> None:
    builder = referral_builder(
        **MONITORED, active_monitoring="under_way", accepts_active_monitoring=True
    )
    assert asked(follow(builder)) == "monitoring_review_on"
    assert follow(builder.answering(monitoring_review_on=date(2026, 11, 19))) == Live(
        ("iapt_step_2",), "routine", None
    )
