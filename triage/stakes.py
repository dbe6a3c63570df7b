"""What an unsettled rule could still bring, and so why a question is worth asking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from triage.domain.conclusions import Conclusions
from triage.domain.rules import Rule
from triage.domain.vocabulary import Facts, Urgency, Vocabulary
from triage.rulebook import Rulebook

SAFETY_GROUP, ROUTE_GROUP, OTHER_GROUP = range(3)
"""The order of asking: what could reach the most urgent routes, other routes, then the rest."""

SOONER = "could still make it more urgent"


@dataclass(frozen=True, slots=True)
class Stake:
    """One thing an unsettled rule could still bring.

    A lower rank matters more: more urgent first, then by the precedence of routes, then what only
    travels with the route.
    """

    kind: str
    target: str
    rank: tuple[int, int]
    group: int
    why: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a referral stands once its rules have run."""

    facts: Facts
    firing: frozenset[Rule]
    conclusions: Conclusions
    lead: str
    urgency: Urgency


class Stakes:
    """The stakes of every rule of a rulebook, and which rules follow from which."""

    def __init__(self, rulebook: Rulebook) -> None:
        vocabulary = rulebook.vocabulary
        self.urgencies = vocabulary.urgencies
        self.order = {name: place for place, name in enumerate(vocabulary.routes)}
        self.gives_way = {name for name, route in vocabulary.routes.items() if route.gives_way}
        self.wins = {rule: tuple(_wins(rule, vocabulary)) for rule in rulebook.rules}
        self.losses = {rule: tuple(_losses(rule, vocabulary)) for rule in rulebook.rules}
        self.readers: dict[str, list[Rule]] = {}
        for rule in rulebook.rules:
            for fact in rule.reads:
                self.readers.setdefault(fact, []).append(rule)
        self.plain = {fact: win for fact in self.readers for win in self._plain(fact)}
        """The one thing at stake on a fact whose every reader reads nothing else and settles
        nothing else: such a rule is unsettled just where its fact is missing."""

    def _plain(self, fact: str) -> tuple[Stake, ...]:
        rules = self.readers[fact]
        if any(len(rule.reads) > 1 or rule.concludes for rule in rules):
            return ()
        wins = [win for rule in rules for win in self.wins[rule]]
        alone = all(win.group == OTHER_GROUP for win in wins)
        absent = any(
            one.of_absent for rule in rules for way in rule.branches for one in way.comparisons
        )
        return tuple(wins[:1]) if alone and not absent else ()


class Scales:
    """Weighs, for one referral, what each missing fact could still bring."""

    def __init__(
        self,
        stakes: Stakes,
        unsettled: AbstractSet[Rule],
        standing: Standing,
        *,
        may_change: bool,
    ) -> None:
        """``may_change``: can the lead route or the urgency still be another?"""
        self._stakes, self._unsettled, self._standing = stakes, unsettled, standing
        self._may_change = may_change
        sure = standing.firing - unsettled
        self._lead_may_fall = may_change and not any(
            one.kind == "route" and one.target == standing.lead
            for rule in sure
            for one in rule.then
        )
        self._of_facts: dict[str, Stake | None] = {}
        self._of_rules: dict[Rule, Stake | None] = {}

    def of_fact(self, fact: str) -> Stake | None:
        """The weightiest stake of the unsettled rules that read a fact, however far off."""
        if fact not in self._of_facts:
            best: Stake | None = None
            for rule in self._stakes.readers.get(fact, ()):
                if rule in self._unsettled:
                    best = _weightier(best, self._of_rule(rule))
            self._of_facts[fact] = best
        return self._of_facts[fact]

    def _of_rule(self, rule: Rule) -> Stake | None:
        if rule in self._of_rules:
            return self._of_rules[rule]
        falls = rule in self._standing.firing
        stakes = self._stakes.losses[rule] if falls else self._stakes.wins[rule]
        news = [stake for stake in stakes if self._counts(stake, falls=falls)]
        best: Stake | None = None
        for stake in news:
            best = _weightier(best, stake)
        if news or not any(stake.kind == "route" for stake in stakes):
            for fact in rule.concludes:
                best = _weightier(best, self.of_fact(fact))
        self._of_rules[rule] = best
        return best

    def _counts(self, stake: Stake, *, falls: bool) -> bool:
        """Would it be news: a lead that may be lost, or a thing not concluded yet?"""
        if falls:
            return self._may_change and stake.target == self._standing.lead
        if stake.kind == "urgency":
            sooner = self._stakes.urgencies[stake.target].sooner_than(self._standing.urgency)
            return self._may_change and sooner
        found = self._standing.conclusions.of(stake.kind)
        if any(one.target == stake.target for _, one in found):
            return False
        return stake.kind != "route" or self._could_stand(stake.target)

    def _could_stand(self, route: str) -> bool:
        """Would a route lead, or stand beside the lead? Nothing is asked beside an emergency."""
        place, lead = self._stakes.order[route], self._stakes.order[self._standing.lead]
        if place < lead or self._lead_may_fall:
            return self._may_change
        return lead > 0 and route not in self._stakes.gives_way


def _weightier(one: Stake | None, other: Stake | None) -> Stake | None:
    if one is None or other is None:
        return one or other
    return one if one.rank <= other.rank else other


def _wins(rule: Rule, vocabulary: Vocabulary) -> Iterator[Stake]:
    least = max(each.rank for each in vocabulary.urgencies.values())
    for one in rule.then:
        if one.kind == "route":
            urgency = vocabulary.urgencies[one.urgency or ""]
            rank = (urgency.rank, list(vocabulary.routes).index(one.target))
            why = f"could still lead to: {vocabulary.routes[one.target].title}"
            group = group_of(urgency, vocabulary.urgencies)
            yield Stake(one.kind, one.target, rank, group, why)
            yield Stake("urgency", urgency.id, rank, ROUTE_GROUP, SOONER)
        elif one.kind == "urgency":
            rank = (vocabulary.urgencies[one.target].rank, len(vocabulary.routes))
            yield Stake(one.kind, one.target, rank, ROUTE_GROUP, SOONER)
        elif one.kind == "hold_booking":
            yield Stake(
                one.kind, one.target, (least, -1), ROUTE_GROUP, "could still hold the booking"
            )
        elif one.kind not in ("level", "flag"):
            why = f"could still add: {vocabulary.named[f'{one.kind}s'][one.target].title}"
            yield Stake(one.kind, one.target, (least + 1, 0), OTHER_GROUP, why)


def _losses(rule: Rule, vocabulary: Vocabulary) -> Iterator[Stake]:
    least = max(each.rank for each in vocabulary.urgencies.values())
    for one in rule.then:
        if one.kind == "route":
            why = f"could still lead away from: {vocabulary.routes[one.target].title}"
            yield Stake(one.kind, one.target, (least, len(vocabulary.routes)), ROUTE_GROUP, why)


def group_of(urgency: Urgency, urgencies: Mapping[str, Urgency]) -> int:
    """In which group a question is asked that could still bring a route of this urgency."""
    most_urgent = sorted({each.rank for each in urgencies.values()})[:2]
    return SAFETY_GROUP if urgency.rank in most_urgent else ROUTE_GROUP
