"""The facts a referral amounts to."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.builders import ReferralBuilder, nothing_asked, referral_builder
from tests.facts import facts_of
from triage.domain.referral import Referrer
from triage.domain.vocabulary import Value
from triage.rulebook import Rulebook


def of(builder: ReferralBuilder, rulebook: Rulebook) -> dict[str, Value]:
    return facts_of(builder.build(), rulebook)


def test_what_is_not_known_is_not_there(rulebook: Rulebook) -> None:
    known = of(nothing_asked().of_patient().from_source(None), rulebook)
    assert "age" not in known
    assert "phq9_total" not in known
    assert None not in known.values()
    assert not {name for name in known if name.startswith("rated_")}


def test_every_fact_is_a_word_of_the_vocabulary(rulebook: Rulebook) -> None:
    everything = referral_builder(
        phq9_items=(1,) * 9,
        gad7_items=(1,) * 7,
        phq9_on=date(2026, 11, 1),
        gad7_on=date(2026, 11, 1),
        risk_asked_on=date(2026, 11, 1),
        monitoring_review_on=date(2026, 11, 1),
        long_term_conditions=("asthma",),
        adjustments=("evening",),
    )
    rated = everything.rated(severity="low", risk="high")
    known = of(rated.of_patient(age=40, nhs_number="9990000026"), rulebook)
    assert set(known) <= set(rulebook.vocabulary.terms)


def test_every_derived_fact_is_worked_out_and_has_its_source(rulebook: Rulebook) -> None:
    everything = referral_builder(
        phq9_on=date(2026, 11, 1),
        gad7_on=date(2026, 11, 1),
        risk_asked_on=date(2026, 11, 1),
        monitoring_review_on=date(2026, 11, 1),
        long_term_conditions=("asthma",),
        adjustments=("evening",),
    ).of_patient(age=40, nhs_number="9990000026")
    assert set(rulebook.vocabulary.derived) <= set(of(everything, rulebook))
    assert all(fact.source for fact in rulebook.vocabulary.derived.values())


def test_a_rating_is_a_fact_of_its_own(rulebook: Rulebook) -> None:
    assert of(referral_builder().rated(risk="medium"), rulebook)["rated_risk"] == "medium"


@pytest.mark.parametrize(
    ("source", "referrer", "self_referred"),
    [
        ("B1", Referrer(), True),
        ("B1", Referrer(ods_code="C86001"), True),
        ("B2", Referrer(), True),
        ("Q1", Referrer(), True),
        ("M2", Referrer(), True),
        ("M2", Referrer(ods_code="C86001"), False),
        ("M7", Referrer(), True),
        ("M7", Referrer(name="A practice"), False),
        ("A1", Referrer(), False),
        ("C1", Referrer(), False),
        (None, Referrer(), None),
    ],
)
def test_who_refers_themselves(
    rulebook: Rulebook, source: str | None, referrer: Referrer, self_referred: bool | None
) -> None:
    known = of(referral_builder().from_source(source, referrer), rulebook)
    assert known.get("self_referred") is self_referred


@pytest.mark.parametrize(("listed", "found"), [(("asthma",), True), ((), False), (None, None)])
def test_an_empty_list_is_an_answer(
    rulebook: Rulebook, listed: tuple[str, ...] | None, found: bool | None
) -> None:
    known = of(referral_builder(long_term_conditions=listed), rulebook)
    assert known.get("has_long_term_condition") is found


def test_days_since_a_questionnaire_run_to_the_day_of_receipt_here(rulebook: Rulebook) -> None:
    late = datetime(2026, 7, 15, 23, 30, tzinfo=UTC)
    known = of(referral_builder(phq9_on=date(2026, 7, 15)).at(late), rulebook)
    assert known["phq9_age_days"] == 1


@pytest.mark.parametrize(("day", "passed"), [(19, True), (20, False), (21, False)])
def test_a_review_is_overdue_from_the_day_after(rulebook: Rulebook, day: int, passed: bool) -> None:
    known = of(referral_builder(monitoring_review_on=date(2026, 11, day)), rulebook)
    assert known["monitoring_review_passed"] is passed
