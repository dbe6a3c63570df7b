"""Active monitoring: who is followed up first, until when, and what each of its answers means."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.builders import ReferralBuilder, alert_ids, referral_builder
from tests.edited_rules import EditedRules
from triage.decide import Decider
from triage.domain.decision import Decision
from triage.domain.referral import Referrer
from triage.domain.vocabulary import Value
from triage.rulebook import load_rulebook


def after_a_job_loss(**answers: Value | None) -> ReferralBuilder:
    """A mild referral by a practice, twelve days after a job was lost."""
    return referral_builder(
        recent_trigger="job_loss", trigger_days_ago=12, problem_duration_days=12
    ).answering(**answers)


def route(decision: Decision) -> str:
    return decision.route.route.id


def test_milder_trouble_after_a_recent_event_is_monitored_first(decider: Decider) -> None:
    decision = decider.decide(after_a_job_loss().build())
    assert (route(decision), decision.urgency.id) == ("active_monitoring", "routine")
    assert decision.also_indicated == ()


@pytest.mark.parametrize(
    ("answers", "monitored"),
    [
        ({"trigger_days_ago": 0}, True),
        ({"trigger_days_ago": 56}, True),
        ({"trigger_days_ago": 57}, False),
        ({"trigger_days_ago": None}, False),
        ({"phq9_total": 15}, True),
        ({"phq9_total": 16}, False),
        ({"phq9_total": None}, False),
        ({"gad7_total": 14}, True),
        ({"gad7_total": 15}, False),
        ({"gad7_total": None}, False),
        ({"recent_trigger": "relationship_split"}, True),
        ({"recent_trigger": "bereavement"}, True),
        ({"recent_trigger": "other"}, True),
        ({"recent_trigger": "assault_or_trauma"}, False),
        ({"recent_trigger": "none"}, False),
        ({"recent_trigger": None}, False),
        ({"thoughts_of_harm": "fleeting"}, False),
        ({"harm_injury": "minor"}, False),
        ({"phq9_item9": 1}, False),
        ({"phq9_item9": None}, True),
        ({"problem_course": "relapse"}, False),
        ({"problem_duration_days": 365}, False),
        ({"problem_course": None}, False),
        ({"perinatal": True}, False),
        ({"perinatal": None}, False),
        ({"accepts_active_monitoring": True}, True),
        ({"accepts_active_monitoring": False}, False),
        ({"active_monitoring": None}, False),
        ({"daily_functioning": "moderate"}, True),
        ({"substance_use": "dependent"}, False),
        ({"unhelpful_interventions": 3}, False),
        ({"presenting_problem": "ptsd"}, True),
        ({"low_intensity_unhelpful": True}, True),
    ],
)
def test_every_condition_of_monitoring_is_needed(
    decider: Decider, answers: dict[str, Value | None], monitored: bool
) -> None:
    found = route(decider.decide(after_a_job_loss(**answers).build()))
    assert (found == "active_monitoring") is monitored


@pytest.mark.parametrize(
    ("source", "named", "accepts", "monitored"),
    [
        ("A1", True, None, True),
        ("C1", False, None, True),
        ("B1", False, None, False),
        ("B1", False, True, True),
        ("B1", False, False, False),
        ("B2", False, None, False),
        ("Q1", False, None, False),
        ("M2", False, None, False),
        ("M2", True, None, True),
        ("M7", False, None, False),
        ("M7", True, None, True),
        ("M7", False, True, True),
        (None, False, None, False),
        (None, False, True, True),
    ],
)
def test_nobody_who_refers_themselves_is_sent_away_with_it_unasked(
    decider: Decider, source: str | None, named: bool, accepts: bool | None, monitored: bool
) -> None:
    referrer = Referrer(name="A Doncaster practice") if named else Referrer()
    builder = after_a_job_loss(accepts_active_monitoring=accepts).from_source(source, referrer)
    found = route(decider.decide(builder.build()))
    assert (found == "active_monitoring") is monitored


def test_new_monitoring_is_reviewed_in_14_days(decider: Decider) -> None:
    decision = decider.decide(after_a_job_loss().build())
    assert [(one.id, one.due) for one in decision.actions] == [
        ("active_monitoring_review", "2026-12-04")
    ]


def test_the_day_of_review_is_counted_from_the_day_in_the_united_kingdom(decider: Decider) -> None:
    late_in_july = datetime(2026, 7, 15, 23, 30, tzinfo=UTC)
    decision = decider.decide(after_a_job_loss().at(late_in_july).build())
    assert decision.actions[0].due == "2026-07-30"


def test_monitoring_under_way_keeps_its_own_day_of_review(decider: Decider) -> None:
    builder = after_a_job_loss(
        active_monitoring="under_way", monitoring_review_on=date(2026, 11, 27)
    )
    decision = decider.decide(builder.build())
    assert route(decision) == "active_monitoring"
    assert [one.due for one in decision.actions] == ["2026-11-27"]


def test_monitoring_under_way_without_a_day_is_reviewed_in_14_days(decider: Decider) -> None:
    decision = decider.decide(after_a_job_loss(active_monitoring="under_way").build())
    assert route(decision) == "active_monitoring"
    assert [one.due for one in decision.actions] == ["2026-12-04"]


@pytest.mark.parametrize(
    ("review_on", "found"),
    [
        (date(2026, 11, 20), "active_monitoring"),
        (date(2026, 11, 19), "iapt_step_2"),
    ],
)
def test_a_review_that_was_missed_is_not_waited_for(
    decider: Decider, review_on: date, found: str
) -> None:
    builder = after_a_job_loss(active_monitoring="under_way", monitoring_review_on=review_on)
    decision = decider.decide(builder.build())
    assert route(decision) == found
    assert ("monitoring_overdue" in alert_ids(decision.alerts)) is (found == "iapt_step_2")


def test_monitoring_that_did_not_help_leads_to_talking_therapies(decider: Decider) -> None:
    decision = decider.decide(after_a_job_loss(active_monitoring="done_not_resolved").build())
    assert (route(decision), decision.alerts) == ("iapt_step_2", ())


def test_trouble_that_settled_is_asked_whether_help_is_still_wanted(decider: Decider) -> None:
    decision = decider.decide(after_a_job_loss(active_monitoring="done_resolved").build())
    assert route(decision) == "iapt_step_2"
    assert alert_ids(decision.alerts) == ["still_wanted"]


@pytest.mark.parametrize("scores", [{"phq9_total": 10}, {"gad7_total": 8}])
def test_trouble_said_to_have_settled_at_caseness_is_as_not_resolved_and_a_contradiction(
    decider: Decider, scores: dict[str, Value]
) -> None:
    builder = after_a_job_loss(active_monitoring="done_resolved", **scores)
    decision = decider.decide(builder.build())
    assert route(decision) == "iapt_step_2"
    assert alert_ids(decision.alerts) == ["contradiction"]


@pytest.mark.parametrize(("name", "value"), [("active_monitoring_review_days", 28)])
def test_the_day_of_review_is_a_value_of_the_rulebook(
    edited_rules: EditedRules, name: str, value: int
) -> None:
    edited_rules.set_value(name, value)
    decider = Decider(load_rulebook(edited_rules.directory))
    assert decider.decide(after_a_job_loss().build()).actions[0].due == "2026-12-18"
    decider.close()
