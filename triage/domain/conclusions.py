"""What several conclusions of one kind become.

Levels: the highest. Routes: the first in order of precedence leads, unless another takes its
place; those that give way are dropped beside any other. Urgency: the most urgent of every route
and overlay. Flags: true, if any rule says so. All else: everything, each once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from triage.domain.rules import (
    DIFFERING,
    KINDS,
    LEAD_ROUTE,
    LEVELS,
    ROUTES,
    Conclusion,
    Fired,
    Rule,
    level_fact,
    rated_fact,
)
from triage.domain.vocabulary import Facts, Urgency, Value, Vocabulary
from triage.errors import EngineError

RANK = {level: rank for rank, level in enumerate(LEVELS)}

Found = Sequence[tuple[Rule, Conclusion]]


class LevelFound(NamedTuple):
    """The level of a factor, and the rules that concluded it."""

    level: str
    rules: tuple[str, ...] = ()


class Conclusions:
    """Everything concluded of one referral so far, stage by stage."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._found: dict[str, list[tuple[Rule, Conclusion]]] = {kind: [] for kind in KINDS}
        self.levels: Mapping[str, LevelFound] = {}
        """The highest level of each factor, once the levels of all are settled."""
        self.claims: Mapping[str, Urgency] = {}
        """Every route concluded, in order of precedence, with the most urgent urgency given it or
        any route whose place it takes."""
        self.standing: tuple[str, ...] = ()
        """The routes that stand, lead first: those claimed, less those another replaces."""
        self.gave_way: AbstractSet[Rule] = frozenset()
        """The rules that concluded nothing, because the routes they asked for gave way."""

    def draw(self, fired: Iterable[Fired]) -> None:
        """Add what the rules that fired conclude."""
        for one in fired:
            rule = one.rule
            for conclusion in rule.then:
                self._found[conclusion.kind].append((rule, conclusion))

    def of(self, kind: str) -> Found:
        """Every conclusion of a kind so far, with the rule that drew it."""
        return self._found[kind]

    def settle(self, settles: frozenset[str], facts: Facts) -> dict[str, Value]:
        """The facts that are fixed now that a stage has run, for the rules of later stages.

        Raises ``EngineError`` where no route stands: silence is never an answer.
        """
        settled: dict[str, Value] = {}
        factors = [name for name in self._vocabulary.factors if level_fact(name) in settles]
        if factors:
            highest = _highest(self._found["level"], facts, self._vocabulary)
            settled = {level_fact(name): highest[name].level for name in factors}
        if DIFFERING in settles:
            self.levels = _highest(self._found["level"], facts, self._vocabulary)
            settled[DIFFERING] = self._ratings_that_differ(facts)
        for _, conclusion in self._found["flag"]:
            if conclusion.target in settles:
                held = settled.get(conclusion.target)
                settled[conclusion.target] = bool(conclusion.value or held)
        if LEAD_ROUTE in settles:
            self._give_way()
            self.claims = self._claims()
            self.standing = self._standing()
            if not self.standing:
                raise EngineError("the rules give this referral no route; a human must look at it")
            settled[ROUTES], settled[LEAD_ROUTE] = self.standing, self.standing[0]
        return settled

    def _give_way(self) -> None:
        """Routes that give way are not concluded beside any that does not."""
        routes, found = self._vocabulary.routes, self._found["route"]
        firm = [each for each in found if not routes[each[1].target].gives_way]
        if firm and len(firm) < len(found):
            self._found["route"] = firm
            self.gave_way = {rule for rule, _ in found} - {rule for rule, _ in firm}

    def _claims(self) -> dict[str, Urgency]:
        found: dict[str, Urgency] = {}
        for _, conclusion in self._found["route"]:
            urgency = self._vocabulary.urgencies[conclusion.urgency or ""]
            held = found.get(conclusion.target)
            if held is None or urgency.sooner_than(held):
                found[conclusion.target] = urgency
        if len(found) == 1:
            return found
        routes = self._vocabulary.routes
        raised = {
            name: min(
                (own, *(found[other] for other in routes[name].replaces & found.keys())),
                key=_soonest,
            )
            for name, own in found.items()
        }
        return {name: raised[name] for name in routes if name in raised}

    def _standing(self) -> tuple[str, ...]:
        routes = self._vocabulary.routes
        replaced = {other for name in self.claims for other in routes[name].replaces}
        return tuple(name for name in self.claims if name not in replaced)

    def urgency(self) -> Urgency:
        """The most urgent of every claim and overlay; within a class the sooner clock."""
        urgencies = self._vocabulary.urgencies
        overlays = (urgencies[conclusion.target] for _, conclusion in self._found["urgency"])
        return min((*self.claims.values(), *overlays), key=_soonest)

    def _ratings_that_differ(self, facts: Facts) -> tuple[str, ...]:
        """The factors a clinician rated otherwise than the answers say, in the matrix's order."""
        rated = [name for name in self._vocabulary.factors if rated_fact(name) in facts]
        if not rated:
            return ()
        answers = [found for found in self._found["level"] if not found[0].is_rating]
        answered = _highest(answers, facts, self._vocabulary)
        beside = {
            name: answered[name].level
            if answered[name].level != "unknown"
            else self.levels[name].level
            for name in rated
        }
        return tuple(
            name for name in rated if beside[name] not in ("unknown", facts[rated_fact(name)])
        )


def _soonest(urgency: Urgency) -> tuple[int, int]:
    return urgency.order


def _highest(found: Found, facts: Facts, vocabulary: Vocabulary) -> dict[str, LevelFound]:
    best: dict[str, tuple[str, list[str]]] = {}
    for rule, conclusion in found:
        level = str(facts[conclusion.taken_from] if conclusion.taken_from else conclusion.value)
        held = best.get(conclusion.target)
        if held is None or RANK[level] > RANK[held[0]]:
            best[conclusion.target] = (level, [rule.id])
        elif level == held[0]:
            held[1].append(rule.id)
    nothing: tuple[str, list[str]] = ("unknown", [])
    highest = {name: best.get(name, nothing) for name in vocabulary.factors}
    return {name: LevelFound(level, tuple(rules)) for name, (level, rules) in highest.items()}
