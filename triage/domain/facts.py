"""The facts a referral amounts to: its answers, and what is worked out from them in Python.

Rules only compare. What needs arithmetic is worked out here, each fact under a name that the
vocabulary declares together with the source of its method.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, cast

from triage.domain.clock import local_day
from triage.domain.questionnaires import Items, item_nine, total, with_item_nine
from triage.domain.rules import rated_fact
from triage.domain.vocabulary import Value

if TYPE_CHECKING:
    from triage.domain.pseudonymised import Pseudonymised
    from triage.domain.vocabulary import Vocabulary

Derived = dict[str, Value | None]


def facts(referral: Pseudonymised, vocabulary: Vocabulary) -> dict[str, Value]:
    """Everything that is known about a referral, by name. What is not known is not there."""
    today, person = local_day(referral.received_at), referral.person
    known: dict[str, Value | None] = dict(referral.answers)
    known |= _questionnaires(referral, vocabulary)
    known |= {
        "age": person.age,
        "ages_differ": person.ages_differ,
        "nhs_number_fails": person.nhs_number_fails,
    }
    known |= _dates(referral, today)
    known |= {
        rated_fact(factor): level for factor, level in referral.levels.items() if level != "unknown"
    }
    known["self_referred"] = referral.self_referred
    known["has_long_term_condition"] = _any(referral.answers.get("long_term_conditions"))
    known["needs_adjustments"] = _any(referral.answers.get("adjustments"))
    return {name: value for name, value in known.items() if value is not None}


def _questionnaires(referral: Pseudonymised, vocabulary: Vocabulary) -> Derived:
    answers, asked = referral.answers, vocabulary.answers
    stated_item9 = cast("int | None", answers.get("phq9_item9"))
    stated_total = cast("int | None", answers.get("phq9_total"))
    phq9_items = with_item_nine(cast("Items | None", answers.get("phq9_items")), stated_item9)
    phq9 = total(phq9_items, stated_total, may_miss=asked["phq9_items"].may_miss)
    gad7 = total(
        cast("Items | None", answers.get("gad7_items")),
        cast("int | None", answers.get("gad7_total")),
        may_miss=asked["gad7_items"].may_miss,
    )
    item9 = item_nine(phq9_items, stated_item9, None if phq9.from_items else stated_total)
    return {
        "phq9_total": phq9.score,
        "gad7_total": gad7.score,
        "phq9_item9": item9.score,
        "totals_differ": phq9.differs or gad7.differs or item9.differs,
        "scores_prorated": phq9.prorated or gad7.prorated,
        "scores_incomplete": phq9.incomplete or gad7.incomplete,
        "phq9_impossible": item9.impossible,
    }


def _dates(referral: Pseudonymised, today: date) -> Derived:
    answers = referral.answers
    return {
        "phq9_age_days": _days_since(answers.get("phq9_on"), today),
        "gad7_age_days": _days_since(answers.get("gad7_on"), today),
        "risk_age_days": _days_since(answers.get("risk_asked_on"), today),
        "monitoring_review_passed": _is_past(answers.get("monitoring_review_on"), today),
    }


def _days_since(day: Value | None, today: date) -> int | None:
    return (today - day).days if isinstance(day, date) else None


def _is_past(day: Value | None, today: date) -> bool | None:
    return day < today if isinstance(day, date) else None


def _any(listed: Value | None) -> bool | None:
    return None if listed is None else bool(listed)
