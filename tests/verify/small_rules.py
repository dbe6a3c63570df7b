"""The shipped rules cut down to what a few answers decide, so that every referral can be tried.

Whatever reads anything else is left out of a rule, and a rule of which nothing is left is left out.
Referrals are counted up value by value; numbers that lie well apart from every threshold stand for
one another, each with its weight.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from itertools import groupby, product
from math import prod
from typing import Any

from tests.facts import facts_of
from triage.diagram.portions import MOMENT
from triage.diagram.walks import referral_of
from triage.domain.vocabulary import Value
from triage.rulebook import Rulebook, rulebook_of
from triage.verify.named_values import named_in

Facts = Mapping[str, Value]
Written = dict[str, Any]

NEAR = 2
"""How far from a threshold numbers are tried one by one."""


@dataclass(frozen=True)
class Axis:
    """What is given together: the facts that come of it, and what may be given, with weights.

    ``beside`` are facts that come of it too, and that no rule reads.
    """

    facts: tuple[str, ...]
    given: tuple[tuple[Mapping[str, Any], int], ...]
    beside: tuple[str, ...] = ()


def answer(name: str, *values: Any, facts: Sequence[str] = ()) -> Axis:
    """An answer, or none, of which one fact comes or others do."""
    given = [({}, 1), *(({f"answers.{name}": value}, 1) for value in values)]
    return Axis(tuple(facts) or (name,), tuple(given))


def number(path: str, fact: str, high: int, *thresholds: int) -> Axis:
    """A number from nought up: those near a threshold one by one, others by their runs."""
    given: list[tuple[Mapping[str, Any], int]] = [({}, 1)]
    for near, run in groupby(range(high + 1), key=lambda value: _is_near(value, thresholds)):
        values = list(run)
        given += (
            [({path: value}, 1) for value in values] if near else [({path: values[0]}, len(values))]
        )
    return Axis((fact,), tuple(given))


def _is_near(value: int, thresholds: Sequence[int]) -> bool:
    return any(abs(value - one) <= NEAR for one in thresholds)


def rating(factor: str) -> Axis:
    """A clinician's rating of a factor."""
    given = [({}, 1), *(({f"levels.{factor}": level}, 1) for level in ("low", "medium", "high"))]
    return Axis((f"rated_{factor}",), tuple(given))


def yes_or_no(name: str) -> Axis:
    return answer(name, *(False, True))


def phq9() -> Axis:
    """The total of PHQ-9 beside item 9, in every way both can be stated."""
    given: list[tuple[Mapping[str, Any], int]] = []
    for total, nine in product((None, *range(28)), (None, *range(4))):
        both = {"answers.phq9_total": total, "answers.phq9_item9": nine}
        given.append(({path: value for path, value in both.items() if value is not None}, 1))
    return Axis(("phq9_total", "phq9_item9"), tuple(given), ("phq9_impossible",))


SPECIALIST = ("psychosis", "mania", "organic", "severe_eating_disorder")
HARM = ("none", "minor", "serious", "life_threatening")
THOUGHTS = answer("thoughts_of_harm", "none", "fleeting", "regular", "frequent")
SOURCES = Axis(("self_referred",), (({}, 1), ({"source": "A1"}, 1), ({"source": "B1"}, 1)))

SMALL: Mapping[str, Sequence[Axis]] = {
    "risk": (
        yes_or_no("emergency_now"),
        THOUGHTS,
        answer("intent", "none", "some", "strong"),
        answer("plan", "none", "passive", "active"),
        answer("harm_injury", *HARM),
        yes_or_no("serious_harm_history"),
        answer("protective_factors", "some", "none_or_minimal"),
    ),
    "complexity": (
        answer("main_problems", "one", "two_or_more"),
        answer("clinician_input", "one_clinician", "several_independent", "multidisciplinary"),
        answer("care_coordination", "none_or_minimal", "significant"),
        rating("complexity"),
        answer("daily_functioning", "none_or_minimal", "moderate", "marked"),
        answer("specialist_indicator", "none", *SPECIALIST),
        yes_or_no("perinatal"),
    ),
    "measures": (
        phq9(),
        number("answers.gad7_total", "gad7_total", 21, 8, 10, 15),
        rating("severity"),
    ),
    "monitoring": (
        answer(
            "recent_trigger",
            "none",
            "relationship_split",
            "job_loss",
            "bereavement",
            "assault_or_trauma",
            "other",
        ),
        number("answers.trigger_days_ago", "trigger_days_ago", 3650, 56),
        answer("active_monitoring", "not_done", "under_way", "done_not_resolved", "done_resolved"),
        yes_or_no("accepts_active_monitoring"),
        SOURCES,
        answer(
            "monitoring_review_on",
            MOMENT.date() - timedelta(days=1),
            MOMENT.date() + timedelta(days=1),
            facts=("monitoring_review_on", "monitoring_review_passed"),
        ),
    ),
    "substances": (
        answer("substance_use", "none_or_minimal", "moderate", "dependent"),
        yes_or_no("substance_primary_problem"),
        yes_or_no("substance_motivation"),
        yes_or_no("substance_blocks_therapy"),
        number("answers.audit_total", "audit_total", 40, 20),
        number("patient.age", "age", 130, 18),
    ),
}
"""For each small rulebook, what is given of a referral."""


