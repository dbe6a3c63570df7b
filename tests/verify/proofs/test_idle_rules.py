"""Which rules make no difference, and by which others: held against trying everything."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from random import Random
from typing import Any

import pytest

from tests.campaigns import share
from tests.plain_conclusions import Concluded
from tests.plain_reader import PlainReader
from tests.quick_reader import QuickDecider
from tests.verify.proofs.edited import Edited, Written, named, proved
from tests.verify.proofs.observed import Shows
from tests.verify.proofs.random_rules import ASKED, random_rulebook
from tests.verify.proofs.tried import Tried, answered
from triage.rulebook import Rulebook
from triage.verify.proofs.alive import every_rule_lives
from triage.verify.report import Finding

ROUNDS = 100
UNKNOWN = {"level": {"risk": "unknown"}}


class Kept:
    """Rules of a rulebook that are kept, or all, over everything that they may be given."""

    def __init__(self, rulebook: Rulebook, names: Collection[str] | None = None) -> None:
        self._rulebook = rulebook
        self.edited = Edited(rulebook)
        for rule in [*self.edited.rules()]:
            if names is not None and rule["id"] not in names:
                self.edited.drop(rule["id"])
        otherwise: Written = self.edited.content["stepped_care.yaml"]["otherwise"]
        self.rules = {one["id"]: one for one in (*self.edited.rules(), otherwise)}
        self._shows = Shows(self.edited.content, self.rules.values())
        self._plain = QuickDecider(self.edited.content)

    @cached_property
    def _found(self) -> list[tuple[Mapping[str, Any], Concluded]]:
        tried = Tried(self._rulebook, [*map(answered, ASKED)])
        every = (tried.facts(place) for place in tried.places)
        return [(facts, self._plain.conclude(facts)) for facts in every]

    def makes_a_difference(self, name: str) -> bool:
        """Does a decision show anything else without a rule, anywhere?"""
        less = Kept(self._rulebook, self.rules.keys() - {name})
        return any(
            self._shows(one) != less.shows(facts) for facts, one in self._found if name in one.fired
        )

    def shows(self, facts: Mapping[str, Any]) -> tuple[object, ...]:
        """What a decision shows."""
        return self._shows(self._plain.conclude(facts))

    def beside(self, name: str, others: Collection[str]) -> Iterator[frozenset[str]]:
        """Which of the others fire, wherever a rule does; the one that says otherwise may."""
        reader = PlainReader(self.edited.content)
        for facts, one in self._found:
            known = {**facts, "risk_level": one.levels["risk"], "routes": one.routes}
            known |= {"route": one.routes[0]} | self._shows.flags(one)
            if reader.holds(self.rules[name]["when"], known):
                rules = {each: self.rules[each].get("when") for each in others}
                yield frozenset(
                    each for each, when in rules.items() if not when or reader.holds(when, known)
                )

    def ever_fires(self, name: str) -> bool:
        """Does it conclude anything, anywhere?"""
        return any(name in one.fired for _, one in self._found)


@pytest.mark.parametrize("seed", range(share(ROUNDS)), ids=lambda seed: f"round_{seed}")
def test_rules_are_idle_exactly_where_no_decision_is_another_without_them(
    cut: Rulebook, seed: int
) -> None:
    rulebook = random_rulebook(cut, Random(seed))
    kept = Kept(rulebook)
    found = set(named(proved(every_rule_lives, rulebook)))
    for name, rule in kept.rules.items():
        lives = (
            kept.ever_fires(name)
            if "when" not in rule or rule["then"] == [UNKNOWN]
            else kept.makes_a_difference(name)
        )
        assert lives == (name not in found), (name, rule)


@pytest.mark.parametrize("seed", range(share(ROUNDS)), ids=lambda seed: f"round_{seed}")
def test_a_hidden_rule_is_hidden_by_those_that_are_named(cut: Rulebook, seed: int) -> None:
    rulebook = random_rulebook(cut, Random(seed))
    kept = Kept(rulebook)
    for found in proved(every_rule_lives, rulebook).findings:
        name, by = str(found.rule), hiders(found)
        for beside in kept.beside(name, by) if by else ():
            assert beside, (name, by)
        if by and plainly_named(kept.rules[name]):
            assert {frozenset({each}) for each in by} <= {*kept.beside(name, by)}, (name, by)


def hiders(found: Finding) -> set[str]:
    """The rules that a finding names."""
    _, hidden, told = found.problem.partition("conclude as much: ")
    return set(told.partition(";")[0].split(", ")) if hidden else set()


def plainly_named(rule: Written) -> bool:
    """Is all that it concludes one thing that is the same whoever says it?"""
    kinds = {kind for one in rule["then"] for kind in one}
    return len(rule["then"]) == 1 and kinds <= {"alert", "action", "hold_booking"}
