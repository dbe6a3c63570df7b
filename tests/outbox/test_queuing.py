"""A delivery waits since the very commit of its entry, and never without it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from uuid import UUID, uuid5

import pytest
from sqlalchemy import Connection

from tests.builders import a_referral, referral_builder
from tests.outbox.entries import GP, rows, to_tell, told_of
from triage.decide import Decider
from triage.errors import ConflictError
from triage.recording import Recorder
from triage.rulebook import Rulebook
from triage.store.batch import Batch
from triage.store.entries import Kind, NewEntry, Retry
from triage.store.keys import SigningKey
from triage.store.log import DecisionLog
from triage.store.outbox import Outbox

COLUMNS = "id, sequence, channel, urgency, made_at, due_at, attempts, state"


def test_a_delivery_waits_with_its_entry_and_is_due_at_once(log: DecisionLog) -> None:
    entry = log.append(to_tell("soon", "webhook", "letter"))
    ids = [str(uuid5(UUID(entry.id), channel)) for channel in ("letter", "webhook")]
    rest = ("soon", entry.at, entry.at, 0, "waiting")
    assert [tuple(row) for row in rows(log.database, COLUMNS)] == [
        (ids[0], 1, "letter", *rest),
        (ids[1], 1, "webhook", *rest),
    ]


def test_what_nobody_is_told_of_makes_no_delivery(log: DecisionLog) -> None:
    log.append(NewEntry(Kind.VIEW, GP, {"what": "decision"}))
    assert rows(log.database) == []


def test_what_is_refused_leaves_no_delivery(log: DecisionLog) -> None:
    def refuse(_connection: Connection) -> None:
        raise ConflictError("no longer")

    with pytest.raises(ConflictError):
        log.append(to_tell(guard=refuse))
    assert rows(log.database) == []


class _BrokenOffError(Exception):
    """The commit does not come to its end."""


def test_a_commit_that_is_broken_off_leaves_neither_entry_nor_delivery(
    log: DecisionLog, signing_key: SigningKey
) -> None:
    def begun() -> None:
        with log.database.write() as connection:
            Batch(log.origin, signing_key).append(connection, [to_tell(), to_tell()])
            raise _BrokenOffError

    with pytest.raises(_BrokenOffError):
        begun()
    assert log.head().head.size == 0
    assert rows(log.database) == []


def test_what_is_sent_again_is_told_once(log: DecisionLog) -> None:
    retry = Retry(b"k", b"r")
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: log.append(to_tell(retry=retry)), range(50)))
    assert {entry.sequence for entry in found} == {1}
    assert len(rows(log.database)) == 1


def test_a_referral_sent_fifty_times_at_once_is_one_decision_and_one_delivery(
    log: DecisionLog, rulebook: Rulebook
) -> None:
    with closing(Decider(rulebook)) as decider, ThreadPoolExecutor(10) as threads:
        recorder, barrier = Recorder(decider, log), threading.Barrier(10)

        def send(_number: int) -> str:
            retry = recorder.retry(GP, "one-key", {"a": "body"})
            barrier.wait()
            return recorder.record(a_referral(), GP, retry).decision_id

        assert len(set(threads.map(send, range(50)))) == 1
    assert len(rows(log.database)) == 1


def test_who_is_not_named_is_not_told(log: DecisionLog, rulebook: Rulebook) -> None:
    with closing(Decider(rulebook)) as decider:
        Recorder(decider, log).record(referral_builder().from_source("B1").build(), GP)
    assert rows(log.database) == []


def test_an_unknown_channel_is_recorded_as_nothing_at_all(log: DecisionLog) -> None:
    with pytest.raises(ValueError, match="pigeon"):
        log.append(to_tell("routine", "pigeon"))
    assert log.head().head.size == 0
    assert [entry.sequence for entry in told_of(log, "soon")] == [1]
    assert Outbox(log.database).counts() == (1, 0)
