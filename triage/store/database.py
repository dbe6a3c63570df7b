"""The database of the log: SQLite in a file, or PostgreSQL, through the same few calls.

One writer at a time, whichever process it is in: SQLite by a lock on a file beside the database
(its own waiting is by sleeping, and unfair), PostgreSQL by an advisory lock.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from triage.errors import LogError, LogUnavailableError, SettingsError
from triage.store.bounded import connected

WRITER_LOCK = 0x7472_6961_6765
"""The advisory lock of PostgreSQL by which one writer at a time appends: "triage" in ASCII."""

TAKE_TURN = f"SELECT pg_advisory_xact_lock({WRITER_LOCK})"

PATIENCE_SECONDS = 5
"""How long to wait for a connection and for a lock."""

CONNECTIONS = 16
"""The most connections of one process."""

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "trusted_schema=OFF",
    "secure_delete=ON",
    f"busy_timeout={PATIENCE_SECONDS * 1000}",
)


class Database:
    """A database by its URL. Nothing is opened before it is needed, and again after a fork.

    ``answers_within`` says how many seconds PostgreSQL may take to answer; without it, as long as
    it likes. Raises ``SettingsError`` for a URL that is not one of SQLite or PostgreSQL. Its calls
    raise ``LogUnavailableError`` where the database cannot be reached, is locked or is full, and
    ``LogError`` where it can hold no such value.
    """

    def __init__(self, url: str, answers_within: int | None = None) -> None:
        self._url = _read(url)
        self._answers_within = answers_within
        self._engine: Engine | None = None
        self._pid = 0

    def __reduce__(self) -> tuple[type[Database], tuple[str, int | None]]:
        """Another process gets the address alone, and opens connections of its own."""
        return Database, (self._url.render_as_string(hide_password=False), self._answers_within)

    @property
    def is_sqlite(self) -> bool:
        """Is this SQLite?"""
        return self._url.get_backend_name() == "sqlite"

    @property
    def name(self) -> str:
        """The database for people: its URL without the password."""
        return self._url.render_as_string(hide_password=True)

    @property
    def file(self) -> Path:
        """The file of a SQLite database."""
        return Path(str(self._url.database))

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection to read by, whose statements all see the same state."""
        if self.is_sqlite and not self.file.exists():
            raise LogUnavailableError("the file of the decision log is not there")
        with _reachable(), self._pool().connect() as connection:
            if not self.is_sqlite:
                connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A connection to append by: nobody else appends until the block has ended.

        All of what was done is durable after the block, or none of it where the block raised.
        """
        with self._writing() as connection:
            if not self.is_sqlite:
                connection.exec_driver_sql(TAKE_TURN)
            yield connection

    @contextmanager
    def change(self) -> Iterator[Connection]:
        """A connection to change what is no part of the log: lists of work, and what passes.

        In PostgreSQL this holds up nobody who appends; in SQLite one writes at a time, whatever it
        is. What was done is durable as after ``write``.
        """
        with self._writing() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with _reachable():
            pool = self._pool()
            with self._alone(), pool.connect() as connection:
                connection.execution_options(writes=True)
                try:
                    with connection.begin():
                        yield connection
                except BaseException:
                    connection.invalidate()  # the next writer gets one that is none the worse
                    raise

    def forget(self) -> bool:
        """Let what was deleted leave the files of SQLite; False where a reader stands in the way.

        The file itself has it overwritten, and its write-ahead log is emptied here. PostgreSQL
        forgets in its own time.
        """
        if not self.is_sqlite:
            return True
        with _reachable(), closing(self._pool().raw_connection()) as connection:
            busy, _, _ = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not busy

    def close(self) -> None:
        """Give back every connection."""
        if self._engine is not None and self._pid == os.getpid():
            self._engine.dispose()
        self._engine = None

    def _pool(self) -> Engine:
        """The connections of this process: those of a parent are left alone."""
        if self._engine is None or self._pid != os.getpid():
            with _MAKING:
                if self._engine is None or self._pid != os.getpid():
                    self._engine, self._pid = self._made(), os.getpid()
        return self._engine

    def _made(self) -> Engine:
        if not self.is_sqlite:
            return self._made_for_postgresql()
        if not self.file.exists():
            self._create_file()
        engine = create_engine(self._url, **_POOLED, connect_args={"isolation_level": None})
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
        return engine

    def _made_for_postgresql(self) -> Engine:
        """Each statement sees what was committed before it, once a writer has its turn."""
        within = self._answers_within
        engine = create_engine(
            self._url, pool_pre_ping=True, isolation_level="READ COMMITTED", **_POOLED
        )

        @event.listens_for(engine, "do_connect")
        def _connect(_dialect: Any, _record: Any, _args: Any, told: Any) -> psycopg.Connection:
            return connected(PATIENCE_SECONDS, within, told)

        return engine

    def _create_file(self) -> None:
        """Make the file of SQLite, which nobody else may read."""
        self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError), _opened(self.file, os.O_EXCL):
            pass

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the lock on a file by which the writers of a SQLite database take turns."""
        if not self.is_sqlite:
            yield
            return
        with _opened(self.file.with_name(f"{self.file.name}-writer")) as descriptor:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield


_MAKING = threading.Lock()
"""Held while the connections of a process are set up, so that there is one set of them."""

_POOLED: dict[str, Any] = {
    "pool_size": CONNECTIONS,
    "max_overflow": 0,
    "pool_timeout": PATIENCE_SECONDS,
    "hide_parameters": True,
}


def _read(url: str) -> URL:
    try:
        found = make_url(url)
        if found.drivername in ("postgres", "postgresql"):
            found = found.set(drivername="postgresql+psycopg")
        found.get_dialect()
    except (ArgumentError, NoSuchModuleError):
        found = None
    if found is None or found.drivername not in ("sqlite", "postgresql+psycopg"):
        raise SettingsError(
            "TRIAGE_DATABASE_URL is not the address of a database; write it as"
            " sqlite:////path/to/triage.db or postgresql://user@host/name"
        )
    if found.drivername == "sqlite" and found.database in (None, "", ":memory:"):
        raise SettingsError(
            "TRIAGE_DATABASE_URL names no file; decisions must outlast the process:"
            " write it as sqlite:////path/to/triage.db"
        )
    return found


@contextmanager
def _reachable() -> Iterator[None]:
    try:
        yield
    except psycopg.DataError as error:
        raise LogError(f"the decision log: {type(error).__name__}") from error
    except (SQLAlchemyError, sqlite3.Error, psycopg.Error, OSError) as error:
        raise LogUnavailableError(f"the decision log: {type(error).__name__}") from error


@contextmanager
def _opened(path: Path, how: int = 0) -> Iterator[int]:
    descriptor = os.open(path, how | os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _prepare(connection: Any, _record: Any) -> None:
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
