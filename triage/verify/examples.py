"""Runs every example of every rule through the real engine."""

from __future__ import annotations

from collections.abc import Iterator

from triage.domain.rules import Example, Rule, level_fact
from triage.domain.vocabulary import Value
from triage.engine import Engine
from triage.rulebook import Rulebook
from triage.verify.places import finding
from triage.verify.report import Finding


def examples_that_fail(rulebook: Rulebook) -> Iterator[Finding]:
    """Each example on which its rule does otherwise than the example says."""
    engine = Engine(rulebook)
    unknown = facts_before_any_answer(rulebook)
    for stage in rulebook.stages:
        for rule in stage.rules:
            for example in rule.examples:
                fired = engine.fired(stage, {**unknown, **example.given})
                if any(one.rule is rule for one in fired) is not example.fires:
                    yield finding("examples", rule, _said(example), example.line)
    engine.close()


def facts_before_any_answer(rulebook: Rulebook) -> dict[str, Value]:
    """What holds of a referral of which nothing is known: the switches, and no level known."""
    levels = {level_fact(factor): "unknown" for factor in rulebook.vocabulary.factors}
    return {**rulebook.switches, **levels}


def fires_on(rule: Rule, facts: dict[str, Value]) -> bool:
    """Would a rule fire on these facts alone, read without the engine?"""
    return any(branch.holds(facts) for branch in rule.branches)


def _said(example: Example) -> str:
    wanted, got = ("fires", "does not") if example.fires else ("does not fire", "does")
    return f"example '{example.title}': it {wanted}, but the rule {got}; put one of them right"
