"""A referral to show callers how one looks, and what is sent on a live call."""

from __future__ import annotations

from typing import Any

REFERRAL: dict[str, Any] = {
    "reference": "example-1",
    "source": "A1",
    "received_at": "2025-11-21T10:15:00Z",
    "referrer": {"ods_code": "C86001", "name": "The Surgery"},
    "patient": {"nhs_number": "9990000026", "birth_date": "1985-02-01", "postcode": "DN1 1AA"},
    "answers": {
        "emergency_now": False,
        "thoughts_of_harm": "none",
        "intent": "none",
        "plan": "none",
        "harm_injury": "none",
        "serious_harm_history": False,
        "protective_factors": "some",
        "risk_asked_on": "2025-11-20",
        "phq9_total": 12,
        "phq9_item9": 0,
        "phq9_on": "2025-11-20",
        "gad7_total": 9,
        "gad7_on": "2025-11-20",
        "presenting_problem": "depression",
        "specialist_indicator": "none",
        "problem_duration_days": 150,
        "problem_course": "ongoing",
        "main_problems": "one",
        "clinician_input": "one_clinician",
        "care_coordination": "none_or_minimal",
        "daily_functioning": "none_or_minimal",
        "substance_use": "none_or_minimal",
        "unhelpful_interventions": 0,
        "recent_trigger": "none",
    },
    "declined": ["substance_motivation"],
    "levels": {"complexity": "low"},
}
"""A referral by a general practitioner, much of it answered."""

LIVE_CALL: dict[str, Any] = {
    "received_at": "2025-11-21T10:15:00Z",
    "answers": {"thoughts_of_harm": "frequent", "plan": "active"},
}
"""What has been answered so far on a call."""

FAULTY: dict[str, Any] = {
    "received_at": "2025-11-21T10:15:00Z",
    "answers": {"phq9_total": 28, "plan": "active"},
}
"""A score that cannot be, beside an answer that must not be lost for it."""
