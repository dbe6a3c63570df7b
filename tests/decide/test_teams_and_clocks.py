"""Which team takes a route, and by when somebody must respond."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.builders import nothing_asked, referral_builder
from tests.edited_rules import EditedRules
from triage.decide import Decider
from triage.domain.vocabulary import Value
from triage.rulebook import load_rulebook

BORN = date(1990, 3, 14)


@pytest.mark.parametrize(
    ("postcode", "team"),
    [
        (None, "doncaster-talking-therapies"),
        ("DN1 1AA", "doncaster-talking-therapies"),
        ("dn1 1aa", "doncaster-talking-therapies"),
        ("DN12 4AA", "doncaster-talking-therapies"),
        ("DN124AA", "doncaster-talking-therapies"),
        ("S60 1AA", "rotherham-talking-therapies"),
        (" s66 7zz ", "rotherham-talking-therapies"),
        ("S601AA", "rotherham-talking-therapies"),
        ("S6 1AA", "doncaster-talking-therapies"),
        ("LS1 4AP", "doncaster-talking-therapies"),
        ("", "doncaster-talking-therapies"),
        ("S60", "rotherham-talking-therapies"),
    ],
)
def test_the_team_goes_by_the_postcode_district(
    decider: Decider, postcode: str | None, team: str
) -> None:
    builder = referral_builder().of_patient(birth_date=BORN, postcode=postcode)
    assert decider.decide(builder.build()).route.team.id == team


@pytest.mark.parametrize(
    ("answers", "team"),
    [
        ({"emergency_now": True}, "emergency-services"),
        ({"intent": "strong"}, "rotherham-crisis-team"),
        ({"thoughts_of_harm": None}, "rotherham-single-point-of-access"),
        ({"daily_functioning": "marked"}, "rotherham-cmht"),
        ({"substance_use": "dependent"}, "rotherham-drug-and-alcohol"),
        ({"presenting_problem": "stress"}, "rotherham-counselling"),
        ({"phq9_total": 20}, "rotherham-talking-therapies"),
    ],
)
def test_every_route_has_its_team_in_the_place(
    decider: Decider, answers: dict[str, Value | None], team: str
) -> None:
    builder = referral_builder(**answers).of_patient(birth_date=BORN, postcode="S60 1AA")
    assert decider.decide(builder.build()).route.team.id == team


def test_a_child_in_rotherham_goes_to_the_young_peoples_team_there(decider: Decider) -> None:
    builder = referral_builder().of_patient(age=15, postcode="S60 1AA")
    assert decider.decide(builder.build()).route.team.id == "rotherham-young-people"


@pytest.mark.parametrize(("age", "team"), [(64, "adults"), (65, "older-people")])
def test_a_team_may_take_an_age_only(edited_rules: EditedRules, age: int, team: str) -> None:
    edited_rules.replace(
        "service_directory.yaml",
        "  - {id: doncaster-cmht, name: Doncaster community mental health team,",
        "  - {id: adults, name: A, phone: '1', hours: h, routes: [cmht], ages_below: 65}\n"
        "  - {id: older-people, name: B, phone: '1', hours: h, routes: [cmht], ages_from: 65}\n"
        "  - {id: doncaster-cmht, name: Doncaster community mental health team,",
    )
    decider = Decider(load_rulebook(edited_rules.directory))
    builder = referral_builder(daily_functioning="marked").of_patient(age=age)
    assert decider.decide(builder.build()).route.team.id == team
    decider.close()


MORNING = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
SUMMER_NIGHT = datetime(2026, 7, 15, 22, 59, tzinfo=UTC)
AFTER_MIDNIGHT_HERE = datetime(2026, 7, 15, 23, 30, tzinfo=UTC)
CLOCKS_GO_BACK = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
CLOCKS_GO_FORWARD = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("answers", "received", "respond_by"),
    [
        ({"emergency_now": True}, MORNING, "2026-11-20T09:30:00Z"),
        ({"intent": "strong"}, MORNING, "2026-11-20T13:30:00Z"),
        ({"serious_harm_history": True}, MORNING, "2026-11-21T09:30:00Z"),
        ({"daily_functioning": "marked"}, MORNING, "2026-11-23T09:30:00Z"),
        ({}, MORNING, "2026-12-18T09:30:00Z"),
        ({"thoughts_of_harm": None}, MORNING, "2026-11-20T23:59:59Z"),
        ({"thoughts_of_harm": None}, SUMMER_NIGHT, "2026-07-15T22:59:59Z"),
        ({"thoughts_of_harm": None}, AFTER_MIDNIGHT_HERE, "2026-07-16T22:59:59Z"),
        ({"thoughts_of_harm": None}, CLOCKS_GO_BACK, "2026-10-25T23:59:59Z"),
        ({"thoughts_of_harm": None}, CLOCKS_GO_FORWARD, "2026-03-29T22:59:59Z"),
        ({"serious_harm_history": True}, CLOCKS_GO_FORWARD, "2026-03-30T00:30:00Z"),
    ],
)
def test_the_clock_of_a_route_is_that_of_its_urgency(
    decider: Decider, answers: dict[str, Value], received: datetime, respond_by: str
) -> None:
    decision = decider.decide(referral_builder(**answers).at(received).build())
    assert decision.route.respond_by == respond_by


def test_medium_risk_gives_its_route_the_clock_of_the_same_day(decider: Decider) -> None:
    decision = decider.decide(referral_builder(thoughts_of_harm="regular").build())
    assert decision.route.route.id == "iapt_step_2"
    assert decision.route.respond_by == "2026-11-20T23:59:59Z"


def test_a_moment_in_another_time_zone_is_the_same_moment(decider: Decider) -> None:
    utc = nothing_asked().at(datetime.fromisoformat("2026-07-15T23:30:00+00:00")).build()
    elsewhere = nothing_asked().at(datetime.fromisoformat("2026-07-16T08:30:00+09:00")).build()
    assert decider.decide(utc).as_dict() == decider.decide(elsewhere).as_dict()
