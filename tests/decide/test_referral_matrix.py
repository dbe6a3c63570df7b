"""Every combination of the seven levels goes where Appendix D and the contract send it.

The table below is written out from the printed matrix (its High cells) and the order of routes
in the contract; nothing here is computed by the code under test.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

import pytest

from tests.builders import ReferralBuilder, referral_builder
from triage.decide import Decider
from triage.domain.vocabulary import Value

ANSWERS: Mapping[str, Mapping[str, Mapping[str, Value]]] = {
    "severity": {
        "low": {"phq9_total": 7, "gad7_total": 6},
        "medium": {"phq9_total": 12, "gad7_total": 9},
        "high": {"phq9_total": 21, "gad7_total": 12},
    },
    "chronicity": {
        "low": {"problem_course": "ongoing", "problem_duration_days": 150},
        "medium": {"problem_course": "relapse", "problem_duration_days": 800},
        "high": {"problem_course": "ongoing", "problem_duration_days": 800},
    },
    "complexity": {
        "low": {
            "main_problems": "one",
            "clinician_input": "one_clinician",
            "care_coordination": "none_or_minimal",
        },
        "medium": {
            "main_problems": "two_or_more",
            "clinician_input": "one_clinician",
            "care_coordination": "none_or_minimal",
        },
        "high": {
            "main_problems": "two_or_more",
            "clinician_input": "multidisciplinary",
            "care_coordination": "significant",
        },
    },
    "impairment": {
        "low": {"daily_functioning": "none_or_minimal"},
        "medium": {"daily_functioning": "moderate"},
        "high": {"daily_functioning": "marked"},
    },
    "substance_use": {
        "low": {"substance_use": "none_or_minimal"},
        "medium": {"substance_use": "moderate"},
        "high": {"substance_use": "dependent"},
    },
    "previous_interventions": {
        "low": {"unhelpful_interventions": 0},
        "medium": {"unhelpful_interventions": 2},
        "high": {"unhelpful_interventions": 3},
    },
}
"""What is answered so that a factor has a level."""

RISK_ANSWERS: Mapping[str, Mapping[str, Value]] = {
    "low": {},
    "medium": {"thoughts_of_harm": "regular"},
    "high by a current answer": {"thoughts_of_harm": "frequent", "intent": "strong"},
    "high by history alone": {"serious_harm_history": True},
}

LEVELS = ("low", "medium", "high")
ROWS = [
    dict(zip((*ANSWERS, "risk"), row, strict=True))
    for row in product(*(LEVELS for _ in ANSWERS), RISK_ANSWERS)
]
"""Three levels of six factors, and four ways of risk: 2,187 combinations, 729 of them twice."""

URGENCY_OF_HIGH = {
    ("risk", "high by a current answer"): ("crisis", "very_urgent"),
    ("risk", "high by history alone"): ("cmht", "urgent"),
    ("impairment", "high"): ("cmht", "soon"),
    ("complexity", "high"): ("cmht", "routine"),
    ("previous_interventions", "high"): ("cmht", "routine"),
    ("substance_use", "high"): ("substance_misuse", "routine"),
}
"""The High cells that leave talking therapies: the route and how soon."""

FIRST_LEADS = ("crisis", "cmht", "substance_misuse")
MOST_URGENT_FIRST = ("very_urgent", "urgent", "same_day", "soon", "routine")


@dataclass(frozen=True)
class Expected:
    """What a row of the matrix demands."""

    lead: str
    also_indicated: tuple[tuple[str, bool], ...]
    urgency: str


def demanded(row: Mapping[str, str]) -> Expected:
    """The table read for one row, by the words of Appendix D and of the contract."""
    asked = [cell for factor, cell in URGENCY_OF_HIGH.items() if row[factor[0]] == factor[1]]
    urgencies = [urgency for _, urgency in asked] or ["routine"]
    if row["risk"] == "medium":
        urgencies.append("same_day")
    urgency = min(urgencies, key=MOST_URGENT_FIRST.index)
    routes = [route for route in FIRST_LEADS if route in {route for route, _ in asked}]
    if not routes:
        return Expected(_step(row), (), urgency)
    both = {"cmht", "substance_misuse"} <= set(routes)
    also = tuple((route, both and route != "crisis") for route in routes[1:])
    return Expected(routes[0], also, urgency)


def _step(row: Mapping[str, str]) -> str:
    """Step 3 for high severity and for chronic depression; every row is depression."""
    high = "high" in (row["severity"], row["chronicity"])
    return "iapt_step_3" if high else "iapt_step_2"


def from_answers(row: Mapping[str, str]) -> ReferralBuilder:
    """A referral in which everything was asked."""
    given = [ANSWERS[factor][level] for factor, level in row.items() if factor != "risk"]
    given.append(RISK_ANSWERS[row["risk"]])
    return referral_builder(**{name: value for each in given for name, value in each.items()})


def from_ratings(row: Mapping[str, str]) -> ReferralBuilder:
    """A referral in which a clinician rated what was not asked: everything but risk."""
    unasked = {name for levels in ANSWERS.values() for given in levels.values() for name in given}
    unasked |= {"substance_primary_problem", "substance_motivation", "substance_blocks_therapy"}
    ratings = {factor: level for factor, level in row.items() if factor != "risk"}
    builder = referral_builder(**RISK_ANSWERS[row["risk"]])
    return builder.without(*unasked).rated(**ratings)


def decided(decider: Decider, builder: ReferralBuilder) -> tuple[Expected, dict[str, str]]:
    """What came out of a referral, in the same form, and the levels found."""
    told = decider.decide(builder.build()).as_dict()
    also = tuple((each["id"], each["concurrent"]) for each in told["also_indicated"])
    levels = {factor: found["level"] for factor, found in told["levels"].items()}
    return Expected(told["route"]["id"], also, told["urgency"]), levels


def differences(decider: Decider, rows: list[dict[str, str]], way: str) -> Iterator[str]:
    make = {"answers": from_answers, "ratings": from_ratings}[way]
    for row in rows:
        found, levels = decided(decider, make(row))
        wanted = {factor: level.split()[0] for factor, level in row.items()}
        if found != demanded(row):
            yield f"{row}: {found}, not {demanded(row)}"
        if levels != wanted:
            yield f"{row}: the levels are {levels}"


def test_there_are_2187_combinations_with_high_risk_twice() -> None:
    assert len(ROWS) == 2187 + 729
    assert len({tuple(level.split()[0] for level in row.values()) for row in ROWS}) == 2187


@pytest.mark.parametrize("way", ["answers", "ratings"])
@pytest.mark.parametrize("risk", RISK_ANSWERS)
def test_every_combination_of_levels_goes_where_the_matrix_sends_it(
    decider: Decider, risk: str, way: str
) -> None:
    rows = [row for row in ROWS if row["risk"] == risk]
    assert list(differences(decider, rows, way))[:3] == []


@pytest.mark.parametrize(
    ("changed", "lead", "also", "urgency"),
    [
        ({}, "iapt_step_2", (), "routine"),
        ({"severity": "high"}, "iapt_step_3", (), "routine"),
        ({"chronicity": "high"}, "iapt_step_3", (), "routine"),
        ({"complexity": "high"}, "cmht", (), "routine"),
        ({"impairment": "high"}, "cmht", (), "soon"),
        ({"substance_use": "high"}, "substance_misuse", (), "routine"),
        ({"previous_interventions": "high"}, "cmht", (), "routine"),
        ({"risk": "medium"}, "iapt_step_2", (), "same_day"),
        ({"risk": "high by a current answer"}, "crisis", (), "very_urgent"),
        ({"risk": "high by history alone"}, "cmht", (), "urgent"),
        (
            {"impairment": "high", "substance_use": "high"},
            "cmht",
            (("substance_misuse", True),),
            "soon",
        ),
        (
            {"risk": "high by a current answer", "substance_use": "high"},
            "crisis",
            (("substance_misuse", False),),
            "very_urgent",
        ),
    ],
)
def test_a_row_written_out_in_full(
    decider: Decider,
    changed: dict[str, str],
    lead: str,
    also: tuple[tuple[str, bool], ...],
    urgency: str,
) -> None:
    row = {**dict.fromkeys(ANSWERS, "low"), "risk": "low", **changed}
    assert decided(decider, from_answers(row))[0] == Expected(lead, also, urgency)
