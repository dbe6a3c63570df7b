"""The rules of a rulebook, run on durable-rules in the one way that was found to be safe.

This is the only module that knows durable-rules. It drives the C engine directly and never its
``Host``, whose background threads lose rules and crash under load. The hazards it keeps out:

* One constant session and message id under one lock, retracted after every run: nothing of one
  referral is ever seen by the next, and no table of sessions fills up.
* Every rule carries a guard, so that the engine's own bookkeeping facts fire nothing.
* Every shard has a sentinel that always fires. A shard without it did not run, and that is an
  ``EngineError``, never "no rule fired".
* A shard holds at most ``SHARD`` alternatives, below the 64 that may be true at once.
* Each way a rule can be true is an engine rule of its own, so no rule fires twice and it is known
  which branch was true.
* The engine sees whole numbers only: choices by their place in the vocabulary, yes as 1, a listed
  word as a 1 of its own. So its loose comparison of types, its 16-bit string lengths and its
  reading of exponents never come into play. No patterns, no arithmetic, no nested values.
* Names are told apart by a 32-bit hash in the engine: names whose hashes meet are refused.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import durable_rules_engine as durable

from triage.domain.conditions import Branch, Compare
from triage.domain.rules import Fired, Rule, Stage
from triage.domain.vocabulary import Facts, Kind, Term, Value
from triage.errors import EngineError
from triage.rulebook import Rulebook

SHARD = 60
"""The most alternatives in one engine ruleset; more than 64 true at once is an engine error."""

GUARD = "triage_guard"
SENTINEL = "!"
_SESSION = '{"sid":"s","id":"r"}'
_ENVELOPE = f'{{"sid":"s","id":"r","{GUARD}":1'

Alternative = list[dict[str, Any]]
Encode = Callable[[Value], int]


class Engine:
    """A rulebook made ready to run. Safe to call from many threads; one run at a time."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._lock = threading.Lock()
        encoders = Encoders(rulebook.vocabulary.terms)
        self._stages = {
            stage.number: [Shard(part, encoders) for part in _parts(stage, encoders)]
            for stage in rulebook.stages
        }
        refuse_colliding_names(encoders.properties | {GUARD, "sid", "id", "$s"})
        for stage in rulebook.stages:
            self.fired(stage, {})

    def fired(self, stage: Stage, facts: Facts) -> tuple[Fired, ...]:
        """The rules of a stage that fire on the facts, in the order of the rulebook.

        Raises ``EngineError`` where the engine refused the facts, failed, or did not run.
        """
        found: list[Fired] = []
        with self._lock:
            for shard in self._stages[stage.number]:
                found += shard.run(facts)
        return tuple(found)

    def close(self) -> None:
        """Give back the engine's memory. The engine must not be used afterwards."""
        with self._lock:
            for shard in (shard for shards in self._stages.values() for shard in shards):
                shard.close()
            self._stages.clear()


@dataclass(frozen=True, slots=True)
class Property:
    """How one fact, or one word of a list, is shown to the engine: its name and its number."""

    name: str
    encode: Encode


class Encoders:
    """How facts become whole numbers, for the engine and for the constants of its rules."""

    def __init__(self, terms: Mapping[str, Term]) -> None:
        self._terms = terms
        self._made: dict[tuple[str, Value | None], Property] = {}

    @property
    def properties(self) -> set[str]:
        """Every property name the engine may meet."""
        return {made.name for made in self._made.values()}

    def of(self, comparison: Compare) -> Property:
        """The property that a comparison reads."""
        term = self._terms[comparison.fact]
        word = comparison.wanted if comparison.operator in ("includes", "excludes") else None
        key = (term.name, word)
        if key not in self._made:
            name = term.name if word is None else f"{term.name}/{word}"
            self._made[key] = Property(name, _encoder(term, word))
        return self._made[key]


def _encoder(term: Term, word: Value | None) -> Encode:
    if word is not None:
        return lambda value: int(word in value)  # type: ignore[operator]
    if term.kind is Kind.CHOICE:
        places: dict[Any, int] = {choice: place for place, choice in enumerate(term.choices)}
        return places.__getitem__
    if term.kind in (Kind.NUMBER, Kind.BOOLEAN):
        wanted = int if term.kind is Kind.NUMBER else bool
        return lambda value: _number(term.name, value, wanted)
    return lambda _value: 1


def _number(name: str, value: Value, wanted: type) -> int:
    if type(value) is not wanted:
        raise EngineError(f"{name} reached the engine with a value that is not {wanted.__name__}")
    return int(value)


def _alternatives(branch: Branch, encoders: Encoders) -> list[Alternative]:
    """The ways a branch can be true, each a list of engine conditions that all hold."""
    return [list(way) for way in product(*(_ways(each, encoders) for each in branch.comparisons))]


_ENGINE_OPERATORS = {
    "is_not": "$neq",
    "at_least": "$gte",
    "below": "$lt",
    "at_most": "$lte",
    "above": "$gt",
}


def _ways(comparison: Compare, encoders: Encoders) -> Iterable[dict[str, Any]]:
    seen = encoders.of(comparison)
    name, wanted = seen.name, comparison.wanted
    match comparison.operator:
        case "known":
            return [{"$ex" if wanted else "$nex": {name: 1}}]
        case "includes" | "excludes":
            return [{name: int(comparison.operator == "includes")}]
        case "in":
            return _spans(name, sorted(seen.encode(each) for each in wanted))  # type: ignore[union-attr]
        case "not_in":
            others = (seen.encode(each) for each in wanted)  # type: ignore[union-attr]
            return [{"$and": [{"$neq": {name: other}} for other in others]}]
        case "is":
            return [{name: seen.encode(wanted)}]
        case _:
            return [{_ENGINE_OPERATORS[comparison.operator]: {name: seen.encode(wanted)}}]


