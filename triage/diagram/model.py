"""A rulebook as functions over everything a referral may be.

Written from the conditions and conclusions of the rules alone: it opens no branches, knows no
stages, and shares nothing with the engine. A condition has two diagrams, where it is true and where
it is false; on a missing answer it is neither, and so does not fire.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from triage.diagram.forest import NO, YES, Forest, Node
from triage.diagram.inputs import OF_EITHER
from triage.diagram.space import Space
from triage.domain.conditions import All, AnyOf, AtLeastOf, Compare, Condition, Not
from triage.domain.rules import (
    DIFFERING,
    LEAD_ROUTE,
    LEVELS,
    ROUTES,
    Conclusion,
    Rule,
    level_fact,
    rated_fact,
)
from triage.domain.vocabulary import Facts
from triage.rulebook import Rulebook

Truth = tuple[Node, Node]
"""Where a condition is true, and where it is false."""

Elsewhere = Mapping[tuple[str, str], int]
"""For a rule and a fact, the place of another input that the rule reads it from."""


class Model:
    """One rulebook over a space; ``forest`` may hold others over the same space."""

    def __init__(
        self,
        rulebook: Rulebook,
        space: Space,
        forest: Forest | None = None,
        *,
        without: frozenset[str] = frozenset(),
        elsewhere: Elsewhere | None = None,
    ) -> None:
        self.rulebook, self.space = rulebook, space
        self.forest = forest or Forest(space.sizes)
        self.rules = tuple(rule for rule in rulebook.rules if rule.id not in without)
        self._elsewhere = elsewhere or {}
        self._firing: dict[str, Node] = {}
        self._levels: dict[tuple[str, bool], dict[str, Node]] = {}
        self._flags: dict[str, Truth] = {}

    def firing(self, rule: Rule) -> Node:
        """Where a rule fires, be its route taken up or give way."""
        found = self._firing.get(rule.id)
        if found is None:
            found = self._otherwise() if rule.when is None else self.truth(rule.when, rule)[0]
            self._firing[rule.id] = found
        return found

    def _otherwise(self) -> Node:
        """Where no other rule concludes a route."""
        routing = (rule for rule in self.rules if rule.when and _concludes(rule, "route"))
        return self.forest.opposite(self.forest.some(map(self.firing, routing)))

    def concluded(self, kind: str, target: str) -> list[tuple[Rule, Conclusion]]:
        """Every conclusion of a kind about a target, with the rule that draws it."""
        return [
            (rule, one)
            for rule in self.rules
            for one in rule.then
            if one.kind == kind and one.target == target
        ]

    # --- conditions ---

    def truth(self, condition: Condition, rule: Rule | None = None) -> Truth:
        """Where a condition is true and where it is false, as a rule reads it."""
        forest = self.forest
        match condition:
            case Compare():
                return self._compared(condition, rule)
            case Not(of=inner):
                true, false = self.truth(inner, rule)
                return false, true
            case All(of=of):
                truths = [self.truth(part, rule) for part in of]
                return forest.every(t for t, _ in truths), forest.some(f for _, f in truths)
            case AnyOf(of=of):
                truths = [self.truth(part, rule) for part in of]
                return forest.some(t for t, _ in truths), forest.every(f for _, f in truths)
            case AtLeastOf(count=count, of=of):
                truths = [self.truth(part, rule) for part in of]
                true = self._at_least(count, [t for t, _ in truths])
                return true, self._at_least(len(of) - count + 1, [f for _, f in truths])

    def _at_least(self, count: int, parts: list[Node]) -> Node:
        """Where so many of the parts hold: counted part by part."""
        forest = self.forest
        held = [YES, *(NO for _ in range(count))]
        for part in parts:
            held[1:] = [
                forest.either(held[n], forest.both(held[n - 1], part)) for n in range(1, count + 1)
            ]
        return held[count]

    def _compared(self, one: Compare, rule: Rule | None) -> Truth:
        if one.fact in self.rulebook.switches:
            holds = one.holds(self.rulebook.switches)
            return (YES, NO) if holds else (NO, YES)
        if one.fact in (ROUTES, DIFFERING):
            return self._listed(one)
        known, true = self._known_and_true(one, rule)
        if one.operator == "known":
            return (
                (known, self.forest.opposite(known))
                if one.wanted
                else (
                    self.forest.opposite(known),
                    known,
                )
            )
        return true, self.forest.both(known, self.forest.opposite(true))

    def _known_and_true(self, one: Compare, rule: Rule | None) -> Truth:
        """Where the fact of a comparison is known, and where the comparison is true of it."""
        if one.fact in OF_EITHER:
            return self._of_values(one, self._of_either(one.fact))
        if one.fact in self.space.depths_of:
            return self._of_inputs(one, rule)
        if one.fact in self.rulebook.vocabulary.concluded:
            return self._of_values(one, self._values(one.fact))
        return NO, NO

    def _of_inputs(self, one: Compare, rule: Rule | None) -> Truth:
        depths = self.space.depths_of[one.fact]
        apart = self._elsewhere.get((rule.id, one.fact)) if rule else None
        if apart is not None:
            depths = (apart,)
        known = [self.by_class(depth, lambda facts: one.fact in facts) for depth in depths]
        true = [
            self.by_class(depth, lambda facts: one.fact in facts and one.holds(facts))
            for depth in depths
        ]
        return self.forest.some(known), self.forest.some(true)

    def by_class(self, depth: int, test: Callable[[Facts], bool]) -> Node:
        """Where a test is true of the facts of an input."""
        return self.forest.node(depth, [int(one) for one in self.space.inputs[depth].where(test)])

    def _of_either(self, fact: str) -> Mapping[Any, Node]:
        """Where a fact is true of one of several inputs, and where of none of them."""
        depths = self.space.depths_of[fact]
        true = self.forest.some(self.by_class(depth, _says(fact)) for depth in depths)
        return {True: true, False: self.forest.opposite(true)}

    def _of_values(self, one: Compare, values: Mapping[Any, Node]) -> Truth:
        """Where a fact has any value, and where one of which a comparison holds."""
        holding = [
            node
            for value, node in values.items()
            if one.operator != "known" and one.holds_of(value)
        ]
        return self.forest.some(values.values()), self.forest.some(holding)

    def _values(self, fact: str) -> Mapping[Any, Node]:
        """Where a concluded fact has each of its values."""
        if fact == LEAD_ROUTE:
            return self.leads
        for factor in self.rulebook.vocabulary.factors:
            if fact == level_fact(factor):
                return self.levels(factor)
        true, false = self.flag(fact)
        return {True: true, False: false}

    def _listed(self, one: Compare) -> Truth:
        """Where a list of routes or factors holds a word; it is never unknown."""
        if one.operator == "known":
            return (YES, NO) if one.wanted else (NO, YES)
        wanted = str(one.wanted)
        found = self.standing.get(wanted, NO) if one.fact == ROUTES else self.differing(wanted)
        return found, self.forest.opposite(found)

    # --- levels and flags ---

    def levels(self, factor: str, *, rated: bool = True) -> Mapping[str, Node]:
        """Where a factor has each of the levels; without ``rated``, by the answers alone."""
        found = self._levels.get((factor, rated))
        if found is None:
            found = self._levels[factor, rated] = self._highest(factor, rated=rated)
        return found

    def _highest(self, factor: str, *, rated: bool) -> dict[str, Node]:
        forest, at = self.forest, dict.fromkeys(LEVELS, NO)
        for rule, one in self.concluded("level", factor):
            if rated or not rule.is_rating:
                for level in LEVELS[1:]:
                    here = forest.both(self.firing(rule), self.gives(one, level))
                    at[level] = forest.either(at[level], here)
        found, nothing_higher = {}, YES
        for level in reversed(LEVELS[1:]):
            found[level] = forest.both(at[level], nothing_higher)
            nothing_higher = forest.both(nothing_higher, forest.opposite(at[level]))
        return {**found, LEVELS[0]: nothing_higher}

    def gives(self, one: Conclusion, level: str) -> Node:
        """Where a conclusion about a level says this one."""
        if one.taken_from is None:
            return YES if one.value == level else NO
        return self.truth(Compare(one.taken_from, "is", level))[0]

    def differing(self, factor: str) -> Node:
        """Where a clinician rated a factor otherwise than the answers say."""
        forest = self.forest
        answered, highest = self.levels(factor, rated=False), self.levels(factor)
        found = NO
        for rating in LEVELS[1:]:
            rated = self.truth(Compare(rated_fact(factor), "is", rating))[0]
            for level in LEVELS[1:]:
                if level != rating:
                    beside = forest.either(
                        answered[level], forest.both(answered[LEVELS[0]], highest[level])
                    )
                    found = forest.either(found, forest.both(rated, beside))
        return found

    def flag(self, name: str) -> Truth:
        """Where a flag is true and where it is false: true if any rule says so."""
        found = self._flags.get(name)
        if found is None:
            says = self.concluded("flag", name)
            true = self.forest.some(self.firing(rule) for rule, one in says if one.value)
            false = self.forest.some(self.firing(rule) for rule, one in says if not one.value)
            found = self._flags[name] = true, self.forest.both(false, self.forest.opposite(true))
        return found

    # --- routes ---

    @cached_property
    def claims(self) -> Mapping[str, Mapping[str, Node]]:
        """Where each route is concluded, by its urgency; those that give way have given way."""
        asked: dict[str, dict[str, Node]] = {name: {} for name in self.rulebook.vocabulary.routes}
        for rule in self.rules:
            for one in rule.then:
                if one.kind == "route":
                    urgencies = asked[one.target]
                    held = urgencies.get(one.urgency or "", NO)
                    urgencies[one.urgency or ""] = self.forest.either(held, self.firing(rule))
        routes, firm = self.rulebook.vocabulary.routes, self._firm(asked)
        alone = self.forest.opposite(firm)
        return {
            name: {
                urgency: self.forest.both(node, alone) if routes[name].gives_way else node
                for urgency, node in urgencies.items()
            }
            for name, urgencies in asked.items()
        }

    def _firm(self, asked: Mapping[str, Mapping[str, Node]]) -> Node:
        """Where a route is asked for that does not give way."""
        routes = self.rulebook.vocabulary.routes
        return self.forest.some(
            node
            for name, urgencies in asked.items()
            if not routes[name].gives_way
            for node in urgencies.values()
        )

    @cached_property
    def claimed(self) -> Mapping[str, Node]:
        """Where each route is concluded."""
        return {name: self.forest.some(found.values()) for name, found in self.claims.items()}

    @cached_property
    def standing(self) -> Mapping[str, Node]:
        """Where each route stands: it is concluded, and none that is takes its place."""
        forest, routes = self.forest, self.rulebook.vocabulary.routes
        replaced = {
            name: forest.some(
                self.claimed[other] for other in routes if name in routes[other].replaces
            )
            for name in routes
        }
        return {
            name: forest.both(self.claimed[name], forest.opposite(replaced[name]))
            for name in routes
        }

    @cached_property
    def leads(self) -> Mapping[str, Node]:
        """Where each route leads: the first that stands, in order of precedence."""
        found, none_before = {}, YES
        for name, node in self.standing.items():
            found[name] = self.forest.both(node, none_before)
            none_before = self.forest.both(none_before, self.forest.opposite(node))
        return found

    @cached_property
    def lead(self) -> Node:
        """The lead route; None where there is none."""
        found = self.forest.leaf(None)
        for name, node in reversed(self.standing.items()):  # type: ignore[call-overload]
            found = self.forest.choose(node, self.forest.leaf(name), found)
        return found

    @cached_property
    def urgency(self) -> Node:
        """The most urgent of every route concluded and every overlay; None where there is none."""
        urgencies = self.rulebook.vocabulary.urgencies
        found = self.forest.leaf(None)
        for name in sorted(urgencies, key=lambda each: urgencies[each].order, reverse=True):
            claimed = [each[name] for each in self.claims.values() if name in each]
            claimed += [self.firing(rule) for rule, _ in self.concluded("urgency", name)]
            found = self.forest.choose(self.forest.some(claimed), self.forest.leaf(name), found)
        return found

    @cached_property
    def outcome(self) -> Node:
        """The lead route together with the urgency."""
        return self.forest.join(pair, self.lead, self.urgency)


def _says(fact: str) -> Callable[[Facts], bool]:
    return lambda facts: facts.get(fact) is True


def pair(lead: str | None, urgency: str | None) -> tuple[str | None, str | None]:
    """A lead route and an urgency, as the value of a leaf."""
    return lead, urgency


def _concludes(rule: Rule, kind: str) -> bool:
    return any(one.kind == kind for one in rule.then)


def routing_rules(rulebook: Rulebook) -> tuple[Rule, ...]:
    """The rules on which the lead route and the urgency depend, near or far."""
    wanted = {LEAD_ROUTE}
    found: dict[Rule, None] = {}
    pending = [
        one for one in rulebook.rules if _concludes(one, "route") or _concludes(one, "urgency")
    ]
    while pending:
        rule = pending.pop()
        if rule not in found:
            found[rule] = None
            new = (rule.reads & rulebook.vocabulary.concluded.keys()) - wanted
            wanted |= new
            pending += [one for one in rulebook.rules if one.concludes & new]
    return tuple(rule for rule in rulebook.rules if rule in found)
