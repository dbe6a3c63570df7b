"""Appending when something goes wrong: nobody waits for ever, nobody pays for another's fault."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from stat import S_IMODE
from time import monotonic, perf_counter, sleep
from typing import Any

import psycopg
import pytest

from tests import databases
from tests.databases import environment_of
from tests.running import LONGEST_WAIT
from triage.config import Settings
from triage.domain.caller import Caller, Role
from triage.errors import LogUnavailableError
from triage.store import appending
from triage.store.entries import Entry, Kind, NewEntry, Retry
from triage.store.log import DecisionLog
from triage.store.opening import open_log

CALLER = Caller(Role.CLINICIAN, "a-clinician", "a-client", "an-issuer")

AGAIN = Retry(b"a key", b"a request")


def a_view(**others: Any) -> NewEntry:
    return NewEntry(Kind.VIEW, CALLER, {"what": "decision"}, **others)


@pytest.fixture
def log(log_settings: Settings) -> Iterator[DecisionLog]:
    with closing(open_log(log_settings)) as opened:
        yield opened


@pytest.fixture
def other(log_settings: Settings) -> Iterator[DecisionLog]:
    """The same log as another process has it."""
    with closing(open_log(log_settings)) as opened:
        yield opened


@contextmanager
def nobody_else_writes(log: DecisionLog) -> Iterator[None]:
    """Until the end of the block it is the turn of a writer who does nothing."""
    with log.database.write():
        yield


def at_once(log: DecisionLog, news: list[NewEntry], other: DecisionLog) -> list[Future[Entry]]:
    """Hand in several entries while another process writes, so that they come into one commit."""
    with ThreadPoolExecutor(len(news)) as threads:
        with nobody_else_writes(other):
            found: list[Future[Entry]] = []
            for number, new in enumerate(news):
                found.append(threads.submit(log.append, new))
                until(lambda: found[-1].done() or waiting(log) == number)  # noqa: B023
        return found


def waiting(log: DecisionLog) -> int | None:
    """How many entries wait behind one that is being committed; None where none is."""
    appender = log.appender
    return appender._queue.qsize() if appender._began else None  # noqa: SLF001


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    latest = monotonic() + LONGEST_WAIT
    while not holds():
        assert monotonic() < latest
        sleep(0.005)


class GivenUp(Future[Entry]):
    """An entry that whoever handed it in waits for until something has happened, and no longer."""

    def __init__(self, happened: threading.Event) -> None:
        super().__init__()
        self._happened = happened

    def result(self, _timeout: float | None = None) -> Entry:
        assert self._happened.wait(LONGEST_WAIT)
        raise TimeoutError


def test_who_waits_too_long_is_told_and_nothing_is_recorded(
    log: DecisionLog, other: DecisionLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(appending, "PATIENCE_SECONDS", 0.2)
    with nobody_else_writes(other), pytest.raises(LogUnavailableError, match="in time"):
        log.append(a_view())
    monkeypatch.undo()
    assert log.append(a_view(about="the next")).sequence == 1


def test_who_gives_up_while_it_is_committed_finds_it_by_the_same_key(
    log: DecisionLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    committed, answer, waiting_for = threading.Event(), threading.Event(), appending._Waiting  # noqa: SLF001

    def hold(*_: object) -> None:
        committed.set()
        answer.wait(LONGEST_WAIT)

    log.appender.watcher = hold
    monkeypatch.setattr(appending, "_Waiting", lambda new: waiting_for(new, GivenUp(committed)))
    with pytest.raises(LogUnavailableError, match="in time"):
        log.append(a_view(retry=AGAIN))
    monkeypatch.undo()
    answer.set()
    again = log.append(a_view(retry=AGAIN))
    assert (again.sequence, again.repeated) == (1, True)


def test_while_a_commit_is_stuck_who_comes_is_told_at_once(
    log: DecisionLog, other: DecisionLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(appending, "STUCK_SECONDS", 0.2)
    with ThreadPoolExecutor(1) as threads:
        with nobody_else_writes(other):
            first = threads.submit(log.append, a_view())
            until(lambda: 0 < log.appender._began < perf_counter() - 0.2)  # noqa: SLF001
            with pytest.raises(LogUnavailableError, match="before this one"):
                log.append(a_view())
        assert first.result().sequence == 1
    assert log.append(a_view()).sequence == 2


def test_no_more_wait_than_can_be_recorded_soon(
    log: DecisionLog, other: DecisionLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(appending, "MOST_WAITING", 1)
    found = at_once(log, [a_view() for _ in range(3)], other)
    assert [one.result().sequence for one in found[:2]] == [1, 2]
    with pytest.raises(LogUnavailableError, match="too many"):
        found[2].result()


def divide_by_nothing(_connection: object) -> None:
    raise ZeroDivisionError


@pytest.mark.parametrize(
    ("fault", "error"),
    [({"guard": divide_by_nothing}, ZeroDivisionError), ({"about": {1, 2}}, TypeError)],
    ids=["a guard that fails", "what is no JSON"],
)
def test_one_bad_entry_does_not_keep_the_others_from_being_recorded(
    log: DecisionLog, other: DecisionLog, fault: dict[str, Any], error: type[Exception]
) -> None:
    found = at_once(log, [a_view(), a_view(), a_view(**fault), a_view()], other)
    with pytest.raises(error):
        found[2].result()
    assert sorted(found[place].result().sequence for place in (0, 1, 3)) == [1, 2, 3]
    assert log.check_end() == 3


def test_what_the_database_cannot_hold_is_refused_alone(
    log: DecisionLog, other: DecisionLog
) -> None:
    found = at_once(log, [a_view(), a_view(about="\x00"), a_view()], other)
    sequences = [one.result().sequence for one in found if not one.exception()]
    assert sequences in ([1, 2], [1, 2, 3])  # SQLite can hold it
    assert log.check_end() == len(sequences)


def test_whoever_watches_cannot_keep_an_answer_from_anybody(log: DecisionLog) -> None:
    def fail(*_: object) -> None:
        raise OSError

    log.appender.watcher = fail
    assert [log.append(a_view()).sequence for _ in range(2)] == [1, 2]


def test_what_was_handed_in_is_finished_before_closing(
    log: DecisionLog, other: DecisionLog
) -> None:
    found = at_once(log, [a_view() for _ in range(5)], other)
    log.close()
    assert sorted(one.result().sequence for one in found) == [1, 2, 3, 4, 5]
    assert log.append(a_view()).sequence == 6


DIES = """
import os, sys
from tests.store.test_appending import AGAIN, a_view
from triage.config import Settings
from triage.store.opening import open_log
log = open_log(Settings.from_environment())
log.append(a_view())
log.appender.watcher = lambda *_: os._exit(9)
log.append(a_view(retry=AGAIN))
"""


def test_a_crash_between_commit_and_answer_leaves_one_entry_for_one_key(
    log_settings: Settings,
) -> None:
    environment = {**os.environ, **environment_of(log_settings)}
    died = subprocess.run([sys.executable, "-c", DIES], env=environment, check=False)
    assert died.returncode == 9
    with closing(open_log(log_settings)) as log:
        again = log.append(a_view(retry=AGAIN))
        assert (again.sequence, again.repeated) == (2, True)
        assert log.check_end() == 2


def test_everything_read_at_once_is_of_one_state(log: DecisionLog, other: DecisionLog) -> None:
    log.append(a_view())
    with log.database.read() as connection:
        counted = "SELECT count(*) FROM entries"
        assert connection.exec_driver_sql(counted).scalar() == 1
        other.append(a_view())
        assert connection.exec_driver_sql(counted).scalar() == 1
    assert log.head().head.size == 2


def test_a_writer_sees_what_was_committed_while_it_waited(
    log: DecisionLog, other: DecisionLog
) -> None:
    for _ in range(20):  # every connection was read by before
        log.head()
    with ThreadPoolExecutor(8) as threads:
        logs = [log, other] * 30
        found = list(threads.map(lambda one: one.append(a_view()).sequence, logs))
    assert sorted(found) == list(range(1, 61))


def alter(settings: Settings, setting: str) -> None:
    """Change what new connections to a PostgreSQL database begin with."""
    url, may_write = str(settings.database_url), "-c default_transaction_read_only=off"
    with psycopg.connect(url, autocommit=True, options=may_write) as connection:
        name = connection.info.dbname
        connection.execute(f'ALTER DATABASE "{name}" SET {setting}')


@pytest.fixture
def postgresql(tmp_path: Path) -> Iterator[Settings]:
    """The settings of a log on PostgreSQL."""
    with databases.log_settings("postgresql", tmp_path) as settings:
        yield settings


def test_entries_are_numbered_whatever_isolation_a_database_begins_with(
    postgresql: Settings,
) -> None:
    alter(postgresql, "default_transaction_isolation = 'serializable'")
    with closing(open_log(postgresql)) as log, closing(open_log(postgresql)) as other:
        test_a_writer_sees_what_was_committed_while_it_waited(log, other)


def test_a_database_that_may_only_be_read_records_again_once_it_may_be_written(
    postgresql: Settings,
) -> None:
    with closing(open_log(postgresql)) as log:
        log.append(a_view())
        alter(postgresql, "default_transaction_read_only = on")
        log.database.close()
        with pytest.raises(LogUnavailableError):
            log.append(a_view())
        assert log.head().head.size == 1
        alter(postgresql, "default_transaction_read_only = off")
        while log.head().head.size == 1:  # each connection made before fails once
            with suppress(LogUnavailableError):
                log.append(a_view())
        assert log.append(a_view()).sequence == 3


def test_nobody_else_may_read_the_files_of_sqlite(log: DecisionLog) -> None:
    log.append(a_view())
    if log.database.is_sqlite:
        files = list(log.database.file.parent.glob("triage.db*"))
        assert {S_IMODE(one.stat().st_mode) for one in files} == {0o600}
        assert len(files) == 4
