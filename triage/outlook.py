"""What a referral's gaps could still change: the rules not yet settled, and the answers they want.

A rule is settled when no answer still missing can change whether it fires. An answer that was
declined is unknown for good, and so settles. The reading is cautious: it takes facts one by one,
so it may hold a rule open that no single person's answers could fire, never the other way about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from triage.domain.conclusions import RANK
from triage.domain.conditions import Branch, Compare
from triage.domain.decision import MissingAnswer
from triage.domain.referral import BIRTH_DATE, SOURCE, Referral
from triage.domain.rules import LEVELS, Fired, Rule, level_fact
from triage.domain.vocabulary import Facts, Urgency, Value, Vocabulary
from triage.rulebook import Rulebook
from triage.rulebook.stages import concludes

Possible = tuple[Value | None, ...]
"""The values an open fact may still take; empty where it may take any, or stay missing."""

ANY: Possible = ()


@dataclass(frozen=True, slots=True)
class Outlook:
    """The rules that missing answers could still fire or unfire, and the answers to ask for."""

    unsettled: tuple[Rule, ...]
    missing: tuple[MissingAnswer, ...]

    def may_change(
        self,
        lead: str,
        urgency: Urgency,
        fired: Sequence[Fired],
        claimed: Mapping[str, Urgency],
        vocabulary: Vocabulary,
    ) -> bool:
        """Could a missing answer change the lead route or the urgency of the decision?"""
        order = list(vocabulary.routes)
        unsure = set(self.unsettled)
        firing = {one.rule for one in fired}
        for rule in self.unsettled:
            for conclusion in rule.then:
                if conclusion.kind not in ("route", "urgency"):
                    continue
                soon = vocabulary.urgencies[conclusion.urgency or conclusion.target]
                leads = conclusion.kind == "route" and (
                    order.index(conclusion.target) < order.index(lead)
                )
                if rule not in firing and (leads or soon.rank < urgency.rank):
                    return True
        sure = [one for one in fired if one.rule not in unsure]
        return not _still(lead, urgency, sure, claimed, vocabulary)


def _still(
    lead: str,
    urgency: Urgency,
    sure: Sequence[Fired],
    claimed: Mapping[str, Urgency],
    vocabulary: Vocabulary,
) -> bool:
    """Do the settled rules alone give the same lead and urgency?"""
    routes = {one.target for each in sure for one in each.rule.then if one.kind == "route"}
    ranks = [
        vocabulary.urgencies[one.urgency or one.target].rank
        for each in sure
        for one in each.rule.then
        if one.kind in ("route", "urgency")
    ]
    return lead in routes and bool(claimed) and min(ranks) == urgency.rank


class Gaps:
    """Finds the outlook of referrals under one rulebook."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._vocabulary = rulebook.vocabulary
        self._rules = [rule for stage in rulebook.stages for rule in stage.rules]
        self._otherwise = [stage.otherwise for stage in rulebook.stages if stage.otherwise]
        self._order = {name: place for place, name in enumerate(self._vocabulary.answers)}
        self._factors = {level_fact(name): name for name in self._vocabulary.factors}
        self._readers: dict[str, list[Rule]] = {}
        for rule in self._rules:
            for fact in rule.reads:
                self._readers.setdefault(fact, []).append(rule)
        self._inputs = self._inputs_of_facts()
        self._concludes = {rule: concludes(rule, self._vocabulary) for rule in self._rules}
        self._stakes = {rule: _stake(rule, self._vocabulary) for rule in self._rules}
        self._place = {rule: place for place, rule in enumerate(self._rules)}

    def outlook(self, referral: Referral, facts: Facts, fired: Sequence[Fired]) -> Outlook:
        """What is not settled about a referral whose rules have run."""
        open_facts = self._open_facts(referral, facts)
        if not open_facts:
            return Outlook((), ())
        unsettled = self._unsettled(dict.fromkeys(open_facts, ANY), facts, {one.rule for one in fired})
        missing = self._missing(open_facts, unsettled, fired)
        return Outlook(tuple(unsettled), missing)

    def _inputs_of_facts(self) -> dict[str, tuple[str, ...]]:
        """For each fact that rules read and answers settle, the answers, the one to ask first."""
        own = {name: (name,) for name in self._vocabulary.answers}
        derived = {
            name: fact.inputs for name, fact in self._vocabulary.derived.items() if fact.inputs
        }
        return {name: inputs for name, inputs in (own | derived).items() if name in self._readers}

    def _open_facts(self, referral: Referral, facts: Facts) -> dict[str, str]:
        """The facts not known that an answer could settle, each with the answer to ask for."""
        return {
            fact: inputs[0]
            for fact, inputs in self._inputs.items()
            if fact not in facts and not any(referral.answered(name) for name in inputs)
        }

    def _unsettled(
        self, open_facts: dict[str, Possible], facts: Facts, firing: set[Rule]
    ) -> dict[Rule, None]:
        found: dict[Rule, None] = {}
        queue = sorted({rule for fact in open_facts for rule in self._readers[fact]}, key=self._place.get)
        seen = set(queue)
        while queue:
            rule = queue.pop(0)
            if not _is_open(rule, open_facts, facts, firing=rule in firing):
                continue
            found[rule] = None
            for fact in self._concludes[rule]:
                self._widen(fact, rule, open_facts, facts)
                for reader in self._readers.get(fact, ()):
                    if reader not in seen:
                        seen.add(reader)
                        queue.append(reader)
            queue.sort(key=self._place.get)
        return found

    def _widen(
        self, fact: str, rule: Rule, open_facts: dict[str, Possible], facts: Facts
    ) -> None:
        """A rule that may fire or fall opens what it concludes: for a level, the levels it may
        raise it to, or any below where the rule may fall."""
        factor = self._factors.get(fact)
        if factor is None:
            open_facts[fact] = ANY
            return
        now = str(facts.get(fact, LEVELS[0]))
        held = open_facts.get(fact, (now,))
        raised = (
            str(one.value) for one in rule.then if one.kind == "level" and one.target == factor
        )
        higher = tuple(level for level in raised if RANK.get(level, 0) > RANK[now])
        lower = () if higher else LEVELS[: RANK[now]]
        open_facts[fact] = tuple(dict.fromkeys((*held, *higher, *lower)))

    def _missing(
        self, open_facts: Mapping[str, str], unsettled: Mapping[Rule, None], fired: Sequence[Fired]
    ) -> tuple[MissingAnswer, ...]:
        concluded = {_target(one) for each in fired for one in each.rule.then}
        stakes: dict[str, Stake] = {}
        for fact, answer in open_facts.items():
            reached = self._reached(fact, unsettled)
            best = min(
                (stake for rule in reached for stake in self._stakes[rule] if stake.target not in concluded),
                key=lambda stake: stake.rank,
                default=None,
            )
            if best and (answer not in stakes or best.rank < stakes[answer].rank):
                stakes[answer] = best
        ordered = sorted(stakes, key=lambda name: (stakes[name].group, self._order.get(name, 0)))
        return tuple(MissingAnswer(name, self._question(name), stakes[name].why) for name in ordered)

    def _reached(self, fact: str, unsettled: Mapping[Rule, None]) -> Iterator[Rule]:
        """The unsettled rules that read a fact, directly or by way of others."""
        facts, seen = [fact], set()
        while facts:
            for rule in self._readers.get(facts.pop(), ()):
                if rule in unsettled and rule not in seen:
                    seen.add(rule)
                    facts.extend(self._concludes[rule])
                    yield rule

    def _question(self, name: str) -> str:
        if name == BIRTH_DATE:
            return "What is the person's date of birth?"
        if name == SOURCE:
            return "Who refers: the person, a GP, or somebody else?"
        return self._vocabulary.answers[name].question


