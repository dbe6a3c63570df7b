"""Referrals scored in every way, and rules that route by how their scores came about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Any

from tests.builders import MILD_ANSWERS
from tests.random_things import Drawer
from tests.verify.proofs.edited import Edited, a_rule
from triage.diagram.inputs import OF_EITHER
from triage.domain.referral import Referral
from triage.domain.vocabulary import Value
from triage.rulebook import Rulebook

FACTS = (*OF_EITHER, "phq9_impossible", "phq9_items", "gad7_items")
"""How scores came about, as rules may read it."""

OF_TWO = {
    "phq9_items": (9, (None, 0, 0, 1, 2, 3)),
    "gad7_items": (7, (None, 0, 0, 1, 2, 3)),
}
"""How many items a questionnaire has, and the scores that are drawn for one."""

STATED = {"phq9_total": 27, "phq9_item9": 3, "gad7_total": 21}
"""The highest of each score that is stated."""


def routing_by(rulebook: Rulebook, when: Mapping[str, Any]) -> Rulebook:
    """The shipped rules, and one by which the urgency depends on a condition."""
    edited = Edited(rulebook)
    edited.add(a_rule("by-the-score", when, {"urgency": "soon"}))
    return edited.rulebook()


def scored(random: Random, drawer: Drawer) -> Referral:
    """A mild referral whose questionnaires were answered by items, by stated scores or by both."""
    answers: dict[str, Value] = {
        name: value for name, value in MILD_ANSWERS.items() if name not in STATED
    }
    for name, (count, scores) in OF_TWO.items():
        if random.random() < 0.6:
            answers[name] = tuple(random.choice(scores) for _ in range(count))
    for name, highest in STATED.items():
        if random.random() < 0.5:
            answers[name] = random.randint(0, highest)
    return replace(drawer.referral(random), answers=answers)
