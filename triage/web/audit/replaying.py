"""Decides the recorded referrals of a period again under another rulebook, and holds them together.

What would change is told by where referrals went and where they would go; nothing is recorded but
that somebody had every record of the period looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from itertools import tee
from typing import Any, NamedTuple

from triage.decide import Decider
from triage.domain.caller import Caller
from triage.domain.pseudonymised import Pseudonymised
from triage.domain.search import Search
from triage.errors import EngineError, LogError
from triage.jobs import Progress, Work
from triage.population import recorded_referrals
from triage.reading import note_views
from triage.rulebook import Rulebook
from triage.store.entries import Entry
from triage.store.log import DecisionLog
from triage.store.search import find_all
from triage.web.audit.fitting import fitted
from triage.web.audit.titles import Titles

MOST_LISTED = 5_000
"""How many decisions that would change are kept by name."""

Told = Mapping[str, Any]
"""A decision as it stands in the log."""

BESIDE: Mapping[str, Callable[[Told], Any]] = {
    "Another team": lambda one: one["route"]["team"]["id"],
    "Booking held, or no longer": lambda one: one["booking_held"],
    "Other alerts": lambda one: sorted({each["id"] for each in one["alerts"]}),
    "Other things to do, or by another day": lambda one: sorted(
        {(each["id"], each["due"]) for each in one["actions"]}
    ),
    "Other routes also indicated": lambda one: sorted(
        (each["id"], each["urgency"]) for each in one["also_indicated"]
    ),
    "Another level of a factor": lambda one: {
        name: each["level"] for name, each in one["levels"].items()
    },
    "Another status": lambda one: one["status"],
}
"""What may differ beside route and urgency, and what of a decision says it."""


class Outcome(NamedTuple):
    """Where a referral goes, and how soon."""

    route: str
    urgency: str


class Flow(NamedTuple):
    """Referrals that went one way and would go another."""

    before: Outcome
    after: Outcome


@dataclass(frozen=True, slots=True)
class Asked:
    """The decisions of a period, from the first to the last entry, and the rulebook to try.

    ``in_force`` is the rulebook of today, in whose words it is told how things were.
    """

    search: Search
    first: int
    last: int
    rulebook: Rulebook
    in_force: Rulebook


def replaying(log: DecisionLog, asked: Asked, by: Caller) -> Work:
    """The work of replaying a period. That every record of it is looked at is recorded first."""

    def work(progress: Progress) -> Mapping[str, Any]:
        note_views(log, by, (asked.first, asked.last), "replay")
        with closing(Decider(asked.rulebook)) as decider:
            tally = Tally(decider)
            entries, again = tee(_watched(log, asked, progress))
            for entry, referral in zip(entries, recorded_referrals(log, again), strict=True):
                tally.take(entry, referral)
        return in_words(tally, asked)

    return work


def _watched(log: DecisionLog, asked: Asked, progress: Progress) -> Iterator[Entry]:
    for page in find_all(log, asked.search, asked.last + 1):
        for one in page.found:
            yield one.entry
            progress(one.entry.sequence - asked.first + 1, asked.last - asked.first + 1)


@dataclass(slots=True)
class Tally:
    """What came out so far. ``changed`` are decisions with their flows, as many as are kept.

    ``alike`` went the same way and just as soon; of those ``beside`` counts what else differs.
    """

    decider: Decider
    decided: int = 0
    alike: int = 0
    whole: int = 0
    flows: Counter[Flow] = field(default_factory=Counter)
    beside: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    changed: list[tuple[str, int, Flow]] = field(default_factory=list)
    undecided: list[tuple[str, int]] = field(default_factory=list)

    def take(self, entry: Entry, referral: Pseudonymised) -> None:
        """Decide a recorded referral again. Raises ``LogError`` for what is no decision."""
        known, left_out = fitted(referral, self.decider.rulebook)
        self.left_out.update(left_out)
        try:
            decided = self.decider.conclude(known).as_dict()
        except EngineError:
            self.undecided.append((entry.id, entry.sequence))
            return
        try:
            self._hold(entry, entry.content["decision"], decided)
        except (KeyError, TypeError) as error:
            problem = f"entry {entry.sequence} does not hold a decision that can be read"
            raise LogError(f"{problem}; verify the log") from error

    def _hold(self, entry: Entry, recorded: Told, decided: Told) -> None:
        """Hold what was decided and what would be against one another."""
        flow = Flow(_outcome(recorded), _outcome(decided))
        self.decided += 1
        if flow.before != flow.after:
            self.flows[flow] += 1
            if len(self.changed) < MOST_LISTED:
                self.changed.append((entry.id, entry.sequence, flow))
            return
        differing = [what for what, of in BESIDE.items() if of(recorded) != of(decided)]
        self.alike += 1
        self.whole += not differing
        self.beside.update(differing)


def _outcome(decision: Told) -> Outcome:
    return Outcome(decision["route"]["id"], decision["urgency"])


def in_words(tally: Tally, asked: Asked) -> dict[str, Any]:
    """What came out, as the page says it: JSON, and the less urgent referrals first."""
    ranks = _ranks(asked)
    flows = sorted(tally.flows, key=lambda flow: (-_less_by(flow, ranks), -tally.flows[flow]))
    places = {flow: place for place, flow in enumerate(flows)}
    stamp = asked.rulebook.stamp
    return {
        "rulebook": f"{stamp.id} {stamp.version}",
        "digest": stamp.digest,
        "decided": tally.decided,
        "alike": tally.alike,
        "whole": tally.whole,
        "flows": [_flow(flow, tally.flows[flow], ranks, asked) for flow in flows],
        "beside": tally.beside.most_common(),
        "left_out": tally.left_out.most_common(),
        "changed": [[id_, sequence, places[flow]] for id_, sequence, flow in tally.changed],
        "undecided": [list(one) for one in tally.undecided[:MOST_LISTED]],
        "undecided_count": len(tally.undecided),
    }


def _ranks(asked: Asked) -> Mapping[str, int]:
    """How urgent each urgency is: a lower number is more urgent."""
    books = (asked.in_force, asked.rulebook)
    return {one.id: one.rank for book in books for one in book.vocabulary.urgencies.values()}


def _less_by(flow: Flow, ranks: Mapping[str, int]) -> int:
    """By how many classes it would be less urgent; below nought where it would be more."""
    before, after = (ranks.get(way.urgency) for way in flow)
    return 0 if before is None or after is None else after - before


def _flow(flow: Flow, count: int, ranks: Mapping[str, int], asked: Asked) -> dict[str, Any]:
    less_by = _less_by(flow, ranks)
    return {
        "before": Titles(asked.in_force).outcome(*flow.before),
        "after": Titles(asked.rulebook).outcome(*flow.after),
        "count": count,
        "worse": less_by > 0,
        "more_urgent": less_by < 0,
    }
