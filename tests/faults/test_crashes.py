"""A process that ends at the worst moments: the next one makes good what it left."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from functools import partial
from itertools import count
from multiprocessing import get_context
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from tests.campaigns import share
from tests.running import LONGEST_WAIT
from triage.config import Settings
from triage.domain.caller import Caller, Role
from triage.store.entries import Kind, NewEntry, Retry
from triage.store.opening import open_log
from triage.store.verification import verify

CRASHED = 86
"""How a process ends that was made to crash."""

FEWEST_STEPS = 20
"""So many statements, at the least, it takes to begin a log."""


def crash(when: str, settings: Settings) -> None:
    """What a process does that ends, without another step, before or after its commit."""
    log, new = open_log(settings), a_view()
    if when == "before":
        new = replace(new, also=lambda _connection: os._exit(CRASHED))
    else:
        log.appender.watcher = lambda *_: os._exit(CRASHED)
    log.append(new)


def a_view() -> NewEntry:
    """A request whose key and body are always the same."""
    caller = Caller(Role.CLINICIAN, "a-clinician", "a-client", "an-issuer")
    return NewEntry(Kind.VIEW, caller, {"what": "decision"}, retry=Retry(b"key", b"request"))


@pytest.mark.parametrize(("when", "was_there"), [("before", False), ("after", True)])
def test_a_crash_beside_the_commit_is_made_good_by_the_same_key(
    log_settings: Settings, when: str, was_there: bool
) -> None:
    assert exit_code_of(crash, when, log_settings) == CRASHED
    with closing(open_log(log_settings)) as log:
        found = [log.append(a_view()) for _ in range(2)]
        assert [one.repeated for one in found] == [was_there, True]
        assert {one.leaf for one in found} == {found[0].leaf}
        assert verify(log.database, workers=1).entries == 1
        assert log.append(replace(a_view(), retry=None)).sequence == 2


def test_a_beginning_that_crashed_at_any_step_is_made_good_by_the_next(tmp_path: Path) -> None:
    assert exit_code_of(crash_at_every_step, tmp_path) == 0


def crash_at_every_step(folder: Path) -> None:
    """Begin logs, each with a crash a step later, until one is begun without; or at every tenth."""
    for step in count(0, 10 // share(10)):
        own = folder / str(step)
        settings = Settings(database_url=f"sqlite:///{own / 'triage.db'}", keys=own / "keys")
        code = exit_code_of_fork(partial(begin, settings, crash_at=step))
        assert exit_code_of_fork(partial(begin, settings)) == 0, f"not begun after {step}"
        if code == 0:
            assert step > FEWEST_STEPS
            return
        assert code == CRASHED


def begin(settings: Settings, crash_at: int | None = None) -> None:
    """Begin a log and append to it; or crash right before one of the statements, from nought."""
    steps = count()

    def look(*_: object) -> None:
        if next(steps) == crash_at:
            os._exit(CRASHED)

    event.listen(Engine, "before_cursor_execute", look)
    with closing(open_log(settings)) as log:
        if crash_at is None:
            assert log.append(a_view()).sequence == 1
            assert verify(log.database, workers=1).entries == 1


def exit_code_of(target: Callable[..., None], *args: object) -> int | None:
    """How a process of its own ends that does this."""
    process = get_context("spawn").Process(target=target, args=args)
    process.start()
    process.join(10 * LONGEST_WAIT)
    return process.exitcode


def exit_code_of_fork(target: Callable[[], None]) -> int:
    """How a copy of this process ends that does this. There must be no other thread in it."""
    if pid := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    try:
        target()
        os._exit(0)
    except BaseException:  # noqa: BLE001 (whatever it is, a copy must not go on as this process)
        traceback.print_exc()
        os._exit(1)
