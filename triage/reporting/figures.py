"""Counts recorded referrals by what is asked of them: every count exact, so none is to be shown.

What may be shown is made of them by ``triage.reporting.tables``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from schemas.together import AHEAD
from triage.domain.clock import local_day
from triage.domain.overriding import DECISION
from triage.domain.search import age_band
from triage.reporting.period import Period, monday_of
from triage.reporting.standards import band_of
from triage.store.figures import Progress, Receipts, Received, received
from triage.store.log import DecisionLog

Key = tuple[str, ...]
"""What is counted: a route, say, or a week and a route."""

NOT_KNOWN = ""
"""What stands in a key for something that was not said."""

COUNTED = "counted"
"""What a referral is that is not left out."""

RUNS, RUN_OUT = "runs", "run_out"


class Part(StrEnum):
    """By what referrals are counted. Where it is not said, only those are that are not left out."""

    RECEIVED = "counted, or why not"
    STANDS = "route that stands"
    DECIDED = "route decided"
    WEEK = "week and route that stands"
    SOURCE = "source and route that stands"
    AGE = "age band and route that stands"
    ETHNICITY = "ethnic category and route that stands"
    OVERRIDDEN = "route decided, of those overridden"
    REASON = "reason, of those overridden"
    CHANGE = "urgency decided and urgency that stands, of those overridden"
    RULE = "rule that fired"
    WAITING = "band of days since receipt and route that stands"
    CLOCK = "urgency that stands, and does its clock run"
    REFERRER = "ODS code and route that stands, of those referred by a professional"


@dataclass(frozen=True, slots=True)
class Figures:
    """The counts of a period, and the moment until when clocks were counted."""

    period: Period
    as_of: datetime
    counts: Mapping[Part, Counter[Key]]


def nobody(_done: int, _total: int) -> None:
    """Nobody who is told how far it is."""


def figures_of(
    log: DecisionLog, period: Period, as_of: datetime, progress: Progress = nobody
) -> Figures:
    """Count the referrals received in a period, as they stand now.

    ``as_of`` is now, with its time zone. Raises ``LogUnavailableError``, and ``LogError`` where an
    entry cannot be read.
    """
    counts: dict[Part, Counter[Key]] = {part: Counter() for part in Part}
    receipts = Receipts(period.earliest, period.before, period.earliest - AHEAD)
    for one in received(log.database, receipts, progress):
        counts[Part.RECEIVED][one.left_out or COUNTED,] += 1
        if one.left_out is None:
            for part, keys in _KEYS.items():
                counts[part].update(keys(one))
            counts[Part.WAITING][_waiting(one, as_of)] += 1
            counts[Part.CLOCK][_clock(one, as_of)] += 1
    return Figures(period, as_of, counts)


def _by_route(of: Callable[[Received], str | None]) -> Callable[[Received], Iterable[Key]]:
    return lambda one: [(of(one) or NOT_KNOWN, one.chain.stands.route)]


def _overridden(of: Callable[[Received], Key]) -> Callable[[Received], Iterable[Key]]:
    """Only of referrals of which an override is in force."""
    return lambda one: [] if one.chain.stands.by == DECISION else [of(one)]


def _reason(one: Received) -> Key:
    override = one.chain.override(one.chain.stands.by)
    return (override.entry["reason"] if override else NOT_KNOWN,)


def _referrer(one: Received) -> Iterable[Key]:
    if one.self_referred is False and one.ods_code:
        yield one.ods_code.upper(), one.chain.stands.route


def _waiting(one: Received, as_of: datetime) -> Key:
    """One that is received only after the moment has waited for no day."""
    days = (local_day(as_of) - local_day(one.received_at)).days
    return str(band_of(max(days, 0))), one.chain.stands.route


def _clock(one: Received, as_of: datetime) -> Key:
    stands = one.chain.stands
    ended = datetime.fromisoformat(stands.respond_by) < as_of
    return stands.urgency, RUN_OUT if ended else RUNS


_KEYS: Mapping[Part, Callable[[Received], Iterable[Key]]] = {
    Part.STANDS: lambda one: [(one.chain.stands.route,)],
    Part.DECIDED: lambda one: [(one.chain.decided.route,)],
    Part.WEEK: _by_route(lambda one: monday_of(local_day(one.received_at)).isoformat()),
    Part.SOURCE: _by_route(lambda one: one.source),
    Part.AGE: _by_route(lambda one: age_band(one.age)),
    Part.ETHNICITY: _by_route(lambda one: one.ethnic_category),
    Part.OVERRIDDEN: _overridden(lambda one: (one.chain.decided.route,)),
    Part.REASON: _overridden(_reason),
    Part.CHANGE: _overridden(lambda one: (one.chain.decided.urgency, one.chain.stands.urgency)),
    Part.RULE: lambda one: [(rule,) for rule in one.rules],
    Part.REFERRER: _referrer,
}
"""What a referral counts as, by part."""
