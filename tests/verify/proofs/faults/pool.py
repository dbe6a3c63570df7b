"""Referrals of every sort with what the shipped rules make of them, by the plain reader."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from random import Random
from typing import Any, NamedTuple

from tests.builders import MILD_ANSWERS, ReferralBuilder, nothing_asked
from tests.facts import facts_of
from tests.plain_conclusions import Concluded
from tests.quick_reader import QuickDecider
from tests.random_things import Drawer
from tests.verify.proofs.edited import Edited, a_rule
from triage.diagram.model import routing_rules
from triage.domain.referral import Patient, Referral
from triage.domain.vocabulary import Value
from triage.rulebook import Rulebook

SIZE = 400


class Sample(NamedTuple):
    """A referral, what is known of it, and what the shipped rules make of that."""

    referral: Referral
    facts: Mapping[str, Any]
    concluded: Concluded
    claimed: frozenset[str]
    """Every route that a rule asks for, be it another's to give."""
    flags: Mapping[str, bool]

    @property
    def lead(self) -> str:
        """The lead route."""
        return self.concluded.routes[0]

    @property
    def known(self) -> dict[str, Any]:
        """What is known, with what is concluded of it that rules may read."""
        levels = {f"{name}_level": level for name, level in self.concluded.levels.items()}
        routes = {"route": self.lead, "routes": self.concluded.routes}
        return {**self.facts, **levels, **self.flags, **routes}


class Pool:
    """A third drawn at random, a third mild but for a few answers, a third hardly asked."""

    def __init__(self, rulebook: Rulebook, seed: int = 0) -> None:
        self.rulebook = rulebook
        self._plain = QuickDecider(rulebook.content)
        self._rules = {rule.id: rule for rule in rulebook.rules}
        self.samples = tuple(self._sample(one) for one in _drawn(rulebook, Random(seed)))

    def _sample(self, referral: Referral) -> Sample:
        facts = {**self.rulebook.switches, **facts_of(referral, self.rulebook)}
        concluded = self._plain.conclude(facts)
        drawn = [one for name in concluded.fired for one in self._rules[name].then]
        claimed = frozenset(one.target for one in drawn if one.kind == "route")
        flags: dict[str, bool] = {}
        for one in drawn:
            if one.kind == "flag":
                flags[one.target] = bool(one.value or flags.get(one.target))
        return Sample(referral, facts, concluded, claimed, flags)


def that_move(rulebook: Rulebook) -> Rulebook:
    """The rules on which routes and urgencies depend, with two examples each."""
    edited = Edited(rulebook)
    kept = {rule.id for rule in routing_rules(rulebook)}
    for rule in [*edited.rules()]:
        rule["examples"] = a_rule(rule["id"], {})["examples"]
        if rule["id"] not in kept:
            edited.drop(rule["id"])
    front = edited.content["rulebook.yaml"]
    front["rulesets"] = [one for one in front["rulesets"] if edited.content[f"{one}.yaml"]["rules"]]
    return edited.rulebook()


def with_answer(referral: Referral, name: str, value: Value | None) -> Referral:
    """The same referral with another answer to one question, or none."""
    answers = {**referral.answers, name: value}
    kept = {each: one for each, one in answers.items() if one is not None}
    return replace(referral, answers=kept)


def _drawn(rulebook: Rulebook, random: Random) -> Iterator[Referral]:
    drawer = Drawer(rulebook)
    starts = (ReferralBuilder(), nothing_asked(), None)
    for number in range(SIZE):
        start = starts[number % 3]
        if start is None:
            yield drawer.referral(random)
            continue
        names = random.sample(list(MILD_ANSWERS), random.randint(0, 4))
        answers = rulebook.vocabulary.answers
        builder = replace(start, patient=Patient(age=random.choice((None, 17, 18, 40, 70))))
        yield builder.answering(
            **{name: drawer.answer(answers[name], random) for name in names}
        ).build()
