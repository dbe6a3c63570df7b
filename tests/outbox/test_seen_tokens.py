"""A token that is good for one call is good for one call, whoever asks and wherever."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from sqlalchemy import select

from triage.config import Settings
from triage.store.log import DecisionLog
from triage.store.opening import open_log
from triage.store.passing_tables import SEEN_TOKENS
from triage.store.seen_tokens import AT_ONCE, first_sight

NOW = 1_800_000_000


def kept(log: DecisionLog) -> set[bytes]:
    """The digests that are remembered."""
    with log.database.read() as connection:
        return {bytes(one) for one in connection.execute(select(SEEN_TOKENS.c.digest)).scalars()}


def test_a_token_is_seen_for_the_first_time_once(log: DecisionLog) -> None:
    assert first_sight(log.database, b"one", NOW + 60, NOW)
    assert not first_sight(log.database, b"one", NOW + 60, NOW)
    assert not first_sight(log.database, b"one", NOW + 600, NOW + 60)
    assert first_sight(log.database, b"another", NOW + 60, NOW)


def test_what_expired_is_forgotten(log: DecisionLog) -> None:
    for number in range(AT_ONCE + 5):
        assert first_sight(log.database, b"%d" % number, NOW, NOW)
    assert len(kept(log)) == AT_ONCE + 5
    assert first_sight(log.database, b"later", NOW + 61, NOW + 1)
    assert len(kept(log)) == 6
    assert first_sight(log.database, b"last", NOW + 61, NOW + 1)
    assert kept(log) == {b"later", b"last"}


def test_of_many_who_show_one_token_at_once_one_is_let_in(
    log: DecisionLog, log_settings: Settings
) -> None:
    with closing(open_log(log_settings)) as other, ThreadPoolExecutor(16) as threads:
        barrier = threading.Barrier(16)

        def shown(number: int) -> bool:
            barrier.wait()
            database = (log, other)[number % 2].database
            return first_sight(database, b"%d" % (number // 16), NOW + number // 16, NOW)

        found = list(threads.map(shown, range(160)))
    assert [sum(found[begin : begin + 16]) for begin in range(0, 160, 16)] == [1] * 10


def test_many_forget_side_by_side(log: DecisionLog) -> None:
    for number in range(50):
        first_sight(log.database, b"old %d" % number, NOW, NOW)
    with ThreadPoolExecutor(12) as threads:
        seen = threads.map(
            lambda number: first_sight(log.database, b"new %d" % number, NOW + 99, NOW + 50),
            range(100),
        )
        assert all(seen)
    assert kept(log) == {b"new %d" % number for number in range(100)}
