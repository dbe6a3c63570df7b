"""Where a rule makes a difference: where a decision would be another without it.

A rule that fires where others conclude as much changes nothing there. So for each conclusion of a
rule every other rule has a function of the referral: where it makes that conclusion superfluous.
What is left of the rule's own firing is where it makes a difference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from triage.diagram.forest import NO, Node
from triage.diagram.model import Model
from triage.domain.conclusions import RANK
from triage.domain.rules import LEVELS, Conclusion, Rule

Covers = Iterator[tuple[Rule, Node]]
"""Other rules, and where each makes a conclusion superfluous."""


class Effects:
    """Where each rule of a model makes a difference, and which others hide it elsewhere."""

    def __init__(self, model: Model) -> None:
        self._model, self._forest = model, model.forest
        self._routes = model.rulebook.vocabulary.routes
        urgencies = model.rulebook.vocabulary.urgencies
        self._order = {name: each.order for name, each in urgencies.items()}
        self._covers: Mapping[str, Callable[[Rule, Conclusion], Covers]] = {
            "level": self._levels,
            "flag": self._flags,
            "route": self._of_routes,
            "urgency": self._urgencies,
        }

    def of(self, rule: Rule) -> Node:
        """Where the decision would be another without the rule."""
        return self._forest.some(self._own(rule, one) for one in rule.then)

    def hiding(self, rule: Rule) -> list[Rule]:
        """The fewest rules found that together conclude as much wherever the rule fires."""
        found = (other for one in rule.then for other in self._fewest(rule, one))
        return list(dict.fromkeys(found))

    def _fewest(self, rule: Rule, one: Conclusion) -> list[Rule]:
        left = self._drawn(rule, one)
        chosen: dict[Rule, Node] = {}
        for other, where in self._covering(rule, one):
            rest = self._forest.without(left, where)
            if rest != left:
                left = rest
                chosen[other] = self._forest.either(chosen.get(other, NO), where)
        for other in list(chosen):
            fewer = {each: where for each, where in chosen.items() if each is not other}
            if (
                self._forest.without(self._drawn(rule, one), self._forest.some(fewer.values()))
                == NO
            ):
                chosen = fewer
        return list(chosen)

    def _own(self, rule: Rule, one: Conclusion) -> Node:
        """Where a conclusion of a rule is nobody else's."""
        others = self._forest.some(where for _, where in self._covering(rule, one))
        return self._forest.without(self._drawn(rule, one), others)

    def _drawn(self, rule: Rule, one: Conclusion) -> Node:
        """Where a rule draws a conclusion that says anything: that a level is unknown says none."""
        fires = self._model.firing(rule)
        if one.kind != "level":
            return fires
        said = self._forest.some(self._model.gives(one, level) for level in LEVELS[1:])
        return self._forest.both(fires, said)

    def _covering(self, rule: Rule, one: Conclusion) -> Covers:
        """Where each other rule makes a conclusion superfluous, in the order of the rules."""
        return self._covers.get(one.kind, self._same)(rule, one)

    def _others(self, rule: Rule) -> Iterator[tuple[Rule, Conclusion]]:
        for other in self._model.rules:
            if other is not rule:
                for each in other.then:
                    yield other, each

    # --- what makes each kind of conclusion superfluous ---

    def _same(self, rule: Rule, one: Conclusion) -> Covers:
        for other, each in self._others(rule):
            if (each.kind, each.target, each.due) == (one.kind, one.target, one.due):
                yield other, self._model.firing(other)

    def _flags(self, rule: Rule, one: Conclusion) -> Covers:
        """A flag that one rule says is true is true, whoever says it is not."""
        for other, each in self._others(rule):
            as_much = each.value or not one.value
            if (each.kind, each.target) == (one.kind, one.target) and as_much:
                yield other, self._model.firing(other)

    def _levels(self, rule: Rule, one: Conclusion) -> Covers:
        """A level counts for nothing beside one that is as high."""
        for other, each in self._others(rule):
            if (each.kind, each.target) == (one.kind, one.target):
                as_high = self._forest.some(
                    self._forest.both(
                        self._model.gives(one, level), self._model.gives(each, higher)
                    )
                    for level in LEVELS[1:]
                    for higher in LEVELS
                    if RANK[higher] >= RANK[level]
                )
                yield other, self._forest.both(self._model.firing(other), as_high)

    def _urgencies(self, rule: Rule, one: Conclusion) -> Covers:
        """An overlay adds nothing beside a route that is taken, or an overlay, as urgent."""
        for other, each in self._others(rule):
            if each.kind == "urgency" and self._order[each.target] <= self._order[one.target]:
                yield other, self._model.firing(other)
            if each.kind == "route" and self._is_as_soon(each, one.target):
                yield other, self._taken(other, each)

    def _of_routes(self, rule: Rule, one: Conclusion) -> Covers:
        """A route adds nothing where it gives way, or where what stands in its place is as soon."""
        for other, each in self._others(rule):
            if each.kind != "route":
                continue
            if other.when is None:
                if self._says_otherwise(other, one):
                    yield other, self._forest.opposite(self._routed_without(rule))
            elif self._gives_way(one) and not self._gives_way(each):
                yield other, self._model.firing(other)
            elif self._takes_in(each.target, one.target):
                soon = self._soon(each.target, one.urgency or "", rule)
                yield other, self._forest.both(self._taken(other, each), soon)

    def _says_otherwise(self, otherwise: Rule, one: Conclusion) -> bool:
        """Would the rule that says otherwise, if it were asked, conclude this and nothing else?"""
        return [(each.target, each.urgency) for each in otherwise.then] == [
            (one.target, one.urgency)
        ]

    def _takes_in(self, route: str, other: str) -> bool:
        """Is a route another, or does it take the place of it and of all that it replaces?"""
        one, replaced = self._routes[route], self._routes[other]
        return route == other or (other in one.replaces and replaced.replaces <= one.replaces)

    def _soon(self, route: str, urgency: str, rule: Rule) -> Node:
        """Where a route is as urgent without a rule, be it by those whose place it takes."""
        names = (route, *self._routes[route].replaces)
        return self._forest.some(
            self._taken(other, each)
            for other, each in self._others(rule)
            if each.kind == "route" and each.target in names and self._is_as_soon(each, urgency)
        )

    def _is_as_soon(self, one: Conclusion, urgency: str) -> bool:
        return self._order[one.urgency or ""] <= self._order[urgency]

    def _taken(self, other: Rule, each: Conclusion) -> Node:
        """Where the route of a rule is taken."""
        fires = self._model.firing(other)
        return self._forest.both(fires, self._alone) if self._gives_way(each) else fires

    def _routed_without(self, rule: Rule) -> Node:
        """Where rules that have a condition, but for this one, conclude a route."""
        return self._forest.some(
            self._model.firing(other)
            for other, each in self._others(rule)
            if other.when is not None and each.kind == "route"
        )

    def _gives_way(self, one: Conclusion) -> bool:
        return self._routes[one.target].gives_way

    @cached_property
    def _alone(self) -> Node:
        """Where no route is concluded that does not give way."""
        firm = [name for name, route in self._routes.items() if not route.gives_way]
        return self._forest.opposite(self._forest.some(self._model.claimed[each] for each in firm))
