"""The rules of a rulebook, run on durable-rules in the one way that was found to be safe.

This is the only module that knows durable-rules. It drives the C engine directly and never its
``Host``, whose background threads lose rules and crash under load. The hazards it keeps out:

* One constant session and message id under one lock, retracted after every run: nothing of one
  referral is ever seen by the next, and no table of sessions fills up.
* Every rule carries a guard, so that the engine's own bookkeeping facts fire nothing.
* Every shard has a sentinel that always fires. A shard without it did not run, and that is an
  ``EngineError``, never "no rule fired".
* No more than ``MOST_TRUE`` of a shard's alternatives can be true at once, below the 64 at which
  the engine gives up; what excludes what is read off the conditions themselves.
* Each way a rule can be true is an engine rule of its own, so no rule fires twice and it is known
  which branch was true.
* The engine sees whole numbers only: choices by their place in the vocabulary, yes as 1, a listed
  word as a 1 of its own. So its loose comparison of types, its 16-bit string lengths and its
  reading of exponents never come into play. No patterns, no arithmetic, no nested values.
* Names are told apart by a 32-bit hash in the engine: names whose hashes meet are refused. Facts
  go by short names of our own making there, which also keeps its messages small.
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

MOST_TRUE = 60
"""The most alternatives of one shard that may be true at once; past 64 the engine gives up."""

MOST_ALTERNATIVES = 240
"""The most alternatives in one shard; 513 different conditions at one level hang the engine."""

GUARD = "g"
SENTINEL = "!"
_FORGET = '{"sid":"s","id":"r"}'
_ENVELOPE = '{"sid":"s","id":"r","g":1'

Condition = dict[str, Any]
Encode = Callable[[Any], int]

SMALL = 200
"""Up to how many numbers a fact may have for the words that show them to be made beforehand."""


class Engine:
    """A rulebook made ready to run. Safe to call from many threads; one run at a time."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._lock = threading.Lock()
        properties = Properties(rulebook.vocabulary.terms)
        self._stages = {
            stage.number: [Shard(part) for part in _parts(stage, properties)]
            for stage in rulebook.stages
        }
        refuse_colliding_names({GUARD, "sid", "id", "$s", *properties.names})
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
    """How one fact, or one word of a list, is shown to the engine: its name there, its number."""

    name: str
    fact: str
    encode: Encode
    show: Callable[[Any], str]
    """The part of a message that gives the fact its value."""


class Properties:
    """The properties of one engine, made as conditions ask for them."""

    def __init__(self, terms: Mapping[str, Term]) -> None:
        self._terms = terms
        self._made: dict[tuple[str, Value | None], Property] = {}

    @property
    def names(self) -> list[str]:
        """Every property name the engine may meet."""
        return [made.name for made in self._made.values()]

    def of(self, comparison: Compare) -> Property:
        """The property that a comparison reads."""
        term = self._terms[comparison.fact]
        word = comparison.wanted if comparison.operator in ("includes", "excludes") else None
        key = (term.name, word)
        if key not in self._made:
            name, encode = f"p{len(self._made)}", _encoder(term, word)
            self._made[key] = Property(name, term.name, encode, _shower(term, word, name, encode))
        return self._made[key]


def _encoder(term: Term, word: Value | None) -> Encode:
    if word is not None:
        return lambda listed: int(word in listed)
    if term.kind is Kind.CHOICE:
        return {choice: place for place, choice in enumerate(term.choices)}.__getitem__
    if term.kind is Kind.NUMBER:
        return lambda value: value if type(value) is int else _refuse(term)
    if term.kind is Kind.BOOLEAN:
        return lambda value: 1 if value is True else 0 if value is False else _refuse(term)
    return lambda _value: 1


