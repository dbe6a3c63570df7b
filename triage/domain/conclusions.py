"""What several conclusions of one kind become.

Levels: the highest. Routes: the first in order of precedence leads, unless another takes its
place. Urgency: the most urgent of every route and overlay. Flags: true, if any rule says so.
All else: everything, each once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from triage.domain.rules import (
    ANOTHER_ROUTE,
    DIFFERING,
    LEAD_ROUTE,
    LEVELS,
    ROUTES,
    Conclusion,
    Fired,
    Rule,
    level_fact,
)
from triage.domain.vocabulary import Facts, Urgency, Value, Vocabulary

RANK = {level: rank for rank, level in enumerate(LEVELS)}


@dataclass(frozen=True, slots=True)
class LevelFound:
    """The level of a factor, and the rules that concluded it."""

    level: str
    rules: tuple[str, ...] = ()


Found = Iterable[tuple[Rule, Conclusion]]


def of_kind(fired: Sequence[Fired], kind: str) -> Iterator[tuple[Rule, Conclusion]]:
    """Every conclusion of a kind, with the rule that drew it."""
    return (
        (one.rule, conclusion)
        for one in fired
        for conclusion in one.rule.then
        if conclusion.kind == kind
    )


def levels(fired: Sequence[Fired], facts: Facts, vocabulary: Vocabulary) -> dict[str, LevelFound]:
    """The highest level concluded for each factor; ``unknown`` where none was."""
    return _highest(of_kind(fired, "level"), facts, vocabulary)


def _highest(found: Found, facts: Facts, vocabulary: Vocabulary) -> dict[str, LevelFound]:
    best: dict[str, tuple[str, list[str]]] = {name: ("unknown", []) for name in vocabulary.factors}
    for rule, conclusion in found:
        level = str(facts[conclusion.taken_from] if conclusion.taken_from else conclusion.value)
        held = best[conclusion.target]
        if level == held[0]:
            held[1].append(rule.id)
        elif RANK[level] > RANK[held[0]]:
            best[conclusion.target] = (level, [rule.id])
    return {name: LevelFound(level, tuple(rules)) for name, (level, rules) in best.items()}


def ratings_that_differ(
    fired: Sequence[Fired], facts: Facts, given: Mapping[str, LevelFound], vocabulary: Vocabulary
) -> tuple[str, ...]:
    """The factors a clinician rated otherwise than the answers say, in the order of the matrix."""
    rated = [name for name in vocabulary.factors if f"rated_{name}" in facts]
    if not rated:
        return ()
    from_answers = ((rule, one) for rule, one in of_kind(fired, "level") if not rule.is_rating)
    answered = _highest(from_answers, facts, vocabulary)
    return tuple(
        name
        for name in rated
        if _level_beside(answered[name].level, given[name].level) not in ("unknown", facts[f"rated_{name}"])
    )


def _level_beside(answered: str, given: str) -> str:
    return given if answered == "unknown" else answered


def claims(fired: Sequence[Fired], vocabulary: Vocabulary) -> dict[str, Urgency]:
    """Every route concluded, in order of precedence, with the most urgent urgency it was given."""
    found: dict[str, Urgency] = {}
    for _, conclusion in of_kind(fired, "route"):
        urgency = vocabulary.urgencies[conclusion.urgency or ""]
        held = found.get(conclusion.target)
        if held is None or urgency.rank < held.rank:
            found[conclusion.target] = urgency
    return {route: found[route] for route in vocabulary.routes if route in found}


def standing(claimed: Iterable[str], vocabulary: Vocabulary) -> tuple[str, ...]:
    """The routes that stand, lead first: those claimed, less those another takes the place of."""
    names = tuple(claimed)
    replaced = {other for name in names for other in vocabulary.routes[name].replaces}
    return tuple(name for name in names if name not in replaced)


def urgency(
    claimed: Mapping[str, Urgency], lead: str, fired: Sequence[Fired], vocabulary: Vocabulary
) -> Urgency:
    """The most urgent of every route claimed and every overlay; the lead's own where it is one."""
    overlays = (vocabulary.urgencies[one.target] for _, one in of_kind(fired, "urgency"))
    return min((claimed[lead], *claimed.values(), *overlays), key=lambda each: each.rank)


def settled_facts(
    settles: frozenset[str], fired: Sequence[Fired], facts: Facts, vocabulary: Vocabulary
) -> dict[str, Value]:
    """The facts that are fixed now that a stage has run, for the rules of later stages."""
    found: dict[str, Value] = {}
    if DIFFERING in settles:
        given = levels(fired, facts, vocabulary)
        found |= {level_fact(name): one.level for name, one in given.items()}
        found[DIFFERING] = ratings_that_differ(fired, facts, given, vocabulary)
    for _, conclusion in of_kind(fired, "flag"):
        if conclusion.target in settles:
            found[conclusion.target] = bool(conclusion.value or found.get(conclusion.target))
    if settles & {ANOTHER_ROUTE, LEAD_ROUTE, ROUTES}:
        found |= _route_facts(settles, claims(fired, vocabulary), vocabulary)
    return found


def _route_facts(
    settles: frozenset[str], claimed: Mapping[str, Urgency], vocabulary: Vocabulary
) -> dict[str, Value]:
    found: dict[str, Value] = {}
    if ANOTHER_ROUTE in settles:
        found[ANOTHER_ROUTE] = any(not vocabulary.routes[name].only_alone for name in claimed)
    if LEAD_ROUTE in settles:
        found[ROUTES] = standing(claimed, vocabulary)
        found[LEAD_ROUTE] = found[ROUTES][0]
    return found
