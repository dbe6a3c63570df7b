"""Workers are killed while they deliver, again and again: nothing is lost, and ids stay."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random
from time import sleep

from sqlalchemy import text

from tests.builders import referral_builder
from tests.campaigns import share
from tests.deliver.processes import environment, until, working
from tests.deliver.receiving import Receiver, _Handler, receiving, status
from tests.outbox.entries import rows
from tests.recorded import GP
from triage.config import Settings
from triage.decide import Decider
from triage.domain.telling import Telling
from triage.recording import Recorder
from triage.rulebook import Rulebook
from triage.store.log import DecisionLog
from triage.store.opening import open_log
from triage.store.outbox import Outbox
from triage.store.verification import verify

KILLS = 20

FEWEST = 20
"""So many deliveries at least between two kills."""

MOST_WAITING = 200
"""So many wait, and nothing is decided for a while: there is always work, and an end to it."""

LONGEST_PAUSE_SECONDS = 0.3


def slowly(handler: _Handler) -> None:
    """Take a delivery, after a moment in which whoever sends it may be killed."""
    sleep(0.005)
    status(200)(handler)


@contextmanager
def decisions_made(log: DecisionLog, rulebook: Rulebook, random: Random) -> Iterator[None]:
    """Referrals come in all the time, and are decided; some of people in danger."""
    stop, outbox = threading.Event(), Outbox(log.database)

    def work() -> None:
        with closing(Decider(rulebook)) as decider:
            recorder = Recorder(decider, log, Telling(lambda _code: "webhook"))
            while not stop.wait(0.01):
                if outbox.counts()[0] > MOST_WAITING:
                    continue
                plan = random.choice(("none", "none", "active"))
                recorder.record(referral_builder(plan=plan).build(), GP)

    working_thread = threading.Thread(target=work)
    working_thread.start()
    try:
        yield
    finally:
        stop.set()
        working_thread.join()


def test_nothing_is_lost_when_workers_are_killed_and_duplicates_have_the_same_id(
    log_settings: Settings,
    rulebook: Rulebook,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    random = Random(7)
    with receiving() as receiver, closing(open_log(log_settings)) as log:
        receiver.taken = slowly
        env = environment(log_settings, tmp_path, receiver.url)
        with decisions_made(log, rulebook, random):
            for _ in range(share(KILLS)):
                with working(environment=env) as worker:
                    enough = len(receiver.received) + FEWEST
                    until(lambda: len(receiver.received) >= enough, "deliveries", worker)  # noqa: B023
                    sleep(random.uniform(0, LONGEST_PAUSE_SECONDS))
                    worker.ended(signal.SIGKILL)
                    assert worker.process.returncode == -signal.SIGKILL
                leases_end(log)
        outbox = Outbox(log.database)
        with working(environment=env) as worker:
            until(lambda: outbox.counts() == (0, 0), "an empty outbox", worker)
        twice = check_all_told(log, receiver)
    record_property("delivered", len(receiver.received))
    record_property("of them a second time", twice)


def leases_end(log: DecisionLog) -> None:
    """What a killed worker had claimed comes back now: nobody waits until its lease has ended."""
    with log.database.change() as connection:
        connection.execute(
            text("UPDATE outbox SET leased_until = due_at WHERE leased_until IS NOT NULL")
        )


def check_all_told(log: DecisionLog, receiver: Receiver) -> int:
    """Was every decision told, each under one id? How often one was told again."""
    to_tell = rows(log.database, "id, sequence, state")
    assert {row.state for row in to_tell} == {"delivered"}
    told = [(one.json["delivery_id"], one.json["sequence"]) for one in receiver.received]
    assert receiver.ids() == [id_ for id_, _ in told]
    assert set(told) == {(row.id, row.sequence) for row in to_tell}
    assert len(to_tell) == log.head().head.size == verify(log.database).entries
    return len(told) - len(set(told))
