"""Callers to try the live call on: a stated mix, made up and drawn from a seeded generator.

Nobody has counted how callers of such a service answer. The kinds, their shares and the weights
below are invented so that every part of the rules is met; they are no claim about real people, and
a figure measured on them says how orders of asking compare, not how long real calls are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import TypeVar

from triage.domain.referral import BIRTH_DATE, SOURCE
from triage.domain.vocabulary import Value

T = TypeVar("T")

Weights = Mapping[Value | range, int]
"""How often each answer is given, in so many of all; a range stands for its numbers alike."""

ADULT, CHILD = date(1990, 3, 14), date(2012, 3, 14)

EVERYBODY: Mapping[str, Weights] = {
    "emergency_now": {False: 99, True: 1},
    "thoughts_of_harm": {"none": 75, "fleeting": 20, "regular": 4, "frequent": 1},
    "harm_towards": {"self": 90, "others": 5, "both": 5},
    "intent": {"none": 97, "some": 3},
    "plan": {"none": 96, "passive": 4},
    "harm_injury": {"none": 95, "minor": 4, "serious": 1},
    "serious_harm_history": {False: 95, True: 5},
    "protective_factors": {"some": 95, "none_or_minimal": 5},
    "safeguarding_concern": {False: 96, True: 4},
    "phq9_item9": {0: 80, 1: 15, 2: 4, 3: 1},
    "phq9_total": {range(3, 10): 30, range(10, 16): 40, range(16, 20): 20, range(20, 25): 10},
    "gad7_total": {range(2, 10): 40, range(10, 15): 40, range(15, 22): 20},
    "wsas_total": {range(21): 70, range(21, 41): 30},
    "audit_total": {range(8): 80, range(8, 20): 15, range(20, 41): 5},
    "presenting_problem": {
        "depression": 25,
        "gad": 15,
        "mixed_anxiety_depression": 20,
        "panic": 7,
        "social_anxiety": 5,
        "ocd": 4,
        "ptsd": 6,
        "health_anxiety": 4,
        "stress": 8,
        "anger": 3,
        "relationship": 3,
    },
    "specialist_indicator": {"none": 96, "psychosis": 2, "mania": 1, "severe_eating_disorder": 1},
    "problem_duration_days": {range(14, 365): 65, range(365, 4000): 35},
    "problem_course": {"ongoing": 70, "relapse": 30},
    "main_problems": {"one": 60, "two_or_more": 40},
    "clinician_input": {"one_clinician": 80, "several_independent": 15, "multidisciplinary": 5},
    "care_coordination": {"none_or_minimal": 85, "significant": 15},
    "daily_functioning": {"none_or_minimal": 50, "moderate": 46, "marked": 4},
    "substance_use": {"none_or_minimal": 82, "moderate": 15, "dependent": 3},
    "substance_primary_problem": {False: 96, True: 4},
    "substance_motivation": {True: 80, False: 20},
    "substance_blocks_therapy": {False: 92, True: 8},
    "unhelpful_interventions": {0: 65, range(1, 3): 28, range(3, 6): 7},
    "low_intensity_unhelpful": {False: 82, True: 18},
    "recent_trigger": {
        "none": 60,
        "relationship_split": 12,
        "job_loss": 10,
        "bereavement": 10,
        "assault_or_trauma": 4,
        "other": 4,
    },
    "trigger_days_ago": {range(57): 55, range(57, 400): 45},
    "active_monitoring": {
        "not_done": 75,
        "under_way": 8,
        "done_not_resolved": 15,
        "done_resolved": 2,
    },
    "accepts_active_monitoring": {True: 60, False: 40},
    "monitoring_review_on": {date(2026, 12, 1): 90, date(2026, 11, 1): 10},
    "perinatal": {False: 95, True: 5},
    BIRTH_DATE: {ADULT: 97, CHILD: 3},
    SOURCE: {"B1": 60, "A1": 40},
}
"""How the questions on which a route may depend are answered, unless a kind of caller says else."""

KINDS: Mapping[str, tuple[int, Mapping[str, Weights]]] = {
    "mild": (
        40,
        {
            "thoughts_of_harm": {"none": 95, "fleeting": 5},
            "intent": {"none": 1},
            "plan": {"none": 1},
            "harm_injury": {"none": 1},
            "protective_factors": {"some": 1},
            "phq9_total": {range(3, 10): 60, range(10, 16): 40},
            "gad7_total": {range(2, 10): 60, range(10, 15): 40},
            "daily_functioning": {"none_or_minimal": 80, "moderate": 20},
        },
    ),
    "moderate": (30, {}),
    "severe": (
        12,
        {
            "phq9_total": {range(16, 20): 40, range(20, 25): 60},
            "gad7_total": {range(10, 15): 30, range(15, 22): 70},
            "thoughts_of_harm": {"none": 40, "fleeting": 40, "regular": 20},
            "daily_functioning": {"moderate": 75, "marked": 25},
            "problem_duration_days": {range(365, 4000): 1},
        },
    ),
    "of many needs": (
        8,
        {
            "main_problems": {"two_or_more": 1},
            "clinician_input": {"several_independent": 50, "multidisciplinary": 50},
            "care_coordination": {"none_or_minimal": 40, "significant": 60},
            "substance_use": {"none_or_minimal": 40, "moderate": 35, "dependent": 25},
            "unhelpful_interventions": {0: 20, range(1, 3): 40, range(3, 6): 40},
            "specialist_indicator": {"none": 75, "psychosis": 15, "mania": 5, "organic": 5},
        },
    ),
    "in danger": (
        10,
        {
            "emergency_now": {False: 80, True: 20},
            "thoughts_of_harm": {"fleeting": 10, "regular": 50, "frequent": 40},
            "intent": {"none": 30, "some": 40, "strong": 30},
            "plan": {"none": 30, "passive": 35, "active": 35},
            "harm_injury": {"none": 60, "minor": 20, "serious": 15, "life_threatening": 5},
            "serious_harm_history": {False: 50, True: 50},
            "protective_factors": {"some": 70, "none_or_minimal": 30},
            "phq9_item9": {1: 20, 2: 40, 3: 40},
        },
    ),
}
"""The kinds of caller: how many in a hundred, and how they answer otherwise than everybody."""

RELUCTANT: Mapping[float, int] = {0.0: 75, 0.1: 20, 0.4: 5}
"""The share of questions that a caller declines, and how many callers in a hundred do."""


@dataclass(frozen=True, slots=True)
class Caller:
    """What somebody would say to every question; what is not there they would decline."""

    kind: str
    says: Mapping[str, Value]


def callers(count: int, seed: int = 0) -> Iterator[Caller]:
    """So many callers; the same seed gives the same ones."""
    random = Random(seed)
    for _ in range(count):
        kind = _drawn({name: share for name, (share, _) in KINDS.items()}, random)
        declines = _drawn(RELUCTANT, random)
        answers = {**EVERYBODY, **KINDS[kind][1]}
        said = {name: _said(weights, random) for name, weights in answers.items()}
        yield Caller(kind, {n: v for n, v in said.items() if random.random() >= declines})


def _said(weights: Weights, random: Random) -> Value:
    drawn = _drawn(weights, random)
    return random.choice(drawn) if isinstance(drawn, range) else drawn


def _drawn(weights: Mapping[T, int], random: Random) -> T:
    return random.choices(list(weights), list(weights.values()))[0]