def _is_open(rule: Rule, open_facts: Mapping[str, Possible], facts: Facts, *, firing: bool) -> bool:
    if firing:
        return not any(_surely(branch, open_facts, facts) for branch in rule.branches)
    return any(_possibly(branch, open_facts, facts) for branch in rule.branches)


def _surely(branch: Branch, open_facts: Mapping[str, Possible], facts: Facts) -> bool:
    return all(
        (one.fact not in open_facts and one.holds(facts)) or _holds_of_all(one, open_facts)
        for one in branch.comparisons
    )


def _holds_of_all(one: Compare, open_facts: Mapping[str, Possible]) -> bool:
    possible = open_facts.get(one.fact, ANY)
    return bool(possible) and all(one.holds(_single(one.fact, value)) for value in possible)


def _possibly(branch: Branch, open_facts: Mapping[str, Possible], facts: Facts) -> bool:
    for one in branch.comparisons:
        possible = open_facts.get(one.fact)
        if possible is None:
            if not one.holds(facts):
                return False
        elif possible and not any(one.holds(_single(one.fact, value)) for value in possible):
            return False
    return True


def _single(name: str, value: Value | None) -> Facts:
    return {} if value is None else {name: value}


@dataclass(frozen=True, slots=True)
class Stake:
    """What an unsettled rule could still bring. A lower rank matters more; groups sort the asking."""

    target: tuple[str, str]
    rank: int
    group: int
    why: str


def _target(conclusion: object) -> tuple[str, str]:
    return (conclusion.kind, conclusion.target)  # type: ignore[attr-defined]


SAFETY_GROUP, ROUTE_GROUP, OTHER_GROUP = range(3)


def _stake(rule: Rule, vocabulary: Vocabulary) -> tuple[Stake, ...]:
    return tuple(_stakes(rule, vocabulary))


def _stakes(rule: Rule, vocabulary: Vocabulary) -> Iterable[Stake]:
    order = list(vocabulary.routes)
    for one in rule.then:
        target = _target(one)
        match one.kind:
            case "route":
                title = vocabulary.routes[one.target].title
                group = _group_of(vocabulary.urgencies[one.urgency or ""], vocabulary)
                yield Stake(target, order.index(one.target), group, f"could still lead to {title}")
            case "urgency" | "hold_booking":
                yield Stake(target, 100, ROUTE_GROUP, "could still make the response more urgent")
            case "alert" | "action" | "support" | "treatment" | "measure":
                title = vocabulary.named[f"{one.kind}s"][one.target].title
                yield Stake(target, 200, OTHER_GROUP, f"could still add: {title}")
            case _:
                title = vocabulary.terms[level_fact(one.target) if one.kind == "level" else one.target].title
                yield Stake((one.kind, rule.id), 300, OTHER_GROUP, f"could still settle: {title}")


def _group_of(urgency: Urgency, vocabulary: Vocabulary) -> int:
    most = sorted({each.rank for each in vocabulary.urgencies.values()})[:2]
    return SAFETY_GROUP if urgency.rank in most else ROUTE_GROUP
