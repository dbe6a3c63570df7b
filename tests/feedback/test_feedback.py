"""What a referrer is told of a decision, part by part."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.builders import nothing_asked, referral_builder
from tests.edited_rules import EditedRules
from tests.feedback.standing_referrals import (
    CRISIS_HELP,
    DECISION_ID,
    cancelled,
    erased,
    overridden,
    override,
    recorded,
    what_if,
)
from triage.decide import Decider
from triage.domain.referred import Cancelled
from triage.domain.rules import NO_INDICATORS
from triage.feedback import Feedback, feedback_of, feedback_of_what_if
from triage.feedback.parts import Team
from triage.rulebook import Rulebook, load_rulebook

STEP_2 = referral_builder(phq9_total=12)
CRISIS = referral_builder(intent="strong", thoughts_of_harm="frequent")
MEDIUM = referral_builder(thoughts_of_harm="regular")
HISTORY = referral_builder(serious_harm_history=True)
MONITORED = referral_builder(recent_trigger="job_loss", trigger_days_ago=12)
TWO_TEAMS = referral_builder(daily_functioning="marked", substance_use="dependent")


def told(decider: Decider, asked: object) -> Feedback:
    return feedback_of(recorded(decider, asked), decider.rulebook)  # type: ignore[arg-type]


def lines(steps: object) -> list[str]:
    return [step.says for step in steps]  # type: ignore[attr-defined]


def test_where_it_goes_and_how_fast_stand_in_the_heading(decider: Decider) -> None:
    feedback = told(decider, CRISIS)
    assert feedback.heading == "Crisis team: within 4 hours"
    assert feedback.how_fast == "within 4 hours, by 13:30 on Friday 20 November 2026"
    assert feedback.where == Team(
        "Doncaster crisis resolution and home treatment team", "01632 960001", "at all hours"
    )
    assert (feedback.route, feedback.urgency, feedback.danger) == ("crisis", "very_urgent", True)
    assert feedback.respond_by == "2026-11-20T13:30:00Z"


def test_what_led_to_the_route_comes_before_the_other_reasons(decider: Decider) -> None:
    why = told(decider, CRISIS).why
    assert why[:2] == ("There is strong intent.", "There is a current danger.")
    assert "PHQ-9 is 6 and GAD-7 is 5." in why[2:]


def test_a_level_is_told_behind_the_reason_that_rests_on_it(decider: Decider) -> None:
    why = told(decider, referral_builder(daily_functioning="marked")).why
    assert why[0] == "Impairment is high."
    assert why[1] == "There is marked impairment: basic self-care cannot be managed."


def test_what_makes_it_urgent_is_told_as_what_led_to_it(decider: Decider) -> None:
    why = told(decider, MEDIUM).why
    assert why[0].startswith("The answers about risk call for a clinician's review")
    assert why[1] == "There are regular thoughts, with some protective factors."
    assert why[2] == "No other route is called for, and nothing asks for step 3."


def test_the_reason_of_a_route_that_was_replaced_led_to_it_too(decider: Decider) -> None:
    young = referral_builder(daily_functioning="marked").of_patient(age=17)
    why = told(decider, young).why
    assert set(why[:3]) >= {"Impairment is high.", "The person is 17 years old."}


def test_a_reason_is_told_once(decider: Decider) -> None:
    why = told(decider, referral_builder(presenting_problem="ptsd")).why
    assert why.count("The main problem is post-traumatic stress.") == 1
    assert len(why) == len(set(why))


def test_the_lowest_level_of_risk_reads_as_what_was_recorded(decider: Decider) -> None:
    why = told(decider, STEP_2).why
    asked = next(place for place, one in enumerate(why) if one.startswith("Asked about risk"))
    assert why[asked + 1] == f"{NO_INDICATORS.capitalize()}."


@pytest.mark.parametrize(
    "asked",
    [
        referral_builder(emergency_now=True),
        referral_builder(phq9_item9=2),
        referral_builder(specialist_indicator="psychosis", perinatal=True),
    ],
    ids=["an emergency", "item 9 positive", "psychosis after a birth"],
)
def test_nobody_is_reassured_where_something_else_speaks_of_danger(
    asked: object, decider: Decider
) -> None:
    assert NO_INDICATORS not in told(decider, asked).as_text().lower()


def test_a_booking_that_is_held_is_said_to_be(decider: Decider) -> None:
    assert told(decider, MEDIUM).held == (
        "Nothing is booked until a clinician has looked at the answers."
    )
    assert told(decider, STEP_2).held == ""


def test_teams_that_act_at_the_same_time_are_marked(decider: Decider) -> None:
    feedback = told(decider, TWO_TEAMS)
    (other,) = feedback.also
    assert other.concurrent
    assert other.says == (
        "Substance misuse service (at the same time), within 4 weeks:"
        " Doncaster drug and alcohol service, 01632 960005 (Monday to Friday, 9 to 5)"
    )
    steps = lines(feedback.next)
    assert "Doncaster drug and alcohol service: Acts at the same time (within 4 weeks)" in steps


def test_a_route_that_is_only_also_indicated_is_no_step(decider: Decider) -> None:
    feedback = told(decider, CRISIS.answering(daily_functioning="marked"))
    (other,) = feedback.also
    assert (other.title, other.concurrent) == ("Community mental health team", False)
    assert "also indicated" in other.says
    assert all(step.who != other.team.name for step in feedback.next)


def test_an_alert_is_told_by_its_title_and_says_nothing_twice(decider: Decider) -> None:
    feedback = told(decider, referral_builder(phq9_item9=2))
    alerts = {one.id: one.says for one in feedback.alerts}
    assert alerts["item9_positive"] == "PHQ-9 item 9 is positive."
    assert alerts["contradiction"] == (
        "Answers contradict one another: PHQ-9 item 9 is 2, but no thoughts of harm were reported."
    )
    assert "PHQ-9 item 9 is 2." in feedback.why


def test_an_action_has_its_day_and_somebody_who_does_it(decider: Decider) -> None:
    feedback = told(decider, MONITORED)
    (review,) = feedback.actions
    assert (review.id, review.due) == ("active_monitoring_review", "2026-12-04")
    assert review.says == (
        "Review the active monitoring, by Friday 4 December 2026 (Doncaster talking therapies)"
    )
    first, second = lines(feedback.next)[:2]
    assert first.startswith("Doncaster talking therapies: Review the active monitoring (by Friday")
    assert second.endswith("Responds to the referral (by 09:30 on Friday 18 December 2026)")


def test_the_first_questions_are_told_and_the_others_counted(decider: Decider) -> None:
    referred = recorded(decider, nothing_asked())
    missing = feedback_of(referred, decider.rulebook).missing
    asked = referred.decision["missing"]
    assert missing.says == "A clinician asks about risk before anything else."
    assert [one.answer for one in missing.questions] == [one["answer"] for one in asked[:5]]
    assert missing.more == len(asked) - 5
    assert missing.questions[1].says.endswith("(could still lead to: Crisis team)")
    assert missing.rest == f"And {missing.more} more questions, of less weight."


def test_one_more_question_is_one(decider: Decider) -> None:
    missing = told(decider, nothing_asked()).missing
    assert replace(missing, more=1).rest == "And 1 more question, of less weight."
    assert replace(missing, more=0).rest == ""


def test_what_the_questions_could_change_is_said_as_it_is(decider: Decider) -> None:
    settled, open_ = told(decider, CRISIS), told(decider, STEP_2.without("wsas_total"))
    assert settled.missing.says.startswith("None of these can change")
    assert told(decider, STEP_2.without("specialist_indicator")).missing.says.startswith("An answ")
    assert open_.missing.questions


@pytest.mark.parametrize("asked", [STEP_2, CRISIS, nothing_asked()])
def test_what_to_do_if_it_gets_worse_is_always_told(
    asked: object, decider: Decider, rulebook: Rulebook
) -> None:
    feedback = told(decider, asked)
    assert feedback.if_worse == f"{rulebook.safety_net} The crisis team is {CRISIS_HELP}."
    assert "call 999" in feedback.if_worse
    for whole in (feedback.as_text(), feedback.as_markdown()):
        assert feedback.if_worse in whole


def test_the_crisis_team_is_that_of_where_the_person_lives(decider: Decider) -> None:
    living_there = STEP_2.of_patient(age=30, postcode="S60 1AA")
    assert "01632 960101" in told(decider, living_there).if_worse
    assert (
        "01632 960101"
        in feedback_of_what_if(what_if(decider, living_there), decider.rulebook).if_worse
    )


def test_a_place_that_the_rulebook_does_not_know_is_its_own_place(decider: Decider) -> None:
    referred = recorded(decider, STEP_2)
    patient = {**referred.referral["patient"], "place": "a place of another rulebook"}
    elsewhere = replace(referred, referral={**referred.referral, "patient": patient})
    assert CRISIS_HELP in feedback_of(elsewhere, decider.rulebook).if_worse


def test_what_the_route_is_for_is_told_with_what_talking_therapies_take(decider: Decider) -> None:
    titles = [one.title for one in told(decider, TWO_TEAMS).appropriate]
    assert titles == [
        "Community mental health team",
        "Talking therapies, step 2",
        "Talking therapies, step 3",
    ]
    (alone,) = told(decider, STEP_2).appropriate
    assert alone.says.startswith("Talking therapies, step 2: Low-intensity, guided treatment")


def test_in_danger_the_referrer_rings_first(decider: Decider) -> None:
    first = told(decider, CRISIS).next[0]
    assert first.says == (
        "You: Ring Doncaster crisis resolution and home treatment team on 01632 960001;"
        " do not wait to be rung (now)"
    )


def test_outside_the_hours_of_the_team_the_crisis_team_is_rung(decider: Decider) -> None:
    first, second = lines(told(decider, HISTORY).next)[:2]
    assert "community mental health team on 01632 960004" in first
    assert second.startswith("You: Outside its hours (Monday to Friday, 9 to 5; the crisis team")
    assert "on 01632 960001" in second
    assert "Outside its hours" not in told(decider, CRISIS).as_text()


def test_in_an_emergency_the_referrer_calls_and_tells_the_crisis_team(decider: Decider) -> None:
    feedback = told(decider, referral_builder(emergency_now=True))
    assert feedback.how_fast == "now"
    assert lines(feedback.next)[:2] == [
        "You: Ring Emergency services on 999 (now)",
        "You: Tell the crisis team (by Friday 20 November 2026)",
    ]
    assert not any("Responds" in step.what for step in feedback.next)


def test_nobody_is_asked_to_refer_again(decider: Decider) -> None:
    steps = lines(told(decider, STEP_2).next)
    assert steps[-1] == "You and the person: Nothing else: no second referral is needed"


def test_what_goes_along_is_told(decider: Decider) -> None:
    feedback = told(decider, STEP_2.answering(employment_support=True, debt_support=True))
    wanted = "Doncaster talking therapies: Takes with it: Employment support; Debt advice"
    assert wanted in lines(feedback.next)


def test_a_held_booking_that_no_action_settles_still_waits_for_a_clinician(
    decider: Decider,
) -> None:
    referred = recorded(decider, MEDIUM)
    without = replace(referred, decision={**referred.decision, "actions": []})
    steps = lines(feedback_of(without, decider.rulebook).next)
    assert steps[0].startswith("A clinician: Looks at the referral before anything is booked")


def test_who_disagrees_is_told_whom_to_ring(decider: Decider) -> None:
    assert told(decider, STEP_2).if_you_disagree == (
        "Ring Doncaster single point of access, 01632 960002 (at all hours):"
        " a clinician can decide otherwise, and tells you why."
    )


def test_an_override_is_told_with_both_routes_its_role_and_reason(
    decider: Decider, rulebook: Rulebook
) -> None:
    by = override(rulebook, "cmht")
    feedback = feedback_of(overridden(recorded(decider, STEP_2), by), rulebook)
    assert feedback.heading == "Community mental health team: within 72 hours"
    assert feedback.where.phone == "01632 960004"
    assert feedback.overridden is not None
    assert feedback.overridden.says == (
        "Somebody in the role of clinician has decided otherwise than the rules. The rules said:"
        " Talking therapies, step 2, within 4 weeks, by 09:30 on Friday 18 December 2026. It now"
        " goes to: Community mental health team, within 72 hours, by 10:00 on Monday 23 November"
        " 2026. Reason: Clinical judgement on what the person needs."
    )
    assert feedback.why_heading == "What the rules found"
    assert "What the rules found:" in feedback.as_text()
    assert feedback.missing.says == ""


def test_a_team_that_was_beside_the_route_is_not_told_twice_once_it_leads(
    decider: Decider, rulebook: Rulebook
) -> None:
    by = override(rulebook, "substance_misuse")
    feedback = feedback_of(overridden(recorded(decider, TWO_TEAMS), by), rulebook)
    assert feedback.title == "Substance misuse service"
    assert feedback.also == ()


def test_words_of_another_rulebook_are_told_as_well_as_can_be(
    decider: Decider, rulebook: Rulebook
) -> None:
    by = override(rulebook, "cmht", reason="a_new_reason", role="duty_manager")
    stands = replace(by.stands, route="a_new_route", urgency="at_leisure")
    by = replace(by, stands=stands)
    feedback = feedback_of(overridden(recorded(decider, STEP_2), by), rulebook)
    assert feedback.heading == "A new route"
    assert feedback.how_fast == "by 10:00 on Monday 23 November 2026"
    assert feedback.overridden is not None
    assert feedback.overridden.role == "duty manager"
    assert feedback.overridden.reason == "A new reason"
    assert feedback.appropriate == ()
    assert not feedback.danger


@pytest.mark.parametrize("why", Cancelled)
def test_a_cancelled_referral_asks_nothing_of_any_team(why: Cancelled, decider: Decider) -> None:
    feedback = feedback_of(cancelled(recorded(decider, MEDIUM), why), decider.rulebook)
    assert feedback.heading == "Cancelled: Talking therapies, step 2"
    assert feedback.summary in feedback.cancelled
    assert (feedback.held, feedback.also, feedback.actions) == ("", (), ())
    assert feedback.missing.questions == ()
    assert lines(feedback.next) == ["You: Refer again if the person needs help after all"]
    assert "call 999" in feedback.if_worse


def test_danger_does_not_go_away_when_a_referral_is_taken_back(decider: Decider) -> None:
    feedback = feedback_of(cancelled(recorded(decider, CRISIS)), decider.rulebook)
    assert lines(feedback.next)[0] == (
        "You: Ring Doncaster crisis resolution and home treatment team on 01632 960001 if what was"
        " answered is true of the person (now)"
    )


def test_a_what_if_says_that_nothing_was_sent(decider: Decider) -> None:
    feedback = feedback_of_what_if(what_if(decider, STEP_2), decider.rulebook)
    assert feedback.decision_id is None
    assert "You: Send the referral: nothing has been recorded or sent yet" in lines(feedback.next)
    assert feedback.if_you_disagree == ""
    assert "nothing is recorded" in feedback.worked_out_by
    assert "no second referral" not in feedback.as_text()


def test_a_what_if_and_the_record_give_the_same_reasons(decider: Decider) -> None:
    for asked in (STEP_2, CRISIS, MEDIUM, MONITORED, TWO_TEAMS, nothing_asked()):
        known = told(decider, asked)
        guessed = feedback_of_what_if(what_if(decider, asked), decider.rulebook)
        for part in ("summary", "heading", "why", "alerts", "actions", "missing", "if_worse"):
            assert getattr(known, part) == getattr(guessed, part), part


def test_the_rulebook_and_the_decision_are_named(decider: Decider, rulebook: Rulebook) -> None:
    feedback = told(decider, STEP_2)
    assert feedback.rulebook == rulebook.stamp
    assert feedback.decision_id == DECISION_ID
    assert feedback.worked_out_by == (
        f"Doncaster referral triage, rulebook doncaster 2026.1; decision {DECISION_ID}."
        " It advises; a clinician decides."
    )


def test_an_erased_person_is_told_of_in_the_same_words(decider: Decider) -> None:
    referred = recorded(decider, CRISIS)
    assert feedback_of(erased(referred), decider.rulebook) == feedback_of(
        referred, decider.rulebook
    )


def test_a_persons_own_words_are_left_out(decider: Decider) -> None:
    asked = STEP_2.answering(long_term_conditions=("a disease in their own words",))
    text = told(decider, asked).as_text()
    assert "Long-term conditions: as written in the referral." in text
    assert "own words" not in text
    assert "(withheld)" not in text


def test_a_rule_that_calls_a_risk_low_is_not_repeated(edited_rules: EditedRules) -> None:
    said = "Asked about risk: {thoughts_of_harm}, {harm_injury}, no history of serious harm"
    edited_rules.replace("levels.yaml", said, f"The risk is low. {said}")
    decider = Decider(load_rulebook(edited_rules.directory))
    referred = recorded(decider, STEP_2)
    decider.close()
    assert "The risk is low." in str(referred.decision["reasoning"])
    text = feedback_of(referred, decider.rulebook).as_text()
    assert "risk is low" not in text
    assert "Asked about risk: no thoughts, no harm" in text


def test_a_rule_that_the_rulebook_does_not_know_is_told_last(
    decider: Decider, rulebook: Rulebook
) -> None:
    referred = recorded(decider, STEP_2)
    strange = {"rule": "of-another-rulebook", "because": "A reason of another rulebook."}
    reasons = [strange, *referred.decision["reasoning"]]
    other = replace(referred, decision={**referred.decision, "reasoning": reasons})
    assert feedback_of(other, rulebook).why[-1] == "A reason of another rulebook."
