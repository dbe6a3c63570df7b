"""Either side of every threshold: the last value below it and the first at it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.builders import RECEIVED, a_referral, alert_ids, referral_builder
from triage.decide import Decider
from triage.domain.vocabulary import Value


@pytest.mark.parametrize(
    ("phq9", "gad7", "severity", "route"),
    [
        (9, 9, "low", "iapt_step_2"),
        (10, 9, "medium", "iapt_step_2"),
        (9, 10, "medium", "iapt_step_2"),
        (15, 14, "medium", "iapt_step_2"),
        (16, 14, "medium", "iapt_step_3"),
        (19, 14, "medium", "iapt_step_3"),
        (20, 14, "high", "iapt_step_3"),
        (9, 14, "medium", "iapt_step_2"),
        (9, 15, "high", "iapt_step_3"),
        (27, 21, "high", "iapt_step_3"),
        (0, 0, "low", "iapt_step_2"),
    ],
)
def test_severity_and_step_change_at_the_scores_that_are_printed(
    decider: Decider, phq9: int, gad7: int, severity: str, route: str
) -> None:
    item9 = 1 if phq9 > 24 else 0
    referral = a_referral(phq9_total=phq9, gad7_total=gad7, phq9_item9=item9)
    decision = decider.decide(referral)
    assert (decision.levels["severity"].level, decision.route.route.id) == (severity, route)


@pytest.mark.parametrize(
    ("phq9", "gad7", "cases"),
    [
        (9, 7, {"phq9": False, "gad7": False}),
        (10, 7, {"phq9": True, "gad7": False}),
        (9, 8, {"phq9": False, "gad7": True}),
        (None, 8, {"phq9": None, "gad7": True}),
    ],
)
def test_caseness_is_apart_from_the_band(
    decider: Decider, phq9: int | None, gad7: int, cases: dict[str, bool | None]
) -> None:
    assert decider.decide(a_referral(phq9_total=phq9, gad7_total=gad7)).caseness == cases


@pytest.mark.parametrize(
    ("phq9", "gad7", "route"),
    [
        (9, 7, "counselling"),
        (10, 7, "iapt_step_2"),
        (9, 8, "iapt_step_2"),
    ],
)
def test_stress_is_for_counselling_only_below_caseness_on_both(
    decider: Decider, phq9: int, gad7: int, route: str
) -> None:
    referral = a_referral(phq9_total=phq9, gad7_total=gad7, presenting_problem="stress")
    assert decider.decide(referral).route.route.id == route


@pytest.mark.parametrize(
    ("course", "days", "level"),
    [
        ("ongoing", 0, "low"),
        ("ongoing", 364, "low"),
        ("ongoing", 365, "high"),
        ("relapse", 364, "medium"),
        ("relapse", 365, "medium"),
    ],
)
def test_a_problem_is_chronic_from_365_days(
    decider: Decider, course: str, days: int, level: str
) -> None:
    referral = a_referral(problem_course=course, problem_duration_days=days)
    assert decider.decide(referral).levels["chronicity"].level == level


@pytest.mark.parametrize(
    ("count", "level", "route"),
    [
        (0, "low", "iapt_step_2"),
        (1, "medium", "iapt_step_2"),
        (2, "medium", "iapt_step_2"),
        (3, "high", "cmht"),
    ],
)
def test_three_unhelpful_interventions_are_many(
    decider: Decider, count: int, level: str, route: str
) -> None:
    decision = decider.decide(a_referral(unhelpful_interventions=count))
    found = decision.levels["previous_interventions"].level
    assert (found, decision.route.route.id) == (level, route)


@pytest.mark.parametrize(
    ("problem", "wsas", "route"),
    [
        ("gad", 20, "iapt_step_2"),
        ("gad", 21, "iapt_step_3"),
        ("panic", 40, "iapt_step_2"),
    ],
)
def test_marked_wsas_with_generalised_anxiety_is_for_step_3(
    decider: Decider, problem: str, wsas: int, route: str
) -> None:
    decision = decider.decide(a_referral(presenting_problem=problem, wsas_total=wsas))
    assert decision.route.route.id == route
    assert decision.levels["impairment"].level == "low"


@pytest.mark.parametrize(
    ("audit", "use", "alerted"),
    [
        (19, "moderate", False),
        (20, "moderate", True),
        (20, None, True),
        (20, "none_or_minimal", True),
        (40, "dependent", False),
    ],
)
def test_audit_of_likely_dependence_raises_an_alert_and_never_a_level(
    decider: Decider, audit: int, use: str | None, alerted: bool
) -> None:
    with_audit = decider.decide(a_referral(audit_total=audit, substance_use=use))
    without = decider.decide(a_referral(substance_use=use))
    assert ("audit_high" in alert_ids(with_audit.alerts)) is alerted
    assert with_audit.levels == without.levels


@pytest.mark.parametrize("name", ["phq9_on", "gad7_on", "risk_asked_on"])
@pytest.mark.parametrize(("days", "stale"), [(0, False), (14, False), (15, True)])
def test_answers_are_out_of_date_after_14_days(
    decider: Decider, name: str, days: int, stale: bool
) -> None:
    asked_on: dict[str, Value] = {name: RECEIVED.date() - timedelta(days=days)}
    decision = decider.decide(a_referral(**asked_on))
    assert ("stale_score" in alert_ids(decision.alerts)) is stale


@pytest.mark.parametrize(
    ("received", "stale"),
    [
        (datetime(2026, 7, 15, 22, 30, tzinfo=UTC), False),
        (datetime(2026, 7, 15, 23, 30, tzinfo=UTC), True),
        (datetime(2026, 12, 15, 23, 30, tzinfo=UTC), False),
    ],
)
def test_days_are_counted_by_the_clock_of_the_united_kingdom(
    decider: Decider, received: datetime, stale: bool
) -> None:
    day = date(received.year, received.month, 1)
    referral = referral_builder(phq9_on=day).at(received).build()
    assert ("stale_score" in alert_ids(decider.decide(referral).alerts)) is stale
