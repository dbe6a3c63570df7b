"""An independent reading of what the contract says of the six factors beside risk.

Each factor is read for answers that are complete. A level is known where every way of completing
what is missing gives the same level; the lowest of them is what a rating can never go below.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Any

Given = Mapping[str, Any]

LEVELS = ("low", "medium", "high")


def band(score: int, medium_from: int, high_from: int) -> int:
    return (score >= medium_from) + (score >= high_from)


def severity(given: Given) -> int:
    return max(band(given["phq9_total"], 10, 20), band(given["gad7_total"], 10, 15))


def chronicity(given: Given) -> int:
    if given["problem_course"] == "relapse":
        return 1
    return 0 if given["problem_duration_days"] < 365 else 2


def complexity(given: Given) -> int:
    answers = (given["main_problems"], given["clinician_input"], given["care_coordination"])
    if answers[1:] == ("multidisciplinary", "significant"):
        return 2
    return 0 if answers == ("one", "one_clinician", "none_or_minimal") else 1


def impairment(given: Given) -> int:
    return ("none_or_minimal", "moderate", "marked").index(given["daily_functioning"])


def substance_use(given: Given) -> int:
    use = given["substance_use"]
    in_the_way = not given["substance_motivation"] or given["substance_blocks_therapy"]
    if use == "dependent" or given["substance_primary_problem"]:
        return 2
    if use == "none_or_minimal":
        return 0
    return 2 if in_the_way else 1


def previous_interventions(given: Given) -> int:
    count: int = given["unhelpful_interventions"]
    return min((count + 1) // 2, 2)


YES_OR_NO = (True, False)

FACTORS: Mapping[str, tuple[Callable[[Given], int], Mapping[str, tuple[Any, ...]]]] = {
    "severity": (severity, {"phq9_total": (0, 10, 20), "gad7_total": (0, 10, 15)}),
    "chronicity": (
        chronicity,
        {"problem_course": ("ongoing", "relapse"), "problem_duration_days": (0, 365)},
    ),
    "complexity": (
        complexity,
        {
            "main_problems": ("one", "two_or_more"),
            "clinician_input": ("one_clinician", "several_independent", "multidisciplinary"),
            "care_coordination": ("none_or_minimal", "significant"),
        },
    ),
    "impairment": (
        impairment,
        {"daily_functioning": ("none_or_minimal", "moderate", "marked")},
    ),
    "substance_use": (
        substance_use,
        {
            "substance_use": ("none_or_minimal", "moderate", "dependent"),
            "substance_primary_problem": YES_OR_NO,
            "substance_motivation": YES_OR_NO,
            "substance_blocks_therapy": YES_OR_NO,
        },
    ),
    "previous_interventions": (
        previous_interventions,
        {"unhelpful_interventions": (0, 1, 3)},
    ),
}
"""How each factor is read, and for each of its answers one value from every part of its range."""


def completions(given: Given, answers: Mapping[str, tuple[Any, ...]]) -> Iterator[Given]:
    missing = [name for name in answers if given.get(name) is None]
    for values in product(*(answers[name] for name in missing)):
        yield {**given, **dict(zip(missing, values, strict=True))}


def level(factor: str, given: Given, rated: str | None) -> str:
    """The level of a factor: as answered, as rated, or the higher of the two."""
    read, answers = FACTORS[factor]
    possible = {read(whole) for whole in completions(given, answers)}
    rating = LEVELS.index(rated) if rated in LEVELS else None
    if len(possible) > 1 and rating is None:
        return "unknown"
    return LEVELS[max(min(possible), rating or 0)]
