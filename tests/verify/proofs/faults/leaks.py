"""Fairness leaks: somebody goes elsewhere for who they are, by a rule that does not say so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from typing import Any

from tests.verify.proofs.edited import Written, a_rule, to
from tests.verify.proofs.faults.drawn import FIRM, URGENCIES, Draws, Fault, must, one_of, outcome
from tests.verify.proofs.faults.pool import Sample, with_answer
from tests.verify.proofs.shown import PlainWitness
from triage.domain.referral import Patient, Referral

PROTECTED = ("age", "perinatal", "veteran")
AGES = (None, 0, 12, 17, 18, 30, 50, 64, 65, 80, 130)


def leak(draws: Draws) -> Fault:
    """A rule by which a protected fact alone moves somebody of the pool."""
    return one_of(draws.random, WAYS)(draws)


def _new(draws: Draws) -> Fault:
    """A new rule moves people by a protected fact, in some context."""
    random, fact = draws.random, draws.random.choice(PROTECTED)
    sample = draws.sample(_is_not_urgent)
    parts = [_reading(fact, draws), *draws.true_of(sample, random.randint(0, 2))]
    routing = to(random.choice(FIRM), random.choice(URGENCIES))
    level = {"level": {random.choice(("complexity", "impairment", "risk")): "high"}}
    urgency = {"urgency": random.choice(URGENCIES[:5])}
    then = random.choice((routing, routing, level, urgency, {"flag": {"current_danger": True}}))
    draws.put(a_rule("leaks", draws.joined(parts), then))
    return _shown(draws, fact, sample, "leaks", f"{parts}: {then}")


def _reading(fact: str, draws: Draws) -> Written:
    random = draws.random
    if random.random() < 0.2:
        return {fact: {"known": random.random() < 0.5}}
    if fact == "age":
        sign = random.choice(("at_least", "at_most", "above", "below"))
        return {fact: {sign: random.choice((18, 30, 50, 65, 80))}}
    return {fact: {"is": random.random() < 0.6}}


def _shipped(draws: Draws) -> Fault:
    """A shipped rule that moves people asks for a protected fact as well."""
    rules = [one for one in draws.edited.rules() if any("route" in each for each in one["then"])]
    rule = draws.random.choice(rules)
    fact = draws.random.choice(PROTECTED)
    must(fact not in rule.get("distinguishes", ()))
    sample = draws.sample(lambda one: rule["id"] in one.concluded.fired)
    asked = _reading(fact, draws)
    rule["when"] = draws.random.choice(
        ({"all": [rule["when"], asked]}, {"any": [rule["when"], asked]})
    )
    return _shown(draws, fact, sample, rule["id"], f"{rule['id']} asks for {asked}")


def _no_longer_said(draws: Draws) -> Fault:
    """A shipped rule treats people apart, and no longer says so."""
    name, fact = draws.random.choice(
        (("young-people", "age"), ("perinatal-psychosis", "perinatal"))
    )
    del draws.edited.rule(name)["distinguishes"]
    sample = draws.sample(lambda one: name in one.concluded.fired and len(one.claimed) == 1)
    draws.put(a_rule("beside", draws.joined(draws.true_of(sample, 2)), {"support": "debt"}))
    return _shown(draws, fact, sample, name, f"{name} says nothing of {fact}")


def _two(draws: Draws) -> Fault:
    """Two rules say the same, so that neither moves anybody while the other is there."""
    random, fact = draws.random, draws.random.choice(PROTECTED)
    sample = draws.sample(_is_not_urgent)
    parts = [_reading(fact, draws), *draws.true_of(sample, random.randint(0, 1))]
    then = to(random.choice(FIRM), random.choice(URGENCIES))
    for name in ("leaks", "leaks-too"):
        draws.put(a_rule(name, draws.joined([*parts]), then))
    return _shown(draws, fact, sample, "leaks", f"twice {parts}: {then}")


def _is_not_urgent(sample: Sample) -> bool:
    return sample.concluded.urgency_class > 1


def others(referral: Referral, fact: str) -> Iterator[Referral]:
    """The same referral of somebody who differs in one protected fact."""
    if fact == "age":
        yield from (replace(referral, patient=Patient(age=age)) for age in AGES)
    else:
        values: tuple[Any, ...] = (None, False, True)
        yield from (with_answer(referral, fact, value) for value in values)


def _shown(draws: Draws, fact: str, sample: Sample, name: str, said: str) -> Fault:
    """Does the fact alone move somebody, and did it not before, or said so?"""
    after, before = draws.plain(), PlainWitness(draws.rulebook)
    people = [*others(sample.referral, fact)]
    now, then = ([outcome(one, plain) for one in people] for plain in (after, before))
    said_so = any(fact in one.distinguishes for one in draws.rulebook.rules if one.id == name)
    must(
        any(
            now[one] != now[other] and (then[one] == then[other] or said_so)
            for one, other in combinations(range(len(people)), 2)
        )
    )
    return Fault(said, draws.edited.rulebook(), name)


WAYS = {"new": _new, "shipped": _shipped, "no longer said": _no_longer_said, "two": _two}
