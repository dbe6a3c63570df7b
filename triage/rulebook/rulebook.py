"""A whole rulebook as one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from triage.domain.overlays import Laid, Retired, Waiver
from triage.domain.promises import Promises
from triage.domain.rules import NamedValue, Rule, Ruleset, Source, Stage
from triage.domain.services import Directory
from triage.domain.vocabulary import Urgency, Value, Vocabulary


@dataclass(frozen=True, slots=True)
class Stamp:
    """What names a rulebook on every decision: its id, version and content digest."""

    id: str
    version: str
    digest: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the referral matrix: the destination printed there, and the routes it means."""

    factor: str
    level: str
    destination: str
    routes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Everything the clinicians own: words, rules, matrix, teams and named values.

    ``content`` is what the files say, without comments or places; ``stamp.digest`` is its SHA-256.
    ``switches`` are the named values that are words: rules read them as facts. Rulebooks that were
    kept before there were ``promises`` have none.

    A local rulebook ``extends`` a base, named as on the base's own decisions; ``base`` is that
    rulebook where its files are at hand.
    """

    stamp: Stamp
    title: str
    status: str
    owner: str
    vocabulary: Vocabulary
    rulesets: tuple[Ruleset, ...]
    values: Mapping[str, NamedValue]
    sources: Mapping[str, Source]
    cells: tuple[Cell, ...]
    directory: Directory
    safety_net: str
    stages: tuple[Stage, ...]
    switches: Mapping[str, Value]
    content: Mapping[str, Any] = field(repr=False)
    promises: Promises | None = None
    extends: Stamp | None = None
    overlays: tuple[Laid, ...] = ()
    retired: tuple[Retired, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    base: Rulebook | None = field(default=None, repr=False)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule, in the order of the rulesets."""
        return tuple(rule for ruleset in self.rulesets for rule in ruleset.rules)

    def urgencies_of(self, route: str) -> tuple[Urgency, ...]:
        """The urgencies that rules give a route, the most urgent first."""
        given = {
            one.urgency
            for rule in self.rules
            for one in rule.then
            if one.kind == "route" and one.target == route
        }
        known = (one for one in self.vocabulary.urgencies.values() if one.id in given)
        return tuple(sorted(known, key=lambda one: one.order))
