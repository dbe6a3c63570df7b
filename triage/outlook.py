"""What a referral's gaps could still change: the rules not yet settled, and the answers they want.

A rule is settled when no answer still missing can change whether it fires. An answer that was
declined is unknown for good, and so settles. That reading is cautious: it takes facts one by one,
so it may hold a rule open that no single person's answers could fire, never the other way about:
save that item 9 of PHQ-9, still to come, may move a total that is known without it.
Whether the route or the urgency can still change is asked of the diagram, which is exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import NamedTuple

from triage.diagram import Diagram, Outcome
from triage.diagram.asking import Questions
from triage.diagram.model import routing_rules
from triage.diagram.questionnaires import GAD7_SCORE, PHQ9_SCORES
from triage.domain.conclusions import RANK
from triage.domain.conditions import Branch
from triage.domain.decision import MissingAnswer
from triage.domain.pseudonymised import Pseudonymised
from triage.domain.referral import BIRTH_DATE, SOURCE
from triage.domain.rules import (
    LEAD_ROUTE,
    LEVELS,
    ROUTES,
    Conclusion,
    Rule,
    level_fact,
)
from triage.domain.vocabulary import Facts, Value
from triage.rulebook import Rulebook
from triage.stakes import Scales, Stake, Stakes, Standing

Possible = tuple[Value, ...]
"""The values an open fact may still take; empty where it may take any, or stay missing."""

ANY: Possible = ()

SCORES = frozenset((*PHQ9_SCORES, GAD7_SCORE))
"""What a questionnaire is asked for: one of them not known may move what is known of it already."""

Open = dict[str, Possible]

QUESTIONS = {
    BIRTH_DATE: "What is the person's date of birth?",
    SOURCE: "Who refers: the person, a GP, or somebody else?",
}
"""How to ask for what is missing beside the screening answers."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What missing answers could still change: the lead or the urgency, and what to ask for it."""

    may_change: bool
    missing: tuple[MissingAnswer, ...]


class Ask(NamedTuple):
    """An answer to ask for; they sort into the order of asking."""

    group: int
    place: int
    rank: tuple[int, int]
    missing: MissingAnswer


