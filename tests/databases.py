"""Databases of a test's own: a SQLite file, or a database on the PostgreSQL that runs here.

Tables are made once: each log of a test begins as a copy of a database that has them.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest

from tests.kept import KEPT
from triage.config import Settings
from triage.store import schema
from triage.store.opening import database_of

SERVER = os.environ.get("TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres")
"""A PostgreSQL server in which tests may make databases."""

KINDS = ("sqlite", "postgresql")


@cache
def is_there() -> bool:
    """Does PostgreSQL answer?"""
    try:
        psycopg.connect(SERVER, connect_timeout=60).close()
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def database(kind: str, folder: Path, like: str | None = None) -> Iterator[str]:
    """The URL of an empty database, gone afterwards, or of a copy of one to which nobody speaks.

    A folder is where SQLite has its file.
    """
    if kind == "sqlite":
        file = folder / "triage.db"
        if like:
            shutil.copy(like.removeprefix("sqlite:///"), file)
        yield f"sqlite:///{file}"
        return
    if not is_there():
        pytest.skip("no PostgreSQL answers; set TEST_POSTGRESQL to one in which tests may work")
    name = f"triage_test_{uuid.uuid4().hex}"
    template = like.rpartition("/")[2] if like else "template1"
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        try:
            yield f"{SERVER.rpartition('/')[0]}/{name}"
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def log_settings(kind: str, folder: Path) -> Iterator[Settings]:
    """The settings of a service with a log of its own, migrated and without an entry."""
    with database(kind, folder, like=_migrated(kind)) as url:
        yield Settings(database_url=url, keys=folder / "keys")


@cache
def _migrated(kind: str) -> str:
    """The URL of a database with every table and no entry."""
    folder = Path(KEPT.enter_context(TemporaryDirectory()))
    url = KEPT.enter_context(database(kind, folder))
    opened = database_of(Settings(database_url=url, keys=folder / "keys"))
    schema.upgrade(opened)
    opened.close()
    return url


def environment_of(settings: Settings) -> dict[str, str]:
    """The environment in which a service has these settings of its log."""
    return {"TRIAGE_DATABASE_URL": str(settings.database_url), "TRIAGE_KEYS": str(settings.keys)}
