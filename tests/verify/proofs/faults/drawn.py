"""What every kind of fault is drawn with: a place for a rule, conditions that hold, and an end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.verify.proofs.edited import Edited, Written
from tests.verify.proofs.faults.pool import Pool, Sample
from tests.verify.proofs.shown import Outcome, PlainWitness
from triage.domain.referral import Referral
from triage.domain.vocabulary import Kind
from triage.errors import RulebookError
from triage.rulebook import Rulebook

URGENCIES = ("emergency", "very_urgent", "same_day", "urgent", "soon", "routine")
"""The soonest first."""

RANKS = {"emergency": 0, "very_urgent": 1, "urgent": 2, "same_day": 2, "soon": 3, "routine": 4}
FIRM = (
    "emergency",
    "crisis",
    "clinical_review",
    "young_people",
    "cmht",
    "substance_misuse",
    "counselling",
    "active_monitoring",
)
BESIDE = (
    {"alert": "senior_review"},
    {"alert": "safeguarding"},
    {"support": "debt"},
    {"support": "employment"},
    {"treatment": "exercise"},
    {"measure": "phq15"},
    {"action": {"id": "contact_person", "due_in_days": 3}},
    {"hold_booking": True},
)
"""Conclusions that move nobody."""


@dataclass(frozen=True)
class Fault:
    """A rulebook with one fault, and the rule or answer that a finding must name, if any."""

    said: str
    rulebook: Rulebook
    named: str | None = None


class Draws:
    """Draws from the shipped rules and a pool of referrals."""

    def __init__(self, pool: Pool, random: Random) -> None:
        self.pool, self.random = pool, random
        self.rulebook = pool.rulebook
        self.edited = Edited(pool.rulebook)

    def sample(self, wanted: Callable[[Sample], bool] = lambda _: True) -> Sample:
        """One of the referrals that are wanted. Raises ``Again`` where there is none."""
        found = [one for one in self.pool.samples if wanted(one)]
        if not found:
            raise Again
        return self.random.choice(found)

    def plain(self) -> PlainWitness:
        """The plain reader of the rules as they are edited now."""
        return PlainWitness(self.rulebook, self.edited.content)

    def put(self, rule: Written, file: str | None = None) -> None:
        """Write a rule somewhere."""
        rulesets = self.edited.content["rulebook.yaml"]["rulesets"]
        rules = self.edited.content[file or f"{self.random.choice(rulesets)}.yaml"]["rules"]
        rules.insert(self.random.randint(0, len(rules)), rule)

    def true_of(
        self, sample: Sample, count: int, but: frozenset[str] = frozenset()
    ) -> list[Written]:
        """So many comparisons with answers that hold of a referral."""
        names = [one for one in self._plain_answers() if one not in but]
        chosen = self.random.sample(names, count)
        return [self._holds(name, sample.facts.get(name)) for name in chosen]

    def _plain_answers(self) -> Iterator[str]:
        """The answers about which nothing is worked out, and that nobody protects."""
        words = self.rulebook.vocabulary
        for name, one in words.answers.items():
            kinds = (Kind.BOOLEAN, Kind.CHOICE, Kind.NUMBER)
            if one.term.kind in kinds and name not in (*words.derived, *words.protected):
                yield name

    def _holds(self, name: str, value: Any) -> Written:
        if value is None:
            return {name: {"known": False}}
        term = self.rulebook.vocabulary.terms[name]
        if term.kind is Kind.NUMBER:
            if value < term.high and self.random.random() < 0.5:
                return {name: {"at_most": self.random.randint(value, term.high - 1)}}
            return {
                name: {"at_least": max(1, self.random.randint(0, value))} if value else {"is": 0}
            }
        if self.random.random() < 0.3:
            return {name: {"known": True}}
        if term.kind is Kind.CHOICE and self.random.random() < 0.4:
            others = [one for one in term.choices if one != value]
            return {name: {"in": sorted({value, self.random.choice(others)})}}
        return {name: {"is": value}}

    def joined(self, parts: list[Written]) -> Written:
        """All of the conditions, however that is written."""
        if len(parts) == 1 and self.random.random() < 0.7:
            return parts[0]
        self.random.shuffle(parts)
        if self.random.random() < 0.2:
            return {"not": {"any": [{"not": one} for one in parts]}}
        if len(parts) > 2 and self.random.random() < 0.3:
            return {"all": [parts[0], {"all": parts[1:]}]}
        return {"all": parts}


class Again(Exception):  # noqa: N818 (no error: what was drawn is not what was wanted)
    """What was drawn is no fault, or cannot be read; it is drawn again."""


Drawing = Callable[[Draws], Fault]


def faults(drawing: Drawing, pool: Pool, seed: int, count: int) -> Iterator[Fault]:
    """So many faults of a kind."""
    random = Random(seed)
    while count:
        with suppress(Again, RulebookError):
            yield drawing(Draws(pool, random))
            count -= 1


def one_of(random: Random, drawings: Mapping[str, Drawing]) -> Drawing:
    """One of the ways in which a kind of fault is made."""
    return drawings[random.choice(list(drawings))]


def must(be_so: object) -> None:
    """Draw again unless something is so. Raises ``Again``."""
    if not be_so:
        raise Again


def outcome(referral: Referral, plain: PlainWitness) -> Outcome:
    """What the plain reader makes of a referral, which must have a route."""
    found = plain.outcome(referral)
    if found is None:
        raise Again
    return found
