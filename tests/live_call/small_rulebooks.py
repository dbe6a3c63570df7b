"""Three small rulebooks of shipped rules: about danger, about scores, and about needs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from tests.live_call.cut_down import Axis, CutDown, asked, fixed
from triage.domain.referral import BIRTH_DATE, SOURCE
from triage.rulebook import Rulebook, load_rulebook, rulebook_of


def keeping(*ids: str, also: Iterable[Mapping[str, Any]] = ()) -> Rulebook:
    """The shipped rulebook with no rules but these; rulesets that are left empty are taken out."""
    content = json.loads(json.dumps(load_rulebook().content))
    front = content["rulebook.yaml"]
    del front["promises"]
    for name in list(front["rulesets"]):
        ruleset = content[f"{name}.yaml"]
        ruleset["rules"] = [rule for rule in ruleset["rules"] if rule["id"] in ids]
        if name == "eligibility":
            ruleset["rules"] += also
        if not ruleset["rules"]:
            front["rulesets"].remove(name)
            _hand_on("otherwise", ruleset, content["safety.yaml"])
    made = rulebook_of(json.dumps(content))
    assert len(made.rules) == len(ids) + len(list(also)) + 1
    return made


def _hand_on(part: str, giver: dict[str, Any], taker: dict[str, Any]) -> None:
    if part in giver:
        taker[part] = giver.pop(part)


RULES_OF_THE_MATRIX = "matrix-complexity-high"
"""Kept that its file may stand; without levels of complexity it never fires."""

NO_OR_YES = (False, True)

EIGHT = (1, 1, 1, 1, 1, 1, 1, 1)

ITEMS = ((*EIGHT, 0), (*EIGHT, None), (2, None, 2, None, 1, None, None, None, 0), (None,) * 9)
"""Items of PHQ-9: all, without the ninth, too few, and none at all."""

SELF_REFERRED = {
    "id": "self-referred",
    "title": "Those who come by themselves are counselled",
    "basis": {"source": "local", "where": "A rule of the tests", "sign_off": True},
    "when": {"self_referred": {"is": True}},
    "because": "The person came by themselves.",
    "then": [{"route": {"to": "counselling", "urgency": "routine"}}],
    "examples": [
        {"title": "by themselves", "given": {"self_referred": True}, "fires": True},
        {"title": "by somebody else", "given": {"self_referred": False}, "fires": False},
    ],
}


@lru_cache
def about_danger() -> CutDown:
    """The rules about risk: seven questions and a rating."""
    rulebook = keeping(
        "emergency",
        "history-with-current-intent-or-plan",
        "crisis",
        "cmht-history-alone",
        "review-risk-unknown",
        "medium-risk-review",
        "risk-low",
        "risk-medium",
        "risk-high",
        "risk-high-history",
        "risk-rated-high",
        RULES_OF_THE_MATRIX,
    )
    axes = (
        asked("emergency_now", *NO_OR_YES),
        asked("thoughts_of_harm", "none", "fleeting", "regular", "frequent"),
        asked("intent", "none", "some", "strong"),
        asked("plan", "none", "passive", "active"),
        asked("harm_injury", "none", "minor", "serious", "life_threatening"),
        asked("serious_harm_history", *NO_OR_YES),
        asked("protective_factors", "some", "none_or_minimal"),
        fixed("levels.risk", "high"),
    )
    return CutDown(rulebook, axes)


@lru_cache
def about_scores() -> CutDown:
    """The rules about scores: totals, item 9 and items that say the same or something else."""
    rulebook = keeping(
        "item9-positive",
        "counselling",
        "phq9-at-caseness",
        "phq9-below-caseness",
        "gad7-at-caseness",
        "gad7-below-caseness",
        "severity-high",
        "step-3-severity",
        "step-3-more-severe-depression",
        RULES_OF_THE_MATRIX,
    )
    axes = (
        asked("thoughts_of_harm", "none", "regular"),
        asked("harm_injury", "none"),
        fixed("answers.phq9_items", *ITEMS),
        asked("phq9_total", 0, 10, 15, 16, 20, 24, 27, by=("phq9_items",)),
        asked("phq9_item9", 0, 1, 3, by=("phq9_items",)),
        fixed("answers.gad7_items", (2, 2, 2, 2, None, None, None)),
        asked("gad7_total", 5, 8, 15, by=("gad7_items",)),
        asked("presenting_problem", "depression", "stress"),
    )
    return CutDown(rulebook, axes)


@lru_cache
def about_needs() -> CutDown:
    """Rules about age, source, substances and signs of a specialist need: eight questions."""
    rulebook = keeping(
        "item9-positive",
        "young-people",
        "specialist-indicator",
        "perinatal-psychosis",
        "substance-low",
        "substance-medium",
        "substance-high",
        "substance-rated",
        "matrix-substance-use-high",
        also=(SELF_REFERRED,),
    )
    axes = (
        asked("specialist_indicator", "none", "psychosis", "organic"),
        asked("substance_use", "none_or_minimal", "moderate", "dependent"),
        asked("substance_primary_problem", *NO_OR_YES),
        asked("substance_motivation", *NO_OR_YES),
        asked("substance_blocks_therapy", *NO_OR_YES),
        asked("perinatal", *NO_OR_YES),
        Axis("patient.age", (None, 17, 18), (BIRTH_DATE,)),
        Axis("source", (None, "A1", "B1"), (SOURCE,)),
        fixed("levels.substance_use", "high"),
    )
    return CutDown(rulebook, axes)


CUT_DOWN = {"danger": about_danger, "scores": about_scores, "needs": about_needs}
