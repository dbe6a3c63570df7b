"""What must be tried of each conclusion: a referral on which the decision hangs on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from triage.diagram.forest import YES, Node
from triage.diagram.model import Model
from triage.diagram.walks import witness
from triage.domain.conditions import Compare
from triage.domain.rules import LEVELS, Conclusion, Rule
from triage.verify.packs.bodies import Draft
from triage.verify.packs.comparisons import word
from triage.verify.packs.shown import Shown
from triage.verify.packs.turning import Turner


class Hangs(NamedTuple):
    """What hangs on a conclusion, in words, and where."""

    on: str
    where: Node


class ConclusionTests:
    """Finds what to try of the conclusions of the rules of one model.

    ``never_needed`` gathers the conclusions without which every decision would be the same.
    """

    def __init__(self, turner: Turner) -> None:
        self._turner, self._model, self._forest = turner, turner.model, turner.model.forest
        self.never_needed: list[str] = []
        self._by_kind: Mapping[str, Callable[[Rule, Conclusion], Iterator[Hangs]]] = {
            "level": self._level,
            "flag": self._flag,
            "route": self._route,
            "urgency": self._overlay,
            "action": self._action,
        }

    def of(self, rule: Rule) -> Iterator[Shown]:
        """Everything to try of the conclusions of a rule."""
        for one in rule.then:
            for each in self._by_kind.get(one.kind, self._named)(rule, one):
                cell = witness(self._forest, each.where)
                if cell is None:
                    self.never_needed.append(f"{rule.id}: {each.on}: no decision hangs on it")
                else:
                    title = f"{rule.title}: it alone concludes {each.on}"
                    yield Shown(f"{rule.id}/{each.on}/alone", rule.id, title, Draft(cell))

    def _named(self, rule: Rule, one: Conclusion) -> Iterator[Hangs]:
        """What a decision names once, whoever concludes it, or once for each rule that does."""
        yield Hangs(f"{one.kind} {one.target}".rstrip(), self._alone(rule, one))

    def _action(self, rule: Rule, one: Conclusion) -> Iterator[Hangs]:
        yield from self._named(rule, one)
        if one.due and one.due.on:
            set_for = self._model.truth(Compare(one.due.on, "known", wanted=True))[0]
            where = self._forest.both(self._alone(rule, one), set_for)
            yield Hangs(f"action {one.target} on the day of {one.due.on}", where)

    def _level(self, rule: Rule, one: Conclusion) -> Iterator[Hangs]:
        """A level that no other rule concludes, nor a higher one."""
        for level in LEVELS[1:] if one.taken_from else (str(one.value),):
            others = [
                self._forest.both(self._model.firing(other), self._gives(each, least=level))
                for other, each in self._model.concluded("level", one.target)
                if other is not rule
            ]
            here = self._forest.both(self._turner.shown(rule), self._gives(one, level))
            where = self._forest.both(here, self._none(others))
            yield Hangs(f"level of {one.target} {level}", where)

    def _gives(self, one: Conclusion, exactly: str = "", least: str = LEVELS[-1]) -> Node:
        """Where a conclusion gives a level, or at least a level."""
        wanted = (exactly,) if exactly else LEVELS[LEVELS.index(least) :]
        if one.taken_from:
            return self._model.truth(Compare(one.taken_from, "in", wanted))[0]
        return self._forest.leaf(one.value in wanted)

    def _flag(self, rule: Rule, one: Conclusion) -> Iterator[Hangs]:
        """A flag without which another rule would fire, or would not."""
        without = Turner(
            Model(
                self._model.rulebook,
                self._model.space,
                self._forest,
                without=frozenset({rule.id}),
            )
        )
        reading = [other for other in self._model.rules if one.target in other.reads]
        otherwise = (
            self._differs(self._turner.shown(other), without.shown(other)) for other in reading
        )
        where = self._forest.both(self._model.firing(rule), self._forest.some(otherwise))
        yield Hangs(f"flag {one.target} {word(one.value)}", where)

    def _differs(self, one: Node, other: Node) -> Node:
        return self._forest.choose(one, self._forest.opposite(other), other)

    def _route(self, rule: Rule, one: Conclusion) -> Iterator[Hangs]:
        """A route that nobody else asks for; and its urgency, where nothing is as urgent."""
        where = self._forest.both(self._alone(rule, one), self._model.standing[one.target])
        yield Hangs(f"route {one.target}", where)
        yield Hangs(f"{one.urgency} for {one.target}", self._most_urgent(rule, one.urgency or ""))

    def _overlay(self, rule: Rule, one: Conclusion) -> Iterator[Hangs]:
        yield Hangs(f"urgency {one.target}", self._most_urgent(rule, one.target))

    def _most_urgent(self, rule: Rule, urgency: str) -> Node:
        """Where a rule fires and no other concludes anything as urgent."""
        known = self._model.rulebook.vocabulary.urgencies
        others = []
        for other in self._model.rules:
            named = [each.urgency or each.target for each in other.then if each.kind in _URGENT]
            if other is not rule and any(
                not known[urgency].sooner_than(known[each]) for each in named
            ):
                others.append(self._turner.shown(other))
        return self._forest.both(self._turner.shown(rule), self._none(others))

    def _alone(self, rule: Rule, one: Conclusion) -> Node:
        """Where a rule fires and no other concludes the same."""
        others = [
            self._turner.shown(other)
            for other, _ in self._model.concluded(one.kind, one.target)
            if other is not rule
        ]
        return self._forest.both(self._turner.shown(rule), self._none(others))

    def _none(self, nodes: list[Node]) -> Node:
        return self._forest.opposite(self._forest.some(nodes)) if nodes else YES


_URGENT = ("route", "urgency")
