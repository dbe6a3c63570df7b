"""Databases of a test's own: a SQLite file, or a database on the PostgreSQL that runs here."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psycopg
import pytest

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
        psycopg.connect(SERVER, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database, gone afterwards. A folder is where SQLite has its file."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'triage.db'}"
        return
    if not is_there():
        pytest.skip("no PostgreSQL answers; set TEST_POSTGRESQL to one in which tests may work")
    name = f"triage_test_{uuid.uuid4().hex}"
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield f"{SERVER.rpartition('/')[0]}/{name}"
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def log_settings(kind: str, folder: Path) -> Iterator[Settings]:
    """The settings of a service with a log of its own, migrated and without an entry."""
    with database(kind, folder) as url:
        settings = Settings(database_url=url, keys=folder / "keys")
        opened = database_of(settings)
        schema.upgrade(opened)
        opened.close()
        yield settings


def environment_of(settings: Settings) -> dict[str, str]:
    """The environment in which a service has these settings of its log."""
    return {"TRIAGE_DATABASE_URL": str(settings.database_url), "TRIAGE_KEYS": str(settings.keys)}
