"""Parts of a stage that one engine ruleset can hold, and the running of one such ruleset."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import durable_rules_engine as durable

from triage.domain.rules import Fired, Stage
from triage.domain.vocabulary import Facts
from triage.engine.alternatives import Alternative, alternatives
from triage.engine.properties import Properties
from triage.errors import EngineError

MOST_TRUE = 60
"""The most alternatives of one shard that may be true at once; past 64 the engine gives up."""

MOST_ALTERNATIVES = 240
"""The most alternatives in one shard; 513 different conditions at one level hang the engine."""

MOST_PROPERTIES = 200
"""The most facts that one shard reads; at about 250 the engine refuses a message."""

GUARD = "g"
SENTINEL = "!"
_FORGET = '{"sid":"s","id":"r"}'
_ENVELOPE = '{"sid":"s","id":"r","g":1'


@dataclass(slots=True)
class Part:
    """Alternatives for one shard, in groups of which at most one member can be true at a time."""

    alternatives: list[Alternative] = field(default_factory=list)
    groups: list[list[Alternative]] = field(default_factory=list)

    def has_room(self, new: Sequence[Alternative]) -> bool:
        """Would the part still be one that a shard can hold?"""
        grown = Part(list(self.alternatives), [list(group) for group in self.groups])
        grown.add(new)
        properties = {one.name for each in grown.alternatives for one in each.properties}
        return (
            len(grown.groups) <= MOST_TRUE
            and len(grown.alternatives) <= MOST_ALTERNATIVES
            and len(properties) <= MOST_PROPERTIES
        )

    def add(self, new: Iterable[Alternative]) -> None:
        """Take in alternatives, each into the first group that excludes it."""
        for alternative in new:
            self.alternatives.append(alternative)
            for group in self.groups:
                if all(alternative.excludes(other) for other in group):
                    group.append(alternative)
                    break
            else:
                self.groups.append([alternative])


def parts(stage: Stage, properties: Properties) -> list[Part]:
    """The rules of a stage cut into parts that a shard can hold, no rule in two of them."""
    found = [Part()]
    for rule in stage.rules:
        opened = list(alternatives(rule, properties))
        if not found[-1].has_room(opened):
            found.append(Part())
        if not found[-1].has_room(opened):
            raise EngineError(f"{rule.id} has too many ways to be true for the engine; split it")
        found[-1].add(opened)
    return found


class Shard:
    """One engine ruleset with its guard and sentinel. The caller holds the lock."""

    def __init__(self, part: Part) -> None:
        self._fires = [Fired(each.rule, (each.branch,)) for each in part.alternatives]
        seen = {one for each in part.alternatives for one in each.properties}
        ordered = sorted(seen, key=lambda one: one.name)
        self._facts = [one.fact for one in ordered]
        self._shows = [one.show for one in ordered]
        self._rules = json.dumps(_definitions(part))
        self._begin()

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
        """Give back the engine's memory.

        A session in which nothing ever ran is left to the process: deleting one crashes the
        engine.
        """
        if self._has_run:
            durable.delete_state(self._handle, "s")
        durable.delete_ruleset(self._handle)

    def _begin(self) -> None:
        self._handle = durable.create_ruleset("triage", self._rules)
        self._has_run = False

    def _message(self, facts: Facts) -> str:
        values = zip(self._shows, map(facts.get, self._facts), strict=True)
        try:
            shown = [show(value) for show, value in values if value is not None]
        except (KeyError, TypeError):
            problem = "a fact reached the engine with a value of another kind; nothing was routed"
            raise EngineError(problem) from None
        return f"{_ENVELOPE}{''.join(shown)}}}"

    def _true(self, facts: Facts) -> list[int]:
        """The numbers of the alternatives that are true of the facts, in order.

        After any failure the shard begins anew, since the session may still be held by a run that
        was cut short. What the old one held is left to the process; deleting it is not safe.
        """
        message = self._message(facts)
        try:
            names = self._drained(message)
        except Exception as error:  # the engine raises whatever it likes, quoting facts
            self._begin()
            if isinstance(error, EngineError):
                raise
            kind = type(error).__name__
            raise EngineError(f"the rule engine failed ({kind}); nothing was routed") from None
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
        if SENTINEL not in names:
            raise EngineError("the rule engine did not run; nothing was routed")
        self._has_run = True
        return names


def _definitions(part: Part) -> dict[str, Any]:
    rules = {
        str(number): {"all": [{"m": {"$and": [{GUARD: 1}, *each.conditions]}}], "pri": 1}
        for number, each in enumerate(part.alternatives)
    }
    return {**rules, SENTINEL: {"all": [{"m": {GUARD: 1}}], "pri": 2}}
