"""The disk of the log is full: nothing acknowledged is lost, and with room again it goes on."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.campaigns import share
from tests.databases import environment_of
from tests.faults.clients import Clients, check_nothing_lost, clients
from tests.faults.clusters import Cluster, cluster, migrate
from tests.faults.probes import (
    is_ready,
    nothing_is_recorded,
    refused,
    say_when,
)
from tests.running import Service, running
from triage.config import Settings

ROUNDS = 10
"""How often the disk fills in a whole campaign."""

LEFT, PIECE = 1 << 19, 1 << 16
"""How much room the ballast leaves, which decisions fill soon, and the pieces it is made of."""

IN_TIME_SECONDS = 60
"""How long an answer may take on a machine that is busy, however full the disk is."""

FULL = 40
"""So many refusals, and the disk is full for good: at first a smaller commit may still fit."""


@contextmanager
def disk(mebibytes: int) -> Iterator[Path]:
    """A disk of its own, of so many mebibytes; nothing is on it."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a disk that can be filled")
    folder = Path(mkdtemp(prefix="triage-disk-"))
    try:
        size = f"size={mebibytes}m,mode=0755"
        mount = [_program("mount"), "-t", "tmpfs", "-o", size, "triage-disk", str(folder)]
        mounted = subprocess.run(mount, check=False, capture_output=True, text=True)
        if mounted.returncode:
            pytest.skip(f"no disk can be mounted here: {mounted.stderr.strip()}")
        try:
            yield folder
        finally:
            subprocess.run([_program("umount"), "--lazy", str(folder)], check=True)
    finally:
        folder.rmdir()


def _program(name: str) -> str:
    return shutil.which(name) or pytest.skip(f"there is no {name} here")


@contextmanager
def ballast(on: Path) -> Iterator[None]:
    """Something that takes up the disk but for a little."""
    heap = on / "ballast"
    try:
        with heap.open("wb", buffering=0) as file, suppress(OSError):
            while shutil.disk_usage(on).free > LEFT:
                file.write(bytes(PIECE))
        yield
    finally:
        heap.unlink()


def is_told(service: Service, callers: Clients) -> None:
    """Callers are told that nothing can be recorded."""
    before = len(callers.refused)
    say_when(lambda: len(callers.refused) >= before + FULL, "full")
    refused(service, IN_TIME_SECONDS)


def starts_again(postgresql: Cluster) -> None:
    """PostgreSQL answers; where it ended for want of room it is started, as its keeper would."""
    say_when(lambda: postgresql.is_up() or postgresql.has_ended(), "up or ended")
    if not postgresql.is_up():
        postgresql.start()


def reads_go_on(service: Service, callers: Clients) -> None:
    """Nothing is recorded, and what can be read is read: the service says that it is ready."""
    nothing_is_recorded(service, callers)
    assert is_ready(service)


def fills(
    folder: Path,
    settings: Settings,
    meanwhile: Callable[[Service, Clients], None] = lambda _service, _callers: None,
    freed: Callable[[], None] = lambda: None,
) -> None:
    """Fill a disk under load and free it, a few times; see what holds in the meantime.

    ``freed`` is done when there is room again.
    """
    environment = environment_of(settings)
    with running(environment=environment) as service, clients(4, seed=5) as callers:
        callers.url = service.url
        for _ in range(share(ROUNDS)):
            callers.wait_for(20)
            with ballast(folder):
                is_told(service, callers)
                meanwhile(service, callers)
            freed()
            say_when(lambda: is_ready(service), "ready")
            callers.wait_for(20)
        callers.finish()
        assert all(int(one.answer.headers["Retry-After"]) > 0 for one in callers.refused)
        check_nothing_lost(settings, callers.acknowledged)


def test_a_full_disk_under_sqlite(tmp_path: Path) -> None:
    with disk(32) as folder:
        settings = Settings(database_url=f"sqlite:///{folder / 'triage.db'}", keys=tmp_path)
        fills(folder, settings, reads_go_on)


def test_a_full_disk_under_postgresql(tmp_path: Path) -> None:
    """It refuses what is new, or ends altogether: that depends on which of its files is full."""
    with disk(96) as folder, cluster(folder / "cluster") as postgresql:
        settings = Settings(database_url=postgresql.url, keys=tmp_path)
        migrate(settings)
        fills(folder, settings, freed=lambda: starts_again(postgresql))


def test_a_full_disk_of_the_write_ahead_log_of_postgresql(tmp_path: Path) -> None:
    with disk(16) as folder, cluster(wal=folder / "wal") as postgresql:
        settings = Settings(database_url=postgresql.url, keys=tmp_path)
        migrate(settings)

        def ends(service: Service, _callers: Clients) -> None:
            say_when(postgresql.has_ended, "ended")
            assert not is_ready(service)

        fills(folder, settings, ends, lambda: starts_again(postgresql))
