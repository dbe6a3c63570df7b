"""`triage db upgrade`, and how verbs meet a database that is not of their version."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.cli.command import triage
from tests.databases import KINDS, database, environment_of
from triage.config import Settings
from triage.store import schema
from triage.store.opening import database_of

VERBS = (
    ("serve", "--bind", "127.0.0.1:0"),
    ("replay", "--all"),
    ("log", "head"),
    ("log", "verify"),
)


@pytest.fixture(params=KINDS)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """The settings of a log in a database without tables."""
    with database(request.param, tmp_path) as url:
        yield Settings(database_url=url, keys=tmp_path / "keys")


def made_newer(settings: Settings) -> None:
    """Let the database be that of a version that is not written yet."""
    with closing(database_of(settings)) as opened:
        schema.upgrade(opened)
        with opened.write() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))


def test_tables_are_made_once(empty: Settings) -> None:
    environment, newest = environment_of(empty), schema.newest()
    first = triage("db", "upgrade", environment=environment)
    assert first.returncode == 0, first.stderr
    assert f"went from no tables to step {newest}." in first.stdout
    again = triage("db", "upgrade", environment=environment)
    assert again.returncode == 0
    assert f"is at step {newest} already" in again.stdout


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_an_empty_postgresql_is_refused_with_what_to_type(
    tmp_path: Path, verb: tuple[str, ...]
) -> None:
    with database("postgresql", tmp_path) as url:
        settings = Settings(database_url=url, keys=tmp_path / "keys")
        done = triage(*verb, environment=environment_of(settings))
    assert done.returncode == 2
    assert "type: triage db upgrade" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("verb", [*VERBS, ("db", "upgrade")], ids=" ".join)
def test_a_database_of_a_newer_version_is_refused(
    log_settings: Settings, verb: tuple[str, ...]
) -> None:
    made_newer(log_settings)
    done = triage(*verb, environment=environment_of(log_settings))
    assert done.returncode == 2
    assert "the database is that of a newer version, step 9999" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_cannot_be_reached_is_told(tmp_path: Path) -> None:
    nowhere = {"TRIAGE_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nowhere"}
    for verb in (*VERBS[1:], ("db", "upgrade")):
        done = triage(*verb, environment={**nowhere, "TRIAGE_KEYS": str(tmp_path)})
        assert done.returncode == 2
        assert "TRIAGE_DATABASE_URL" in done.stderr


def test_an_address_that_is_none_is_told() -> None:
    for verb in (*VERBS[1:], ("db", "upgrade")):
        done = triage(*verb, environment={"TRIAGE_DATABASE_URL": "tea"})
        assert done.returncode == 2
        assert "TRIAGE_DATABASE_URL" in done.stderr