class SmallRules:
    """A small rulebook, with every referral there can be to it."""

    def __init__(self, shipped: Rulebook, axes: Sequence[Axis]) -> None:
        self._axes, self._shipped = axes, shipped
        read = {*shipped.switches, *ALWAYS, *(fact for axis in axes for fact in axis.facts)}
        found: frozenset[str] | None = None
        while found != frozenset(read):
            found = frozenset(read)
            content = _cut(json.loads(json.dumps(shipped.content)), found)
            self.rulebook = rulebook_of(json.dumps(content))
            read |= {fact for rule in self.rulebook.rules for fact in rule.concludes}

    @cached_property
    def cells(self) -> Sequence[tuple[Facts, int]]:
        """The facts of every referral that rules can tell apart, with its weight."""
        return [
            ({name: one for part, _ in parts for name, one in part}, weight)
            for parts in product(*(self._of(axis) for axis in self._axes))
            for weight in (prod(weight for _, weight in parts),)
        ]

    @property
    def referrals(self) -> int:
        """How many referrals there are that rules can tell apart."""
        return sum(weight for _, weight in self.cells)

    def _of(self, axis: Axis) -> list[tuple[tuple[tuple[str, Value], ...], int]]:
        """What the values of an axis amount to, each once."""
        found: dict[tuple[tuple[str, Value], ...], int] = {}
        for given, weight in axis.given:
            facts = facts_of(referral_of(given), self._shipped)
            names = (*axis.facts, *axis.beside)
            known = tuple((name, facts[name]) for name in names if name in facts)
            found[known] = weight
        return list(found.items())


ALWAYS = ("route", "routes", "ratings_that_differ")
"""What is known of every referral at last."""


def _cut(content: Written, facts: frozenset[str]) -> Written:
    """The content of a rulebook without what reads other facts, and what then nothing uses."""
    front = content["rulebook.yaml"]
    rulesets = {name: content[f"{name}.yaml"] for name in front["rulesets"]}
    for ruleset in rulesets.values():
        kept = ((rule, _part(rule["when"], facts)) for rule in ruleset["rules"])
        ruleset["rules"] = [_rule(rule, when, facts) for rule, when in kept if when]
    rulesets = {name: one for name, one in rulesets.items() if one["rules"] or EXTRAS & one.keys()}
    front["rulesets"] = list(rulesets)
    used = {*named_in(list(rulesets.values())), *_keys(list(rulesets.values()))}
    front["values"] = {name: one for name, one in front["values"].items() if name in used}
    if "many_mediums" in used:
        front["values"]["many_mediums"]["value"] = 2
    del front["promises"]
    return content


EXTRAS = {"otherwise", "cells", "safety_net"}


def _rule(rule: Written, when: Written, facts: frozenset[str]) -> Written:
    then = [{kind: _due(value, facts) for kind, value in one.items()} for one in rule["then"]]
    because = rule.get("because", rule["title"])
    found = {**rule, "when": when, "then": then, "because": because}
    read = set(_keys(when))
    found["distinguishes"] = [one for one in rule.get("distinguishes", ()) if one in read]
    return found if found["distinguishes"] else _without(found, "distinguishes")


def _due(value: Any, facts: frozenset[str]) -> Any:
    dated = isinstance(value, dict) and "due_on" in value and value["due_on"] not in facts
    return _without(value, "due_on") if dated else value


def _without(mapping: Written, key: str) -> Written:
    return {name: value for name, value in mapping.items() if name != key}


def _part(when: Written, facts: frozenset[str]) -> Written | None:
    """What is left of a condition; None where that is nothing."""
    ((key, value),) = ((key, value) for key, value in when.items() if key != "because")
    if key in ("all", "any"):
        left: Any = _parts(value, facts)
    elif key == "not":
        left = _part(value, facts)
    elif key == "at_least_of":
        of = _parts(value["of"], facts)
        left = {**value, "of": of} if len(of) > 1 else None
    elif key == "ratings_that_differ":
        left = value if f"rated_{value['includes']}" in facts else None
    else:
        left = value if key in facts else None
    return {**when, key: left} if left else None


def _parts(parts: Iterable[Written], facts: frozenset[str]) -> list[Written]:
    return [left for part in parts if (left := _part(part, facts))]


def _keys(written: Any) -> Iterator[str]:
    if isinstance(written, dict):
        for key, each in written.items():
            yield key
            yield from _keys(each)
    elif isinstance(written, list):
        for each in written:
            yield from _keys(each)
