from __future__ import annotations

from typing import Any

import pytest

from schemas.cds_hooks import PATIENT_VIEW
from tests.cds_hooks.calls import (
    ITEM_9,
    PHQ9,
    SUBJECT,
    a_call,
    a_score,
    a_screening,
    found,
    prefetched,
    screened,
)
from tests.cds_hooks.desk import Desk
from triage.rulebook import Rulebook


def test_a_record_without_any_screening_answer_raises_no_alert(desk: Desk) -> None:
    conditions = [
        {
            "resourceType": "Condition",
            "subject": SUBJECT,
            "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": code}]},
        }
        for code in ("F32", "E11")
    ]
    assert desk.cards(a_call(PATIENT_VIEW)) == []
    assert (
        desk.cards(a_call(PATIENT_VIEW, prefetch=prefetched(conditions=found(*conditions)))) == []
    )


def test_what_is_still_to_be_asked_is_said_with_what_hangs_on_it(desk: Desk) -> None:
    card = desk.card(a_call(PATIENT_VIEW, prefetch=prefetched(a_score(PHQ9, 12))))
    assert card["indicator"] == "warning"
    assert card["summary"] == "Still to be asked: Emergency now; Thoughts of harm; Intent"
    assert card["detail"].startswith("**Still to be asked:**\n\n- Is anybody in danger right now")
    assert "(could still lead to: Crisis team)" in card["detail"]
    assert "PHQ-9 is 12" in card["detail"]
    assert "call 999" in card["detail"]
    assert "suggestions" not in card


def test_once_risk_is_known_what_is_left_to_ask_is_no_warning(
    desk: Desk, rulebook: Rulebook
) -> None:
    prefetch = screened(rulebook.vocabulary, gad7_total=None)
    card = desk.card(a_call(PATIENT_VIEW, prefetch=prefetch))
    assert card["indicator"] == "info"
    assert card["summary"].startswith("Still to be asked: GAD-7")


def test_where_everything_is_settled_there_is_nothing_to_say(
    desk: Desk, rulebook: Rulebook
) -> None:
    assert desk.cards(a_call(PATIENT_VIEW, prefetch=screened(rulebook.vocabulary))) == []


@pytest.mark.parametrize("answers", [{"plan": "active"}, {"serious_harm_history": True}])
def test_danger_on_record_is_critical(
    desk: Desk, rulebook: Rulebook, answers: dict[str, Any]
) -> None:
    screening = a_screening(rulebook.vocabulary, **answers)
    card = desk.card(a_call(PATIENT_VIEW, prefetch=prefetched(screening)))
    assert card["indicator"] == "critical"
    assert "ring" in card["summary"]


def test_a_booking_that_is_held_is_said_although_all_was_asked(
    desk: Desk, rulebook: Rulebook
) -> None:
    prefetch = screened(rulebook.vocabulary, phq9_item9=1)
    prefetch["phq9"] = found(a_score(ITEM_9, 1))
    card = desk.card(a_call(PATIENT_VIEW, prefetch=prefetch))
    assert card["indicator"] == "warning"
