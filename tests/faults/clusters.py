"""PostgreSQL of a test's own, which it may stop, freeze and fill as it likes."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import psycopg
import pytest

from tests.ports import free_port
from triage.config import Settings
from triage.store import schema
from triage.store.opening import database_of

SOMEBODY = "nobody"
"""Who runs it where the tests are run by root, as whom PostgreSQL refuses to run."""

LONGEST_WAIT = 120

PROGRAMS = Path("/usr/lib/postgresql")
"""Where Debian keeps the programs of each version."""

SETTINGS = {
    "listen_addresses": "'127.0.0.1'",
    "unix_socket_directories": "''",
    "fsync": "on",
    "shared_buffers": "16MB",
    "min_wal_size": "2MB",
    "max_wal_size": "8MB",
}


@dataclass(frozen=True)
class Cluster:
    """A PostgreSQL at a port of this machine, with its data in a folder."""

    folder: Path
    port: int

    @property
    def url(self) -> str:
        """The address of its one database."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self._control("start", "-w", "-l", self.folder / "server.log")

    def stop(self) -> None:
        """End it on the spot, as a crash does: nothing is finished, nothing tidied up."""
        self._control("stop", "-m", "immediate")

    def is_up(self) -> bool:
        """Does it answer?"""
        try:
            psycopg.connect(self.url, connect_timeout=LONGEST_WAIT).close()
        except psycopg.OperationalError:
            return False
        return True

    def has_ended(self) -> bool:
        """Has it ended, by itself or because it was told to?"""
        return not (self.folder / "data" / "postmaster.pid").exists()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """All of its processes stand still: connections stay open, and nothing answers."""
        stopped: list[int] = []
        try:
            for pid in self._processes():
                os.kill(pid, signal.SIGSTOP)
                stopped.append(pid)
            yield
        finally:
            for pid in stopped:
                os.kill(pid, signal.SIGCONT)

    @contextmanager
    def read_only(self) -> Iterator[None]:
        """It answers, and takes nothing that is new."""
        self._set("default_transaction_read_only = on")
        try:
            yield
        finally:
            self._set("default_transaction_read_only = off")

    def make(self, wal: Path | None = None) -> None:
        """Make its data folder, with its write-ahead log elsewhere if so asked."""
        data, apart = self.folder / "data", [] if wal is None else [wal]
        for each in (self.folder, data, *apart):
            each.mkdir(parents=True, exist_ok=True)
            if os.geteuid() == 0:
                shutil.chown(each, **_owner())
        how = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--wal-segsize=1")
        elsewhere = ("--waldir", wal) if wal else ()
        _run("initdb", "-D", data, *how, *elsewhere, "--no-sync", "--no-instructions")
        with (data / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = {value}\n" for name, value in SETTINGS.items())
            file.write(f"port = {self.port}\n")

    def _control(self, what: str, *how: str | Path) -> None:
        _run("pg_ctl", what, "-s", "-D", self.folder / "data", "-t", str(LONGEST_WAIT), *how)

    def _set(self, setting: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"ALTER SYSTEM SET {setting}")
            connection.execute("SELECT pg_reload_conf()")

    def _processes(self) -> Iterator[int]:
        """Its processes; the first starts all others."""
        first = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        yield first
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                said = stat.read_text()
            except OSError:  # it has ended
                continue
            if said.rpartition(")")[2].split()[1] == str(first):
                yield int(stat.parent.name)


@contextmanager
def cluster(folder: Path | None = None, wal: Path | None = None) -> Iterator[Cluster]:
    """A PostgreSQL that answers, gone afterwards; in a new folder unless one is given.

    ``wal`` is where it has its write-ahead log, if not there.
    """
    if not _programs():
        pytest.skip("PostgreSQL is not installed here, so none of a test's own can be made")
    own = folder or Path(mkdtemp(prefix="triage-cluster-"))
    made = Cluster(own, free_port())
    try:
        made.make(wal)
        made.start()
        try:
            yield made
        finally:
            if not made.has_ended():
                made.stop()
    finally:
        if folder is None:
            shutil.rmtree(own)


def migrate(settings: Settings) -> None:
    """Make the tables of a log."""
    database = database_of(settings)
    try:
        schema.upgrade(database)
    finally:
        database.close()


def _programs() -> Path | None:
    """The folder of the programs of the newest version that is installed."""
    found = [one for one in PROGRAMS.glob("*/bin") if (one / "initdb").exists()]
    return max(found, key=lambda one: int(re.sub(r"\D", "", one.parent.name)), default=None)


def _run(program: str, *arguments: str | Path) -> None:
    """Run a program of PostgreSQL as somebody it agrees to run as."""
    who: Any = {**_owner(), "extra_groups": ()} if os.geteuid() == 0 else {}
    done = subprocess.run(
        [f"{_programs()}/{program}", *map(str, arguments)],
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd="/",
        timeout=2 * LONGEST_WAIT,
        **who,
    )
    assert done.returncode == 0, f"{program}: {done.stdout}{done.stderr}"


def _owner() -> dict[str, Any]:
    found = pwd.getpwnam(SOMEBODY)
    return {"user": found.pw_uid, "group": found.pw_gid}
