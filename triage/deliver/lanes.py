"""Lanes: how much each receiver gets at a time, so that one that is dead holds up nobody else.

A receiver is known by the host and port of its address. So many are under way to it at most, and
once several failed in a row it is left alone for a moment; then one is tried. Letters have no lane.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic

from triage.deliver.outcome import Outcome
from triage.deliver.receivers import DEFAULT, Receivers
from triage.store.among import Full
from triage.store.deliveries import Channel, Due

AT_ONCE = 2
"""So many are under way to one receiver."""

IN_A_ROW = 3
"""After so many failures in a row a receiver is left alone for a moment."""

FIRST_SECONDS, LONGEST_SECONDS = 5, 60
"""For how long at first, and at most: twice as long after each failure more."""

_ENOUGH = 10
"""Doubled so often, it is longer than the longest."""

ADDRESSED = frozenset((Channel.MESSAGE, Channel.WEBHOOK))
"""The channels that lead to an address."""

OURS = frozenset(
    ("not_https", "no_receiver", "no_secret", "unknown_channel", "broken_off", "unforeseen")
)
"""Failures that tell nothing of the receiver: it was not even asked."""

_SILENT = frozenset(("timed_out", "not_reached", "status_429"))


@dataclass(slots=True)
class _Lane:
    """How it went with one receiver: failures in a row, and until when it is left alone."""

    failures: int = 0
    until: float = 0

    def room(self, now: float) -> int:
        if self.failures < IN_A_ROW:
            return AT_ONCE
        return 1 if now >= self.until else 0

    def failed(self, now: float) -> None:
        self.failures += 1
        doubled = FIRST_SECONDS * 2.0 ** min(self.failures - IN_A_ROW, _ENOUGH)
        self.until = now + min(doubled, LONGEST_SECONDS)


class Lanes:
    """The lanes of one worker. Safe for many threads. ``clock`` gives seconds."""

    def __init__(self, receivers: Receivers, clock: Callable[[], float] = monotonic) -> None:
        self._receivers, self._clock = receivers, clock
        self._lanes: defaultdict[str, _Lane] = defaultdict(_Lane)
        self._lock = Lock()

    def room(self, under_way: Iterable[Due]) -> LaneRoom:
        """How much more each receiver may get, with these under way."""
        ways = (self._receivers.host(one.ods_code) for one in under_way if one.channel in ADDRESSED)
        taken = Counter(host for host in ways if host)
        now = self._clock()
        with self._lock:
            left = {host: lane.room(now) for host, lane in self._lanes.items()}
        hosts = {*left, *taken}
        free = {host: left.get(host, AT_ONCE) - taken[host] for host in hosts}
        return LaneRoom(self._receivers, free)

    def ended(self, one: Due, outcome: Outcome) -> None:
        """An attempt ended so."""
        host = self._receivers.host(one.ods_code) if one.channel in ADDRESSED else None
        if host is None or outcome.failure in OURS:
            return
        with self._lock:
            if _is_in_trouble(outcome.failure):
                self._lanes[host].failed(self._clock())
            else:
                self._lanes.pop(host, None)


@dataclass(slots=True)
class LaneRoom:
    """How much more each receiver may get now, by host; ``AT_ONCE`` for what is not there."""

    receivers: Receivers
    free: dict[str, int] = field(default_factory=dict)

    def full(self) -> Collection[Full]:
        """Those who may get no more."""
        return [
            self._full(codes)
            for host, codes in self.receivers.codes_by_host().items()
            if self.free.get(host, AT_ONCE) < 1
        ]

    def take(self, channel: str, ods_code: str | None) -> bool:
        """Count one more for a receiver; False where it may get no more."""
        host = self.receivers.host(ods_code) if channel in ADDRESSED else None
        if host is None:
            return True
        free = self.free.get(host, AT_ONCE)
        self.free[host] = free - 1 if free > 0 else free
        return free > 0

    def _full(self, codes: frozenset[str]) -> Full:
        if DEFAULT not in codes:
            return Full(ADDRESSED, codes)
        return Full(ADDRESSED, self.receivers.named() - codes, but=True)


def _is_in_trouble(failure: str | None) -> bool:
    return failure in _SILENT or (failure or "").startswith("status_5")