class Gaps:
    """Finds the outlook of referrals under one rulebook."""

    def __init__(self, rulebook: Rulebook, diagram: Diagram) -> None:
        vocabulary = rulebook.vocabulary
        self._vocabulary = vocabulary
        self._diagram, self._questions = diagram, Questions(diagram, vocabulary)
        self._routing = frozenset(routing_rules(rulebook))
        self._stakes = Stakes(rulebook)
        self._stages = [_readers(stage.rules) for stage in rulebook.stages]
        self._wanted = self._answers_wanted()
        self._asks: dict[tuple[str, str, tuple[int, int]], Ask] = {}
        self._place = {name: place for place, name in enumerate((*vocabulary.answers, *QUESTIONS))}
        plain = self._stakes.plain
        self._plain = {
            fact: self._ask(inputs[0], plain[fact])
            for fact, inputs in self._wanted
            if fact in plain
        }

    def outlook(self, referral: Pseudonymised, standing: Standing) -> Outlook:
        """What is not settled about a referral whose rules have run."""
        wanted = self._open_facts(referral, standing.facts)
        unsettled = self._unsettled(wanted.keys() - self._plain.keys(), standing)
        bears = not self._routing.isdisjoint(unsettled) or not standing.facts.keys() >= SCORES
        may_change = bears and self._may_change(referral, standing)
        scales = Scales(self._stakes, unsettled, standing, may_change=may_change)
        return Outlook(may_change, self._missing(wanted, scales))

    def _answers_wanted(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Each fact that rules read and answers settle, with those answers in order of asking."""
        own = {name: (name,) for name in self._vocabulary.answers}
        worked = {
            name: fact.inputs for name, fact in self._vocabulary.derived.items() if fact.inputs
        }
        every = own | worked
        return tuple(
            (name, inputs) for name, inputs in every.items() if name in self._stakes.readers
        )

    def _open_facts(self, referral: Pseudonymised, facts: Facts) -> dict[str, str]:
        """The facts not known that an answer could settle, each with the answer to ask for."""
        missing = {fact: inputs for fact, inputs in self._wanted if fact not in facts}
        declined = referral.declined
        if not declined:
            return {fact: inputs[0] for fact, inputs in missing.items()}
        askable = {
            fact: next((name for name in inputs if name not in declined), None)
            for fact, inputs in missing.items()
        }
        return {fact: name for fact, name in askable.items() if name is not None}

    def _unsettled(self, wanted: AbstractSet[str], standing: Standing) -> AbstractSet[Rule]:
        """The rules that may still fire or fall, found stage by stage."""
        open_facts: Open = dict.fromkeys(wanted, ANY)
        found: set[Rule] = set()
        for readers in self._stages:
            reading: dict[Rule, None] = {}
            for fact in open_facts:
                if fact in readers:
                    reading |= readers[fact]
            for rule in reading:
                fires = rule in standing.firing
                nothing_known = not fires and rule.reads <= wanted
                if nothing_known or _is_open(rule, open_facts, standing.facts, fires=fires):
                    found.add(rule)
                    if rule.concludes:
                        self._widen(rule, open_facts, standing)
        return found

    def _widen(self, rule: Rule, open_facts: Open, standing: Standing) -> None:
        """What a rule concludes that may fire or fall is open for the rules of later stages."""
        falls = rule in standing.firing
        for one in rule.then:
            if one.kind == "level":
                fact = level_fact(one.target)
                now = str(standing.facts[fact])
                open_facts[fact] = (*open_facts.get(fact, (now,)), *_levels(one, now, falls=falls))
            elif one.kind == "flag":
                open_facts[one.target] = ANY
            elif one.kind == "route":
                self._widen_routes(rule, one, open_facts, standing)

    def _widen_routes(
        self, rule: Rule, one: Conclusion, open_facts: Open, standing: Standing
    ) -> None:
        if rule in standing.firing:
            open_facts.update(dict.fromkeys(rule.concludes, ANY))
            return
        if self._stakes.order[one.target] < self._stakes.order[standing.lead]:
            open_facts[LEAD_ROUTE] = _also(open_facts.get(LEAD_ROUTE), standing.lead, one.target)
        now = standing.facts[ROUTES]
        open_facts[ROUTES] = _also(open_facts.get(ROUTES), now, (one.target,))

    def _may_change(self, referral: Pseudonymised, standing: Standing) -> bool:
        """Could an answer still missing change the lead or the urgency? Exactly, by the diagram."""
        outcome = Outcome(standing.lead, standing.urgency.id)
        try:
            possible = self._questions.standing(referral, standing.facts).tables
            return not self._diagram.is_settled(possible, outcome)
        except KeyError:
            return True

    def _missing(self, wanted: Mapping[str, str], scales: Scales) -> tuple[MissingAnswer, ...]:
        """One entry for each answer to ask for, with the weightiest thing it could still bring."""
        asked: dict[int, Ask] = {}
        for fact, answer in wanted.items():
            ask = self._plain.get(fact)
            if ask is None:
                stake = scales.of_fact(fact)
                if stake is None:
                    continue
                ask = self._ask(answer, stake)
            held = asked.get(ask.place)
            if held is None or ask.rank < held.rank:
                asked[ask.place] = ask
        return tuple([ask.missing for ask in sorted(asked.values())])

    def _ask(self, answer: str, stake: Stake) -> Ask:
        made = self._asks.get((answer, stake.why, stake.rank))
        if made is not None:
            return made
        question = QUESTIONS.get(answer) or self._vocabulary.answers[answer].question
        missing = MissingAnswer(answer, question, stake.why)
        ask = Ask(stake.group, self._place[answer], stake.rank, missing)
        return self._asks.setdefault((answer, stake.why, stake.rank), ask)


def _readers(rules: tuple[Rule, ...]) -> dict[str, dict[Rule, None]]:
    """For each fact, the rules that read it."""
    found: dict[str, dict[Rule, None]] = {}
    for rule in rules:
        for fact in rule.reads:
            found.setdefault(fact, {})[rule] = None
    return found


def _also(held: Possible | None, now: Value, new: Value) -> Possible:
    """The values an open fact may have, with a new one; one that may be anything stays so."""
    if held == ANY:
        return ANY
    return (*(held or (now,)), new)


def _levels(one: Conclusion, now: str, *, falls: bool) -> tuple[str, ...]:
    """The levels a factor may get if a rule fires, or any below the present one if it may fall."""
    if falls:
        return LEVELS[: RANK[now]]
    level = str(one.value)
    return (level,) if RANK.get(level, 0) > RANK[now] else ()


def _is_open(rule: Rule, open_facts: Open, facts: Facts, *, fires: bool) -> bool:
    """May a rule that fires still fall, or one that does not still fire?"""
    if fires:
        return not any(_surely(branch, open_facts, facts) for branch in rule.branches)
    if not _possibly(rule.always, open_facts, facts):
        return False
    if len(rule.branches) == 1:
        return True
    return any(_possibly(branch, open_facts, facts) for branch in rule.branches)


def _surely(branch: Branch, open_facts: Open, facts: Facts) -> bool:
    """Does a branch hold whatever the open facts turn out to be?"""
    for one in branch.comparisons:
        possible = open_facts.get(one.fact)
        if possible is None:
            if not one.holds(facts):
                return False
        elif not possible or not all(one.holds_of(value) for value in possible):
            return False
    return True


def _possibly(branch: Branch, open_facts: Open, facts: Facts) -> bool:
    """Could a branch hold for some value of each open fact?"""
    for one in branch.comparisons:
        possible = open_facts.get(one.fact)
        if possible is None:
            if not one.holds(facts):
                return False
        elif possible and not any(one.holds_of(value) for value in possible):
            return False
    return True
