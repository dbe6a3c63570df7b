"""What a decision holds beside its lead route and urgency, each thing by itself.

It is told twice: as functions of every referral, from a model of the rules, and of one decision
that was made. Due days count from receipt; where an action is due on the date of an answer, that
is one thing where the answer is given and another where it is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from triage.diagram.forest import Forest, Node
from triage.diagram.model import Model
from triage.domain.conditions import Compare
from triage.domain.decision import Decision
from triage.domain.rules import Due
from triage.domain.vocabulary import Value


class Part(NamedTuple):
    """One thing that a decision may hold: its kind, what it is about, and what it says of that."""

    kind: str
    name: str
    what: str = ""


CASENESS: Mapping[str, str] = {"phq9": "phq9_caseness", "gad7": "gad7_caseness"}
"""The measures whose caseness a decision holds, and the flags that say it."""

NAMED = ("alert", "treatment", "measure", "support")
"""The kinds of conclusion that a decision holds by name alone."""

BOOKING_HELD = Part("hold_booking", "booking")

KINDS = (
    "level",
    "hold_booking",
    "alert",
    "action",
    "also_indicated",
    "concurrent",
    "caseness",
    "treatment",
    "measure",
    "support",
)
"""The kinds of parts, in the order in which a difference is told."""


def parts_of(model: Model) -> dict[Part, Node]:
    """For each thing that decisions may hold, the referrals of whose decisions it is a part."""
    forest, found = model.forest, dict[Part, Node]()
    for part, node in _parts_of(model):
        found[part] = forest.either(found[part], node) if part in found else node
    routed = forest.some(model.leads.values())
    return {part: forest.both(node, routed) for part, node in found.items()}


def _parts_of(model: Model) -> Iterator[tuple[Part, Node]]:
    for factor in model.rulebook.vocabulary.factors:
        for level, node in model.levels(factor).items():
            yield Part("level", factor, level), node
    for name, flag in CASENESS.items():
        for said, node in zip(("yes", "no"), model.flag(flag), strict=True):
            yield Part("caseness", name, said), node
    for rule in model.rules:
        for one in rule.then:
            if one.kind in NAMED:
                yield Part(one.kind, one.target), model.firing(rule)
            elif one.kind == BOOKING_HELD.kind:
                yield BOOKING_HELD, model.firing(rule)
            elif one.due is not None:
                yield from _due(one.target, one.due, model.firing(rule), model)
    yield from _also_indicated(model)


def _due(action: str, due: Due, fires: Node, model: Model) -> Iterator[tuple[Part, Node]]:
    """An action by when it is due: on the day of an answer where that is given, else in days."""
    forest = model.forest
    if due.on is not None:
        given = model.truth(Compare(due.on, "known", wanted=True))[0]
        yield Part("action", action, due.on), forest.both(fires, given)
        fires = _less(forest, fires, given)
    yield Part("action", action, str(due.days)), fires


def _also_indicated(model: Model) -> Iterator[tuple[Part, Node]]:
    """The routes that stand behind the lead, each with its own urgency."""
    forest, words = model.forest, model.rulebook.vocabulary
    for name, standing in model.standing.items():
        behind = _less(forest, standing, model.leads[name])
        beside = forest.some(model.standing[each] for each in words.routes[name].concurrent_with)
        yield Part("concurrent", name), forest.both(behind, beside)
        claims = [model.claims[each] for each in (name, *words.routes[name].replaces)]
        for urgency in sorted(words.urgencies.values(), key=lambda one: one.order):
            asked = forest.some(each[urgency.id] for each in claims if urgency.id in each)
            yield Part("also_indicated", name, urgency.id), forest.both(behind, asked)
            behind = _less(forest, behind, asked)


def _less(forest: Forest, one: Node, other: Node) -> Node:
    return forest.both(one, forest.opposite(other))


def parts_in(decision: Decision, answers: Mapping[str, Value]) -> frozenset[Part]:
    """The things that a decision holds, which was made from these answers."""
    return frozenset(_parts_in(decision, answers))


def _parts_in(decision: Decision, answers: Mapping[str, Value]) -> Iterator[Part]:
    for factor, found in decision.levels.items():
        yield Part("level", factor, found.level)
    for name, caseness in decision.caseness.items():
        if caseness is not None:
            yield Part("caseness", name, "yes" if caseness else "no")
    if decision.booking_held:
        yield BOOKING_HELD
    for kind, names in _names_in(decision).items():
        yield from (Part(kind, name) for name in names)
    for route in decision.also_indicated:
        yield Part("also_indicated", route.route.id, route.urgency.id)
        if route.concurrent:
            yield Part("concurrent", route.route.id)
    yield from _actions_in(decision, answers)


def _names_in(decision: Decision) -> Mapping[str, Iterable[str]]:
    return {
        "alert": [one.id for one in decision.alerts],
        "treatment": decision.treatments,
        "measure": decision.measures,
        "support": decision.supports,
    }


def _actions_in(decision: Decision, answers: Mapping[str, Value]) -> Iterator[Part]:
    """The actions, of which a decision itself says no more than the day."""
    for reason in decision.reasoning:
        for one in reason.rule.then:
            if one.due is not None:
                on = one.due.on if one.due.on in answers else None
                yield Part("action", one.target, on or str(one.due.days))
