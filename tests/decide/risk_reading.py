"""An independent reading of what the contract says of risk answers; no code of triage in it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

Answers = Mapping[str, str | bool | None]

CHOICES: Mapping[str, tuple[str | bool | None, ...]] = {
    "emergency_now": (None, False, True),
    "thoughts_of_harm": (None, "none", "fleeting", "regular", "frequent"),
    "intent": (None, "none", "some", "strong"),
    "plan": (None, "none", "passive", "active"),
    "harm_injury": (None, "none", "minor", "serious", "life_threatening"),
    "serious_harm_history": (None, False, True),
    "protective_factors": (None, "some", "none_or_minimal"),
}
"""What may be answered to each question: not asked first, then from mildest to worst."""

COMBINATIONS: list[dict[str, str | bool | None]] = [
    dict(zip(CHOICES, row, strict=True)) for row in product(*CHOICES.values())
]

CLASS_OF_URGENCY = {
    "emergency": 0,
    "very_urgent": 1,
    "urgent": 2,
    "same_day": 2,
    "soon": 3,
    "routine": 4,
}
"""The classes of urgency; a smaller number is more urgent."""


def any_current(answers: Answers) -> bool:
    """Any thoughts, intent, plan or harm?"""
    named = ("thoughts_of_harm", "intent", "plan", "harm_injury")
    return any(answers[name] not in (None, "none") for name in named)


def intent_or_plan(answers: Answers) -> bool:
    return answers["intent"] in ("some", "strong") or answers["plan"] in ("passive", "active")


def high_now(answers: Answers) -> bool:
    """Is the risk High by a current answer?"""
    return (
        answers["intent"] == "strong"
        or answers["plan"] == "active"
        or answers["harm_injury"] == "life_threatening"
        or (answers["protective_factors"] == "none_or_minimal" and any_current(answers))
    )


def enough_is_answered(answers: Answers) -> bool:
    """May Low or Medium be known?"""
    always = ("thoughts_of_harm", "harm_injury", "serious_harm_history", "protective_factors")
    if any(answers[name] is None for name in always):
        return False
    if answers["thoughts_of_harm"] == "none":
        return True
    return answers["intent"] is not None and answers["plan"] is not None


def level(answers: Answers) -> str:
    """The level of risk."""
    if high_now(answers) or answers["serious_harm_history"] is True:
        return "high"
    if not enough_is_answered(answers) or answers["protective_factors"] == "none_or_minimal":
        return "unknown"
    medium = (
        answers["thoughts_of_harm"] in ("regular", "frequent")
        or answers["intent"] == "some"
        or answers["plan"] == "passive"
        or answers["harm_injury"] == "serious"
    )
    return "medium" if medium else "low"


def contradicts(answers: Answers) -> bool:
    """Intent or a plan without thoughts?"""
    return answers["thoughts_of_harm"] == "none" and intent_or_plan(answers)


def concluded(answers: Answers) -> dict[str, str]:
    """The routes that risk alone concludes, lead first, each with its own urgency."""
    routes: dict[str, str] = {}
    treated = answers["emergency_now"] is False
    if answers["emergency_now"] or (answers["harm_injury"] == "life_threatening" and not treated):
        routes["emergency"] = "emergency"
    history = answers["serious_harm_history"] is True
    if high_now(answers) or (history and intent_or_plan(answers)):
        routes["crisis"] = "very_urgent"
    elif history:
        routes["cmht"] = "urgent"
    found = level(answers)
    review = found == "unknown" or (found != "high" and contradicts(answers))
    if review and not {"emergency", "crisis"} & set(routes):
        routes["clinical_review"] = "same_day"
    return routes


def routes(answers: Answers, otherwise: str = "iapt_step_2") -> list[str]:
    """The lead and what is also indicated, where nothing but risk asks for a route."""
    return list(concluded(answers)) or [otherwise]


def urgency(answers: Answers) -> str:
    """The urgency, where nothing but risk makes anything urgent."""
    found = list(concluded(answers).values())
    if level(answers) == "medium":
        found.append("same_day")
    return min(found or ["routine"], key=CLASS_OF_URGENCY.__getitem__)
