"""Who is too young for the adult service, to the day, and what becomes of their route."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.builders import nothing_asked, referral_builder
from tests.edited_rules import EditedRules
from triage.decide import Decider
from triage.domain.vocabulary import Value
from triage.rulebook import load_rulebook


@pytest.mark.parametrize(
    ("born", "received", "route"),
    [
        (date(2008, 11, 21), datetime(2026, 11, 20, 9, tzinfo=UTC), "young_people"),
        (date(2008, 11, 20), datetime(2026, 11, 20, 9, tzinfo=UTC), "iapt_step_2"),
        (date(2008, 11, 19), datetime(2026, 11, 20, 9, tzinfo=UTC), "iapt_step_2"),
        (date(2008, 2, 29), datetime(2026, 2, 28, 12, tzinfo=UTC), "young_people"),
        (date(2008, 2, 29), datetime(2026, 3, 1, 12, tzinfo=UTC), "iapt_step_2"),
        (date(2008, 3, 1), datetime(2026, 2, 28, 12, tzinfo=UTC), "young_people"),
        (date(2008, 7, 16), datetime(2026, 7, 15, 22, 30, tzinfo=UTC), "young_people"),
        (date(2008, 7, 16), datetime(2026, 7, 15, 23, 30, tzinfo=UTC), "iapt_step_2"),
        (date(2008, 12, 16), datetime(2026, 12, 15, 23, 30, tzinfo=UTC), "young_people"),
        (date(1900, 1, 1), datetime(2026, 11, 20, 9, tzinfo=UTC), "iapt_step_2"),
    ],
)
def test_the_adult_service_begins_on_the_18th_birthday_in_the_united_kingdom(
    decider: Decider, born: date, received: datetime, route: str
) -> None:
    referral = referral_builder().of_patient(birth_date=born).at(received).build()
    assert decider.decide(referral).route.route.id == route


@pytest.mark.parametrize(("age", "route"), [(17, "young_people"), (18, "iapt_step_2")])
def test_a_stated_age_stands_for_a_date_of_birth(decider: Decider, age: int, route: str) -> None:
    assert decider.decide(referral_builder().of_patient(age=age).build()).route.route.id == route


def test_the_date_of_birth_counts_where_it_differs_from_the_stated_age(decider: Decider) -> None:
    builder = referral_builder().of_patient(birth_date=date(1990, 3, 14), age=17)
    decision = decider.decide(builder.build())
    assert decision.route.route.id == "iapt_step_2"
    assert [alert.id for alert in decision.alerts] == ["age_check"]


def test_an_unknown_age_never_blocks_but_leaves_the_route_provisional(decider: Decider) -> None:
    decision = decider.decide(referral_builder().of_patient().build())
    assert (decision.route.route.id, decision.status.value) == ("iapt_step_2", "provisional")
    assert "patient.birth_date" in [one.answer for one in decision.missing]


@pytest.mark.parametrize(
    ("answers", "lead", "also", "urgency"),
    [
        ({"daily_functioning": "marked"}, "young_people", [], "soon"),
        ({"serious_harm_history": True}, "young_people", [], "urgent"),
        ({"specialist_indicator": "psychosis"}, "young_people", [], "soon"),
        ({"substance_use": "dependent"}, "young_people", [], "routine"),
        ({"thoughts_of_harm": "regular"}, "young_people", [], "same_day"),
        ({"intent": "strong"}, "crisis", ["young_people"], "very_urgent"),
        ({"emergency_now": True}, "emergency", ["young_people"], "emergency"),
        ({"thoughts_of_harm": None}, "clinical_review", ["young_people"], "same_day"),
        (
            {"specialist_indicator": "mania", "perinatal": True},
            "young_people",
            [],
            "urgent",
        ),
    ],
)
def test_the_young_peoples_service_takes_over_as_urgently_as_what_it_replaces(
    decider: Decider, answers: dict[str, Value], lead: str, also: list[str], urgency: str
) -> None:
    decision = decider.decide(referral_builder(**answers).of_patient(age=15).build())
    assert decision.route.route.id == lead
    assert [each.route.id for each in decision.also_indicated] == also
    assert decision.urgency.id == urgency


def test_the_clock_of_the_young_peoples_service_is_that_of_the_route_it_replaces(
    decider: Decider,
) -> None:
    builder = referral_builder(serious_harm_history=True).of_patient(age=15)
    assert decider.decide(builder.build()).route.respond_by == "2026-11-21T09:30:00Z"


def test_a_child_about_whom_nothing_was_asked_goes_to_clinical_review(decider: Decider) -> None:
    decision = decider.decide(nothing_asked().of_patient(age=9).build())
    assert decision.route.route.id == "clinical_review"


@pytest.mark.parametrize(
    ("minimum", "age", "route"),
    [
        (16, 15, "young_people"),
        (16, 16, "iapt_step_2"),
        (21, 20, "young_people"),
    ],
)
def test_the_minimum_age_is_a_value_of_the_rulebook(
    edited_rules: EditedRules, minimum: int, age: int, route: str
) -> None:
    edited_rules.set_value("minimum_age", minimum)
    decider = Decider(load_rulebook(edited_rules.directory))
    assert decider.decide(referral_builder().of_patient(age=age).build()).route.route.id == route
    decider.close()


@pytest.mark.parametrize("postcode", [None, "DN1 1AA", "S60 1AA", "LS1 4AP"])
def test_the_postcode_never_changes_who_is_too_young(
    decider: Decider, postcode: str | None
) -> None:
    builder = referral_builder().of_patient(age=17, postcode=postcode)
    assert decider.decide(builder.build()).route.route.id == "young_people"