def _spans(name: str, places: Sequence[int]) -> list[dict[str, Any]]:
    """The fewest conditions that hold of these places: one for each run without a gap."""
    runs: list[list[int]] = []
    for place in places:
        if runs and place == runs[-1][-1] + 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    return [
        {"$and": [{"$gte": {name: run[0]}}, {"$lte": {name: run[-1]}}]} if len(run) > 1 else {name: run[0]}
        for run in runs
    ]


@dataclass(frozen=True, slots=True)
class Part:
    """Some branches of a stage's rules, with the engine alternatives of each."""

    branches: list[tuple[Rule, Branch, list[Alternative]]] = field(default_factory=list)

    @property
    def size(self) -> int:
        return sum(len(alternatives) for _, _, alternatives in self.branches)


def _parts(stage: Stage, encoders: Encoders) -> list[Part]:
    """The rules of a stage cut into parts that a shard can hold, no rule in two of them."""
    parts = [Part()]
    for rule in stage.rules:
        opened = [(rule, branch, _alternatives(branch, encoders)) for branch in rule.branches]
        size = sum(len(alternatives) for _, _, alternatives in opened)
        if size > SHARD:
            raise EngineError(f"{rule.id} opens into {size} alternatives; split it ({SHARD} fit)")
        if parts[-1].size + size > SHARD:
            parts.append(Part())
        parts[-1].branches.extend(opened)
    return parts


class Shard:
    """One engine ruleset with its guard and sentinel. The caller holds the lock."""

    def __init__(self, part: Part, encoders: Encoders) -> None:
        self._fires = {
            str(number): (rule, branch)
            for number, (rule, branch) in enumerate(_numbered(part))
        }
        self._seen = {
            seen.name: (comparison.fact, seen.encode)
            for _, branch, _ in part.branches
            for comparison in branch.comparisons
            for seen in (encoders.of(comparison),)
        }
        self._handle = durable.create_ruleset("triage", json.dumps(_definitions(part)))

    def run(self, facts: Facts) -> list[Fired]:
        """The rules of this shard that fire, in the order of the rulebook."""
        true = self._true(self._message(facts))
        found: dict[Rule, list[Branch]] = {}
        for name in sorted(true, key=int):
            rule, branch = self._fires[name]
            ways = found.setdefault(rule, [])
            if branch not in ways:
                ways.append(branch)
        return [Fired(rule, tuple(ways)) for rule, ways in found.items()]

    def close(self) -> None:
        durable.delete_state(self._handle, "s")
        durable.delete_ruleset(self._handle)

    def _message(self, facts: Facts) -> str:
        parts = [_ENVELOPE]
        for name, (fact, encode) in self._seen.items():
            value = facts.get(fact)
            if value is not None:
                parts.append(f',"{name}":{encode(value)}')
        parts.append("}")
        return "".join(parts)

    def _true(self, message: str) -> set[str]:
        try:
            true = set(self._drained(message))
        except EngineError:
            raise
        except Exception as error:
            kind = type(error).__name__  # its text may quote the facts, so only its kind is told
            raise EngineError(f"the rule engine failed ({kind}); nothing was routed") from None
        if SENTINEL not in true:
            raise EngineError("the rule engine did not run; nothing was routed")
        true.remove(SENTINEL)
        return true

    def _drained(self, message: str) -> Iterator[str]:
        """The names of all engine rules that are true of a message, which is then forgotten."""
        try:
            code, session = durable.assert_fact(self._handle, message)
            if code != 0:
                raise EngineError("the rule engine refused the facts; nothing was routed")
            started = durable.start_action_for_state(self._handle, session)
            frame = started[1] if started else None
            while frame:
                yield frame[2 : frame.index('"', 2)]
                frame = durable.complete_and_start_action(self._handle, session)
        finally:
            durable.retract_fact(self._handle, _SESSION)


def _numbered(part: Part) -> Iterator[tuple[Rule, Branch]]:
    for rule, branch, alternatives in part.branches:
        for _ in alternatives:
            yield rule, branch


def _definitions(part: Part) -> dict[str, Any]:
    alternatives: Sequence[Alternative] = [way for _, _, ways in part.branches for way in ways]
    rules = {
        str(number): {"all": [{"m": {"$and": [{GUARD: 1}, *conditions]}}], "pri": 1}
        for number, conditions in enumerate(alternatives)
    }
    return {**rules, SENTINEL: {"all": [{"m": {GUARD: 1}}], "pri": 2}}


def refuse_colliding_names(names: Iterable[str]) -> None:
    """Raise ``EngineError`` if two names have one 32-bit FNV-1a hash: the engine compares only that."""
    seen: dict[int, str] = {}
    for name in sorted(names):
        other = seen.setdefault(fnv_1a(name), name)
        if other != name:
            raise EngineError(f"the engine cannot tell {name} from {other}; rename one of them")


def fnv_1a(name: str) -> int:
    """The 32-bit FNV-1a hash of a name."""
    found = 2166136261
    for byte in name.encode():
        found = (found ^ byte) * 0x01000193 & 0xFFFFFFFF
    return found
