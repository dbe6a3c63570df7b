"""An update or a cancellation finds the newest decision on the request it is about."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

from sqlalchemy import Connection

from tests.builders import a_referral
from tests.outbox.entries import GP, to_tell
from triage.decide import Decider
from triage.errors import ChangedError
from triage.recording import Recorder, Sent
from triage.rulebook import Rulebook
from triage.store.entries import Retry
from triage.store.log import DecisionLog
from triage.store.message_requests import newest
from triage.store.verification import verify


def test_the_newest_decision_on_a_request_is_found(log: DecisionLog, rulebook: Rulebook) -> None:
    with closing(Decider(rulebook)) as decider:
        recorder = Recorder(decider, log)
        first = recorder.record(a_referral(), GP, message=Sent((b"one",)))
        assert newest(log.database, [b"one"]) == first.decision_id
        recorder.record(a_referral(), GP, message=Sent((b"other",)))
        assert newest(log.database, [b"one"]) == first.decision_id
        second = recorder.record(a_referral(phq9_total=20), GP, message=Sent((b"one",)))
    assert newest(log.database, [b"one"]) == second.decision_id
    assert newest(log.database, [b"unknown"]) is None
    assert verify(log.database).entries == 3


def test_a_guard_sees_what_was_recorded_in_the_same_commit(log: DecisionLog) -> None:
    """The newest as the guard sees it is the newest there will be when the entry stands."""
    found: list[str | None] = []

    def guard(connection: Connection) -> None:
        found.append(newest(connection, [b"one"]))
        if found[-1] is None:
            raise ChangedError("nothing was asked for by that request")

    first = log.append(to_tell(message_requests=(b"one",)))
    log.append(to_tell(guard=guard))
    assert found == [first.id]


def test_a_request_that_comes_again_is_noted_once(log: DecisionLog) -> None:
    new = to_tell(retry=Retry(b"k", b"r"), message_requests=(b"one",))
    first = log.append(new)
    again = log.append(replace(new, id="00000000-0000-4000-8000-000000000001"))
    assert again.repeated
    assert newest(log.database, [b"one"]) == first.id
