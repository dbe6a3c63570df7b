"""Builders of whole, valid things: a test names only what matters to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from triage.domain.referral import Patient, Referral, Referrer
from triage.domain.vocabulary import Value

RECEIVED = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
"""When a referral is received unless a test says otherwise: a Friday morning in winter."""

ADULT = Patient(birth_date=date(1990, 3, 14))
A_PRACTICE = Referrer(ods_code="C86001", name="A Doncaster practice")

RISK_ANSWERS: Mapping[str, Value] = {
    "emergency_now": False,
    "thoughts_of_harm": "none",
    "intent": "none",
    "plan": "none",
    "harm_injury": "none",
    "serious_harm_history": False,
    "protective_factors": "some",
}
"""The seven questions about risk, each with its mildest answer."""

FACTOR_ANSWERS: Mapping[str, Value] = {
    "phq9_total": 6,
    "gad7_total": 5,
    "problem_duration_days": 150,
    "problem_course": "ongoing",
    "main_problems": "one",
    "clinician_input": "one_clinician",
    "care_coordination": "none_or_minimal",
    "daily_functioning": "none_or_minimal",
    "substance_use": "none_or_minimal",
    "substance_primary_problem": False,
    "substance_motivation": True,
    "substance_blocks_therapy": False,
    "unhelpful_interventions": 0,
}
"""The answers that settle the other six factors, each at its lowest level."""

OTHER_ANSWERS: Mapping[str, Value] = {
    "phq9_item9": 0,
    "presenting_problem": "depression",
    "specialist_indicator": "none",
    "perinatal": False,
    "recent_trigger": "none",
    "active_monitoring": "not_done",
    "low_intensity_unhelpful": False,
    "wsas_total": 8,
}
"""The other answers that could change a route, each as it changes nothing."""

MILD_ANSWERS: Mapping[str, Value] = {**RISK_ANSWERS, **FACTOR_ANSWERS, **OTHER_ANSWERS}


@dataclass(frozen=True)
class ReferralBuilder:
    """A referral in the making. Each method gives a new builder; ``build`` gives the referral."""

    answers: Mapping[str, Value] = field(default_factory=lambda: MILD_ANSWERS)
    declined: frozenset[str] = frozenset()
    levels: Mapping[str, str] = field(default_factory=dict)
    patient: Patient = ADULT
    source: str | None = "A1"
    referrer: Referrer = A_PRACTICE
    received_at: datetime = RECEIVED

    def answering(self, **answers: Value | None) -> ReferralBuilder:
        """With these answers; None takes an answer away."""
        merged = {**self.answers, **answers}
        kept = {name: value for name, value in merged.items() if value is not None}
        return replace(self, answers=kept)

    def without(self, *names: str) -> ReferralBuilder:
        """With these questions not asked."""
        kept = {name: value for name, value in self.answers.items() if name not in names}
        return replace(self, answers=kept)

    def declining(self, *names: str) -> ReferralBuilder:
        """With these questions asked and refused."""
        return replace(self.without(*names), declined=self.declined | set(names))

    def rated(self, **levels: str) -> ReferralBuilder:
        """With a clinician's rating of these factors."""
        return replace(self, levels={**self.levels, **levels})

    def from_source(self, source: str | None, referrer: Referrer | None = None) -> ReferralBuilder:
        """Referred by another source; with no referrer named unless one is given."""
        return replace(self, source=source, referrer=referrer or Referrer())

    def of_patient(
        self,
        *,
        birth_date: date | None = None,
        age: int | None = None,
        postcode: str | None = None,
        nhs_number: str | None = None,
    ) -> ReferralBuilder:
        """About another person, of whom only this is known."""
        patient = Patient(nhs_number=nhs_number, birth_date=birth_date, age=age, postcode=postcode)
        return replace(self, patient=patient)

    def at(self, received_at: datetime) -> ReferralBuilder:
        """Received at another moment."""
        return replace(self, received_at=received_at)

    def build(self) -> Referral:
        """The referral."""
        return Referral(
            received_at=self.received_at,
            answers=self.answers,
            declined=self.declined,
            levels=self.levels,
            patient=self.patient,
            referrer=self.referrer,
            reference="ref-test",
            source=self.source,
        )


def referral_builder(**answers: Value | None) -> ReferralBuilder:
    """A builder that starts from a whole, mild adult referral by a general practitioner."""
    return ReferralBuilder().answering(**answers)


def a_referral(**answers: Value | None) -> Referral:
    """A whole valid referral: every risk answer mildest, every factor low, depression."""
    return referral_builder(**answers).build()


def a_referral_without(*names: str, **answers: Value | None) -> Referral:
    """The same with these questions not asked."""
    return referral_builder(**answers).without(*names).build()


def nothing_asked() -> ReferralBuilder:
    """A builder that starts from a referral in which nothing was asked."""
    return ReferralBuilder(answers={})


def alert_ids(alerts: Iterable[object]) -> list[str]:
    """The ids of a decision's alerts, in order."""
    return [alert.id for alert in alerts]  # type: ignore[attr-defined]
