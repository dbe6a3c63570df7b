"""A process that ends right beside its commit: the same key then gives what really happened."""

from __future__ import annotations

import os
from contextlib import closing
from dataclasses import replace
from multiprocessing import get_context

import pytest

from tests.running import LONGEST_WAIT
from triage.config import Settings
from triage.domain.caller import Caller, Role
from triage.store.entries import Kind, NewEntry, Retry
from triage.store.opening import open_log
from triage.store.verification import verify

CRASHED = 86
"""How a process ends that was made to crash."""


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
    process = get_context("spawn").Process(target=crash, args=(when, log_settings))
    process.start()
    process.join(LONGEST_WAIT)
    assert process.exitcode == CRASHED
    with closing(open_log(log_settings)) as log:
        found = [log.append(a_view()) for _ in range(2)]
        assert [one.repeated for one in found] == [was_there, True]
        assert {one.leaf for one in found} == {found[0].leaf}
        assert verify(log.database, workers=1).entries == 1
        assert log.append(replace(a_view(), retry=None)).sequence == 2
