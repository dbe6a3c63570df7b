"""Referrals that nobody made: the same for the same number, and no rule is asked for any of them.

NHS numbers are of the range that is never issued (999 000 0000 to 999 999 9999). The shares are
invented too, chosen so that every kind of route is seen; they say nothing of any place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from triage.domain.nhs_number import check_digit_is_right

DAYS_BACK = 84
"""Over how many days the referrals came."""

PRACTICES = (
    ("C86001", "The Surgery"),
    ("C86002", "Mill Lane Practice"),
    ("C86003", "Riverside Health Centre"),
    ("C86004", "Park View Surgery"),
)

SOURCES = ("A1", "A1", "A1", "B1", "B1", "A2", "C1", "M5")

POSTCODES = ("DN1 1AA", "DN4 5HT", "DN12 1AB", "S60 1AE", "S65 2TH")

ETHNIC_CATEGORIES = ("A", "A", "A", "A", "B", "C", "F", "H", "J", "M", "N", "R", "S", "Z", None)

PROBLEMS = ("depression", "gad", "mixed_anxiety_depression", "panic", "ptsd", "ocd", "stress")

SAFE: Mapping[str, Any] = {
    "emergency_now": False,
    "thoughts_of_harm": "none",
    "harm_injury": "none",
    "serious_harm_history": False,
    "protective_factors": "some",
    "safeguarding_concern": False,
}

PLAIN: Mapping[str, Any] = {
    "specialist_indicator": "none",
    "main_problems": "one",
    "clinician_input": "one_clinician",
    "care_coordination": "none_or_minimal",
    "daily_functioning": "none_or_minimal",
    "substance_use": "none_or_minimal",
    "substance_primary_problem": False,
    "unhelpful_interventions": 0,
    "problem_course": "ongoing",
    "recent_trigger": "none",
    "perinatal": False,
}

STORIES: Sequence[tuple[int, Mapping[str, Any]]] = (
    (34, {}),
    (8, {"problem_course": "relapse", "presenting_problem": "depression"}),
    (12, {"phq9_total": 18, "gad7_total": 13, "presenting_problem": "depression"}),
    (8, {"phq9_total": 22, "gad7_total": 16, "presenting_problem": "depression"}),
    (6, {"presenting_problem": "ptsd"}),
    (6, {"phq9_total": 6, "gad7_total": 4, "presenting_problem": "stress"}),
    (
        8,
        {
            "phq9_total": 11,
            "gad7_total": 8,
            "problem_duration_days": 21,
            "recent_trigger": "job_loss",
            "trigger_days_ago": 20,
            "active_monitoring": "not_done",
            "accepts_active_monitoring": True,
            "presenting_problem": "depression",
        },
    ),
    (6, {"substance_use": "dependent", "substance_primary_problem": True}),
    (5, {"daily_functioning": "marked"}),
    (4, {"specialist_indicator": "psychosis"}),
    (4, {"unhelpful_interventions": 3}),
    (6, {"thoughts_of_harm": "regular", "intent": "some", "plan": "passive"}),
    (5, {"thoughts_of_harm": "frequent", "intent": "strong", "plan": "active"}),
    (2, {"serious_harm_history": True}),
    (1, {"emergency_now": True}),
)
"""What people answered otherwise than the plainest, with how often of a hundred or so."""

FIRST_STEM = 1000
"""Where the numbers of made-up people begin: examples elsewhere have those before."""

DECLINES = 0.06
"""How many of a hundred decline what they are asked about harm: a clinician sees to them."""


def made_up(number: int, today: datetime) -> dict[str, Any]:
    """One referral as callers send it (contract, section 1), received before ``today``."""
    random = Random(number)  # noqa: S311 (guards no secret)
    received = _received(random, today)
    body: dict[str, Any] = {
        "reference": f"made-up-{number}",
        "source": random.choice(SOURCES),
        "received_at": received.isoformat(),
        "patient": _patient(random, number, received.date()),
        "answers": _answers(random),
        "consent_to_share": True,
    }
    if body["source"] != "B1":
        code, name = random.choice(PRACTICES)
        body["referrer"] = {"ods_code": code, "name": name}
    if random.random() < DECLINES:
        body["declined"] = ["thoughts_of_harm", "intent", "plan"]
        for name in body["declined"]:
            body["answers"].pop(name, None)
    return body


def _received(random: Random, today: datetime) -> datetime:
    """In working hours of one of the last days, and not in the future."""
    day = today - timedelta(days=random.randrange(1, DAYS_BACK))
    return day.replace(hour=random.randrange(8, 18), minute=random.randrange(60))


def _answers(random: Random) -> dict[str, Any]:
    weights, stories = zip(*STORIES, strict=True)
    (story,) = random.choices(stories, weights)
    measures = {"phq9_total": random.randrange(4, 20), "gad7_total": random.randrange(3, 15)}
    answers = {
        **SAFE,
        **PLAIN,
        **measures,
        "phq9_item9": 0,
        "wsas_total": random.randrange(5, 25),
        "problem_duration_days": random.randrange(20, 900),
        "presenting_problem": random.choice(PROBLEMS),
        **story,
    }
    forgotten = random.sample([*PLAIN, "wsas_total"], random.randrange(4))
    return {name: value for name, value in answers.items() if name not in forgotten}


def _patient(random: Random, number: int, received: date) -> dict[str, Any]:
    years = random.choice((17, 19, 23, 28, 34, 39, 45, 52, 61, 68, 76))
    born = received - timedelta(days=years * 365 + random.randrange(30, 330))
    patient = {
        "nhs_number": nhs_number(number),
        "birth_date": born.isoformat(),
        "ethnic_category": random.choice(ETHNIC_CATEGORIES),
        "gender": random.choice(("1", "2", "2", "9")),
        "postcode": random.choice(POSTCODES),
    }
    return {name: value for name, value in patient.items() if value is not None}


def nhs_number(number: int) -> str:
    """The number-th of those that are never issued and have a right check digit."""
    stems = (f"999{stem:06}" for stem in range(FIRST_STEM + number * 2, 1_000_000))
    fits = (f"{stem}{digit}" for stem in stems for digit in range(10))
    return next(one for one in fits if check_digit_is_right(one))