def _shower(term: Term, word: Value | None, name: str, encode: Encode) -> Callable[[Any], str]:
    values: Iterable[Any] = ()
    if word is None and term.kind in (Kind.CHOICE, Kind.BOOLEAN):
        values = term.choices or (False, True)
    elif term.kind is Kind.NUMBER and term.high - term.low <= SMALL:
        values = range(term.low, term.high + 1)
    made = {value: f',"{name}":{encode(value)}' for value in values}
    return made.__getitem__ if made else lambda value: f',"{name}":{encode(value)}'


def _refuse(term: Term) -> int:
    raise EngineError(f"{term.name} reached the engine with a value that is not a {term.kind}")


@dataclass(frozen=True, slots=True)
class Span:
    """The numbers a property may have for a condition to hold. ``low`` None: it must be absent."""

    low: float | None = float("-inf")
    high: float = float("inf")

    def excludes(self, other: Span) -> bool:
        if self.low is None or other.low is None:
            return self.low is not other.low
        return self.high < other.low or other.high < self.low

    def within(self, other: Span) -> Span:
        if self.low is None or other.low is None:
            return self
        return Span(max(self.low, other.low), min(self.high, other.high))


ABSENT = Span(None)


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way for a rule to be true, as the engine is given it."""

    rule: Rule
    branch: Branch
    conditions: tuple[Condition, ...]
    spans: Mapping[str, Span]
    properties: frozenset[Property]

    def excludes(self, other: Alternative) -> bool:
        """Can the two never be true of the same facts?"""
        return any(
            name in other.spans and span.excludes(other.spans[name])
            for name, span in self.spans.items()
        )


def _alternatives(rule: Rule, properties: Properties) -> Iterator[Alternative]:
    for branch in rule.branches:
        seen = frozenset(properties.of(each) for each in branch.comparisons)
        for ways in product(*(_ways(each, properties.of(each)) for each in branch.comparisons)):
            spans: dict[str, Span] = {}
            for name, span, _ in ways:
                spans[name] = spans.get(name, span).within(span)
            yield Alternative(rule, branch, tuple(way[2] for way in ways), spans, seen)


Way = tuple[str, Span, Condition]


def _ways(comparison: Compare, seen: Property) -> list[Way]:
    """The ways a comparison can be true, each with the numbers that its property may then have."""
    name, wanted = seen.name, comparison.wanted
    match comparison.operator:
        case "known":
            return (
                [(name, Span(), {"$ex": {name: 1}})]
                if wanted
                else [(name, ABSENT, {"$nex": {name: 1}})]
            )
        case "includes" | "excludes":
            return [_between(name, int(comparison.operator == "includes"))]
        case "in":
            return [_between(name, *run) for run in _runs(seen.encode(each) for each in wanted)]  # type: ignore[union-attr]
        case "not_in":
            others = [{"$neq": {name: seen.encode(each)}} for each in wanted]  # type: ignore[union-attr]
            return [(name, Span(), {"$and": others})]
        case operator:
            number = seen.encode(wanted)
            span, sign = _SIGNS[operator]
            return [(name, span(number), {sign: {name: number}} if sign else {name: number})]


_SIGNS: Mapping[str, tuple[Callable[[int], Span], str]] = {
    "is": (lambda number: Span(number, number), ""),
    "is_not": (lambda _number: Span(), "$neq"),
    "at_least": (lambda number: Span(low=number), "$gte"),
    "above": (lambda number: Span(low=number + 1), "$gt"),
    "at_most": (lambda number: Span(high=number), "$lte"),
    "below": (lambda number: Span(high=number - 1), "$lt"),
}


def _runs(places: Iterable[int]) -> list[list[int]]:
    """The first and last of each run of places without a gap."""
    runs: list[list[int]] = []
    for place in sorted(places):
        if runs and place == runs[-1][1] + 1:
            runs[-1][1] = place
        else:
            runs.append([place, place])
    return runs


def _between(name: str, low: int, high: int | None = None) -> Way:
    if high is None or high == low:
        return (name, Span(low, low), {name: low})
    return (name, Span(low, high), {"$and": [{"$gte": {name: low}}, {"$lte": {name: high}}]})


@dataclass(slots=True)
class Part:
    """Alternatives for one shard, in groups of which at most one member can be true at a time."""

    alternatives: list[Alternative] = field(default_factory=list)
    groups: list[list[Alternative]] = field(default_factory=list)

    def has_room(self, new: Sequence[Alternative]) -> bool:
        grown = Part(list(self.alternatives), [list(group) for group in self.groups])
        grown.add(new)
        return len(grown.groups) <= MOST_TRUE and len(grown.alternatives) <= MOST_ALTERNATIVES

    def add(self, new: Iterable[Alternative]) -> None:
        for alternative in new:
            self.alternatives.append(alternative)
            for group in self.groups:
                if all(alternative.excludes(other) for other in group):
                    group.append(alternative)
                    break
            else:
                self.groups.append([alternative])


def _parts(stage: Stage, properties: Properties) -> list[Part]:
    """The rules of a stage cut into parts that a shard can hold, no rule in two of them."""
    parts = [Part()]
    for rule in stage.rules:
        opened = list(_alternatives(rule, properties))
        if not parts[-1].has_room(opened):
            parts.append(Part())
        if not parts[-1].has_room(opened):
            raise EngineError(f"{rule.id} has too many ways to be true for the engine; split it")
        parts[-1].add(opened)
    return parts


class Shard:
    """One engine ruleset with its guard and sentinel. The caller holds the lock."""

    def __init__(self, part: Part) -> None:
        self._fires = [Fired(each.rule, (each.branch,)) for each in part.alternatives]
        seen = {one for each in part.alternatives for one in each.properties}
        self._seen = sorted(((one.fact, one.show) for one in seen), key=lambda each: each[0])
        self._handle = durable.create_ruleset("triage", json.dumps(_definitions(part)))

    def run(self, facts: Facts) -> list[Fired]:
        """The rules of this shard that fire, in the order of the rulebook."""
        found: list[Fired] = []
        for number in self._true(facts):
            fired = self._fires[number]
            if found and found[-1].rule is fired.rule:
                ways = found[-1].branches
                if fired.branches[0] not in ways:
                    found[-1] = Fired(fired.rule, ways + fired.branches)
            else:
                found.append(fired)
        return found

    def close(self) -> None:
        durable.delete_state(self._handle, "s")
        durable.delete_ruleset(self._handle)

    def _message(self, facts: Facts) -> str:
        shown = [show(facts[fact]) for fact, show in self._seen if fact in facts]
        return f"{_ENVELOPE}{''.join(shown)}}}"

    def _true(self, facts: Facts) -> list[int]:
        """The numbers of the alternatives that are true of the facts, in order."""
        try:
            names = self._drained(self._message(facts))
        except EngineError:
            raise
        except Exception as error:
            kind = type(error).__name__  # its text may quote the facts, so only its kind is told
            raise EngineError(f"the rule engine failed ({kind}); nothing was routed") from None
        if SENTINEL not in names:
            raise EngineError("the rule engine did not run; nothing was routed")
        names.remove(SENTINEL)
        return sorted(map(int, names))

    def _drained(self, message: str) -> list[str]:
        """The names of all engine rules that are true of a message, which is then forgotten."""
        names = []
        try:
            code, session = durable.assert_fact(self._handle, message)
            if code != 0:
                raise EngineError("the rule engine refused the facts; nothing was routed")
            started = durable.start_action_for_state(self._handle, session)
            frame = started[1] if started else None
            while frame:
                names.append(frame[2 : frame.index('"', 2)])
                frame = durable.complete_and_start_action(self._handle, session)
        finally:
            durable.retract_fact(self._handle, _FORGET)
        return names


def _definitions(part: Part) -> dict[str, Any]:
    rules = {
        str(number): {"all": [{"m": {"$and": [{GUARD: 1}, *each.conditions]}}], "pri": 1}
        for number, each in enumerate(part.alternatives)
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
