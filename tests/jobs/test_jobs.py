"""Work that outlives its request: seen from any process, and never left running for ever."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from triage import jobs as running
from triage.config import Settings
from triage.domain.caller import Caller, Role
from triage.errors import RulebookError, RuleFault
from triage.jobs import Progress, run
from triage.store.database import Database
from triage.store.entries import written
from triage.store.jobs import KEPT, Job, Jobs, State
from triage.store.opening import database_of
from triage.store.passing_tables import JOBS

AUDITOR = Caller(Role.AUDITOR, "an-auditor", "pages", "an-issuer")

ASKED = {"from": "sha256:1", "to": "sha256:2"}

PATIENCE_SECONDS = 120


@pytest.fixture
def database(log_settings: Settings) -> Iterator[Database]:
    """A database of its own."""
    with closing(database_of(log_settings)) as opened:
        yield opened


@pytest.fixture
def jobs(database: Database) -> Jobs:
    """Its work: none."""
    return Jobs(database)


def awaited(jobs: Jobs, id_: str, so: Callable[[Job], bool]) -> Job:
    """Some work, once it is so."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        found = jobs.one(id_)
        assert found is not None
        if so(found):
            return found
        time.sleep(0.01)
    raise AssertionError("it never came to that")


def ended(jobs: Jobs, work: running.Work) -> Job:
    """Some work, once it has ended."""
    job = run(jobs, "comparison", ASKED, AUDITOR, work)
    return awaited(jobs, job.id, lambda one: one.state is not State.RUNNING)


def ago(database: Database, job: Job, time_ago: timedelta) -> None:
    """Let some work be heard of for the last time so long ago."""
    change = update(JOBS).where(JOBS.c.id == job.id)
    with database.change() as connection:
        connection.execute(change.values(beat_at=written(datetime.now(UTC) - time_ago)))


def test_how_far_work_is_can_be_seen_from_elsewhere(
    jobs: Jobs, log_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "EVERY_SECONDS", 0.01)
    go_on = threading.Event()

    def work(progress: Progress) -> Mapping[str, Any]:
        progress(3, 10)
        assert go_on.wait(PATIENCE_SECONDS)
        return {"moved": [1, 2]}

    job = run(jobs, "comparison", ASKED, AUDITOR, work)
    assert (job.state, job.done, job.asked, job.by) == (State.RUNNING, 0, ASKED, AUDITOR)
    with closing(database_of(log_settings)) as other:
        elsewhere = Jobs(other)
        seen = awaited(elsewhere, job.id, lambda one: one.done == 3)
        assert (seen.state, seen.total, seen.result) == (State.RUNNING, 10, None)
        go_on.set()
        done = awaited(elsewhere, job.id, lambda one: one.state is State.DONE)
    assert done.result == {"moved": [1, 2]}
    assert jobs.recent("comparison", 5) == (done,)
    assert jobs.recent("replay", 5) == ()


def test_work_that_cannot_be_done_says_why(jobs: Jobs) -> None:
    def refuses(_progress: Progress) -> Mapping[str, Any]:
        raise RulebookError([RuleFault("rules.yaml", 3, "is not right")])

    failed = ended(jobs, refuses)
    assert (failed.state, failed.problem) == (State.FAILED, "rules.yaml:3: is not right")


def test_what_nobody_foresaw_is_told_without_what_was_sent(
    jobs: Jobs, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(_progress: Progress) -> Mapping[str, Any]:
        raise ValueError("9990000026")

    failed = ended(jobs, breaks)
    assert (failed.state, failed.problem) == (State.FAILED, running.UNFORESEEN)
    (line,) = [one for one in caplog.records if one.name == "triage.jobs"]
    said = line.__dict__["said"]
    assert (said["event"], said["error"]) == ("unforeseen_error", "ValueError")
    assert "9990000026" not in str(line.__dict__)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_work_whose_thread_dies_is_broken_off(jobs: Jobs, database: Database) -> None:
    died = threading.Event()

    def dies(_progress: Progress) -> Mapping[str, Any]:
        died.set()
        raise SystemExit

    job = run(jobs, "replay", {}, AUDITOR, dies)
    assert died.wait(PATIENCE_SECONDS)
    ago(database, job, timedelta(seconds=30))
    assert awaited(jobs, job.id, lambda _: True).state is State.RUNNING
    ago(database, job, timedelta(seconds=61))
    assert awaited(jobs, job.id, lambda _: True).state is State.BROKEN_OFF
    (listed,) = jobs.recent("replay", 1)
    assert listed.state is State.BROKEN_OFF


def test_old_work_goes_when_new_work_begins(jobs: Jobs, database: Database) -> None:
    old, recent = (jobs.begin("replay", {}, AUDITOR) for _ in range(2))
    ago(database, old, KEPT + timedelta(minutes=1))
    ago(database, recent, KEPT - timedelta(minutes=1))
    new = jobs.begin("comparison", {}, AUDITOR)
    assert [jobs.one(one.id) is not None for one in (old, recent, new)] == [False, True, True]
