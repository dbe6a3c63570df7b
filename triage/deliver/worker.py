"""The worker: claims what is due, the most urgent first, tells of it, and says what came of it.

Several may work on one outbox. One that is killed holds up what it had claimed until the lease
ends; then it is delivered by another, a second time perhaps, under the same id. A worker does not
begin with one again that it still has under way itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Protocol

from triage import metrics
from triage.deliver.backoff import Backoff
from triage.deliver.channels import Tell, Told
from triage.deliver.lanes import Lanes
from triage.deliver.outcome import Outcome
from triage.deliver.receivers import Receivers
from triage.deliver.tally import Tally, Watcher, nobody_watches
from triage.errors import LogUnavailableError, NotRecordedError
from triage.logs import logger, of_error
from triage.overrides import referred_in
from triage.store.among import Among
from triage.store.deliveries import Channel, Due
from triage.store.log import DecisionLog
from triage.store.outbox import Outbox

LOG = logger("triage.deliver")

AT_ONCE = 8
"""How many deliveries are under way at a time."""

LEASE = timedelta(minutes=5)
"""How long a delivery that was claimed is left to whoever claimed it: longer than any takes."""

IDLE_SECONDS = 1
"""How long to wait before looking again where nothing is due."""

AWAY_SECONDS = 5
"""The same where the log cannot be reached."""

COUNT_SECONDS = 3
"""How often the outbox is counted."""


class Stop(Protocol):
    """Whether the worker is asked to end."""

    def wait(self, timeout: float) -> bool:
        """Wait for so many seconds to be asked to; was that so?"""


@dataclass(frozen=True, slots=True)
class Pace:
    """How a worker goes about it: how many at once, how long it holds them, when to try again."""

    at_once: int = AT_ONCE
    lease: timedelta = LEASE
    backoff: Backoff = field(default_factory=Backoff)


class Worker:
    """Delivers what waits in the outbox of a log."""

    def __init__(
        self,
        log: DecisionLog,
        outbox: Outbox,
        channels: Mapping[str, Tell],
        pace: Pace | None = None,
        lanes: Lanes | None = None,
    ) -> None:
        self._log, self._outbox, self._channels = log, outbox, channels
        self._pace, self._lanes = pace or Pace(), lanes or Lanes(Receivers({}))
        self._counted, self._holds = 0.0, (0, 0)
        self.tally = Tally()

    def run(self, stop: Stop, watcher: Watcher = nobody_watches) -> None:
        """Deliver until asked to stop; what was begun is finished first.

        Where the log cannot be reached it waits until it can.
        """
        with ThreadPoolExecutor(self._pace.at_once) as threads:
            under_way: _UnderWay = {}
            pause = 0.0
            while not stop.wait(pause):
                try:
                    self._begin(threads, under_way)
                    self._look(watcher)
                    pause = 0 if under_way else IDLE_SECONDS
                except LogUnavailableError as error:
                    LOG.error("log_unavailable", **of_error(error))  # noqa: TRY400 (no traceback)
                    pause = AWAY_SECONDS
                _wait_for_one(under_way)

    def run_once(self, watcher: Watcher = nobody_watches, stop: Stop | None = None) -> None:
        """Deliver what is due now, each once, or until asked to stop: what was begun is finished.

        What waits for a receiver that is left alone for a moment goes on waiting. Raises
        ``LogUnavailableError``.
        """
        due_by, under_way = _now(), _UnderWay()
        with ThreadPoolExecutor(self._pace.at_once) as threads:
            while not (stop and stop.wait(0)):
                self._begin(threads, under_way, due_by)
                if not under_way:
                    break
                self._look(watcher)
                _wait_for_one(under_way)
        self._counted = 0
        self._look(watcher)

    def _begin(
        self, threads: ThreadPoolExecutor, under_way: _UnderWay, due_by: datetime | None = None
    ) -> None:
        """Claim as many as there are threads for, and begin with them."""
        free = self._pace.at_once - len(under_way)
        if not free:
            return
        ids = frozenset(one.id for one in under_way.values())
        among = Among(due_by, ids, self._lanes.room(under_way.values()))
        for one in self._outbox.claim(_now(), free, self._pace.lease, among):
            under_way[threads.submit(self._deliver, one)] = one

    def _deliver(self, one: Due) -> None:
        """Tell somebody, and let the outbox know. Where that fails, the lease sees to it."""
        try:
            outcome = self._told(one)
            if outcome:
                self._lanes.ended(one, outcome)
            self._note(one, outcome)
        except LogUnavailableError as error:
            LOG.error("log_unavailable", **of_error(error))  # noqa: TRY400 (no traceback)
        except Exception as error:  # noqa: BLE001 (nobody else would hear of it)
            LOG.error("unforeseen_error", **of_error(error))  # noqa: TRY400

    def _told(self, one: Due) -> Outcome | None:
        """What came of telling somebody; None where nobody is told any more."""
        if one.attempts > self._pace.backoff.attempts:
            return Outcome("broken_off", for_good=True)
        tell = self._channels.get(one.channel)
        if tell is None:  # a newer version made it
            return Outcome("unknown_channel", for_good=True)
        try:
            told = _what_to_tell(self._log, one)
            return tell(told) if told else None
        except LogUnavailableError:
            raise
        except Exception as error:  # noqa: BLE001 (whatever it is, the others are still told)
            LOG.error("unforeseen_error", **of_error(error))  # noqa: TRY400 (no traceback)
            return Outcome("unforeseen")

    def _note(self, one: Due, outcome: Outcome | None) -> None:
        """Let the outbox know what came of it, and those who run the service."""
        now = _now()
        if outcome is None:
            self._outbox.dropped(one)
            self._say("dropped", one)
        elif outcome.failure is None:
            self._outbox.delivered(one, now)
            self._say("delivered", one)
        elif outcome.for_good or one.attempts >= self._pace.backoff.attempts:
            self._outbox.buried(one, outcome.failure)
            self._say("given_up", one, failure=outcome.failure)
        else:
            again = now + self._pace.backoff.wait(one.attempts, outcome.wait)
            self._outbox.failed(one, outcome.failure, again)
            self._say("failed", one, failure=outcome.failure)

    def _say(self, ending: str, one: Due, **failure: str) -> None:
        self.tally.add(ending)
        channel = one.channel if one.channel in _CHANNELS else "unknown"
        metrics.delivery_attempted(channel, ending)
        say, event = _EVENTS[ending]
        say(event, channel=channel, sequence=one.sequence, count=one.attempts, **failure)

    def _look(self, watcher: Watcher) -> None:
        """Let the watcher see how far it is; the outbox is counted anew after a while."""
        if monotonic() > self._counted + COUNT_SECONDS:
            self._holds = self._outbox.counts()
            metrics.outbox_holds(*self._holds)
            self._counted = monotonic()
        watcher(self.tally, *self._holds)


_UnderWay = dict[Future[None], Due]


def _wait_for_one(under_way: _UnderWay) -> None:
    """Let one of them end, or a while pass; what has ended is under way no more."""
    if under_way:
        done, _ = wait(under_way, IDLE_SECONDS, FIRST_COMPLETED)
        for one in done:
            del under_way[one]


_CHANNELS = frozenset(one.value for one in Channel)

_EVENTS: Mapping[str, tuple[Callable[..., object], str]] = {
    "delivered": (LOG.info, "delivered"),
    "dropped": (LOG.info, "delivery_dropped"),
    "failed": (LOG.warning, "delivery_failed"),
    "given_up": (LOG.error, "delivery_given_up"),
}
"""What the log says of each ending, and how loud."""


def _what_to_tell(log: DecisionLog, one: Due) -> Told | None:
    """What is to be told, as it stands now; None where nothing names the person any more."""
    entry = log.entry(one.sequence)
    if entry is None:
        raise NotRecordedError("the log has no entry of that number")
    referred = referred_in(log, one.sequence)
    return Told(one, entry.content["kind"], referred) if referred.identity else None


def _now() -> datetime:
    return datetime.now(UTC)
