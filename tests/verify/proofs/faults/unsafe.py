"""Unsafe overlays: somebody is less urgent by the local rules than by their base."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tests.plain_reader import PlainReader
from tests.verify.proofs.edited import Written, to
from tests.verify.proofs.faults.drawn import URGENCIES, Draws, Fault, must, one_of
from tests.verify.proofs.faults.pool import Sample

BASIS = {"source": "local", "where": "Agreed here", "sign_off": True}


def unsafe(draws: Draws) -> Fault:
    """A local rulebook by which somebody of the pool is less urgent, and no waiver says so."""
    return one_of(draws.random, WAYS)(draws)


def retire(draws: Draws, name: str) -> Written:
    """Take a rule of the base out, with a reason."""
    rule = draws.edited.rule(name)
    draws.edited.drop(name)
    front = draws.edited.content["rulebook.yaml"]
    said = {"rule": name, "title": rule["title"], "because": "Not here.", "basis": BASIS}
    front.setdefault("retired", []).append(said)
    return rule


def _retired(draws: Draws) -> Fault:
    """A rule of the base does not hold here."""
    name = draws.random.choice([one["id"] for one in _counting(draws)])
    retire(draws, name)
    return _shown(draws, name, f"without {name}")


def _later(draws: Draws) -> Fault:
    """The rule that takes its place is less urgent, or speaks of fewer people."""
    random = draws.random
    name = random.choice([one["id"] for one in _counting(draws)])
    rule = retire(draws, name)
    here = {**rule, "id": f"{name}-here", "then": [_put_off(one, draws) for one in rule["then"]]}
    if random.random() < 0.5:
        sample = draws.sample(lambda one: name in one.concluded.fired)
        more = draws.true_of(sample, random.randint(1, 2))
        here = {**here, "then": rule["then"], "when": {"all": [rule["when"], *more]}}
    draws.put(here, _file_of(rule, draws))
    return _shown(draws, name, f"{name} becomes {here['when']}: {here['then']}")


def _put_off(one: Written, draws: Draws) -> Written:
    urgency = one["route"]["urgency"] if "route" in one else one.get("urgency", "routine")
    later = [each for each in URGENCIES if URGENCIES.index(each) > URGENCIES.index(urgency)]
    if not later or not {"route", "urgency"} & one.keys():
        return one
    chosen = draws.random.choice(later)
    return to(one["route"]["to"], chosen) if "route" in one else {"urgency": chosen}


def _waived_too_little(draws: Draws) -> Fault:
    """The same, and a waiver speaks of some of them only."""
    sample = draws.sample()
    when = draws.joined(draws.true_of(sample, draws.random.randint(1, 2)))
    before = draws.random.choice(("very_urgent", "same_day", "urgent", "soon"))
    after = draws.random.choice(URGENCIES[URGENCIES.index(before) + 1 :])
    draws.edited.content["rulebook.yaml"]["waivers"] = [
        {
            "id": "agreed",
            "title": "Agreed here",
            "when": when,
            "urgency": {"from": before, "to": after},
            "basis": BASIS,
        }
    ]
    return one_of(draws.random, {"retired": _retired, "later": _later})(draws)


def _counting(draws: Draws) -> list[Any]:
    """The rules of the base that make somebody more urgent than routine."""
    return [
        one
        for one in draws.edited.rules()
        if any(each.get("urgency") or _is_soon(each) for each in one["then"])
    ]


def _is_soon(one: Written) -> bool:
    return "route" in one and one["route"]["urgency"] != "routine"


def _file_of(rule: Written, draws: Draws) -> str:
    (found,) = (one.file for one in draws.rulebook.rules if one.id == rule["id"])
    return found


def _shown(draws: Draws, name: str, said: str) -> Fault:
    """Is somebody on whom the rule fires in the base less urgent here, and not waived?"""
    front = draws.edited.content["rulebook.yaml"]
    stamp = draws.rulebook.stamp
    front["extends"] = {"rulebook": stamp.id, "version": stamp.version, "digest": stamp.digest}
    fired = [one for one in draws.pool.samples if name in one.concluded.fired]
    must(any(_is_later(one, draws, front.get("waivers", ())) for one in fired))
    return Fault(said, replace(draws.edited.rulebook(), base=draws.rulebook))


def _is_later(sample: Sample, draws: Draws, waivers: Sequence[Written]) -> bool:
    found = draws.plain().of_facts(sample.facts)
    if found is None or found.rank <= sample.concluded.urgency_class:
        return False
    reader = PlainReader(draws.edited.content)
    return not any(reader.holds(one["when"], sample.facts) for one in waivers)


WAYS = {"retired": _retired, "later": _later, "waived too little": _waived_too_little}
