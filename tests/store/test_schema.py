"""The tables: made step by step, alike in the migrations and in what the code knows of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from tests.builders import a_referral, referral_builder
from tests.databases import KINDS, database
from tests.recorded import recorded
from triage.config import Settings
from triage.errors import LogUnavailableError, SettingsError
from triage.rulebook import Rulebook
from triage.store import opening, schema
from triage.store.database import Database
from triage.store.drafts import Drafts
from triage.store.outbox import Outbox
from triage.store.tables import ENTRIES
from triage.store.verification import Elsewhere, HeldHead, verify


@pytest.fixture(params=KINDS)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """The settings of a log in a database without tables."""
    with database(request.param, tmp_path) as url:
        yield Settings(database_url=url, keys=tmp_path / "keys")


def upgraded_to(settings: Settings, step: str) -> None:
    """Do the steps up to one, as the version did of which it was the newest."""
    with closing(opening.database_of(settings)) as opened, opened.write() as connection:
        configuration = Config()
        configuration.set_main_option("script_location", str(schema.MIGRATIONS))
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, step)


def test_the_migrations_make_the_tables_that_the_code_knows(empty: Settings) -> None:
    with closing(opening.database_of(empty)) as opened:
        schema.upgrade(opened)
        with opened.read() as connection:
            found = compare_metadata(MigrationContext.configure(connection), ENTRIES.metadata)
            made = inspect(connection).get_table_names()
    assert found == []
    assert set(made) == {*ENTRIES.metadata.tables, "alembic_version"}


BEFORE = {"0001": (referral_builder().from_source("B1").build(), 0), "0002": (a_referral(), 5)}
"""A referral that each version could record, and how often somebody is told of five such."""


@pytest.mark.parametrize("step", BEFORE)
def test_a_log_of_a_version_before_goes_on_where_it_was(
    empty: Settings, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    upgraded_to(empty, step)
    referral, told = BEFORE[step]
    with monkeypatch.context() as before:
        before.setattr(schema, "upgrade", lambda _database: None)
        before.setattr(schema, "check", lambda _database: None)
        with closing(opening.open_log(empty)) as log:
            first = recorded(log, rulebook, [referral] * 5)
            head = log.head()
    with closing(opening.database_of(empty)) as opened:
        assert schema.upgrade(opened) == (step, schema.newest())
    with closing(opening.open_log(empty)) as log:
        assert Outbox(log.database).counts() == (told, 0)
        recorded(log, rulebook, [a_referral()])
        assert Outbox(log.database).counts() == (told + 1, 0)
        assert Drafts(log.database, log.person_key).in_progress() == ()
        held = HeldHead(head, "the head of the version before")
        assert verify(log.database, Elsewhere([held], [log.vkey])).entries == 6
        assert log.recorded(first[0].decision_id) is not None


def test_postgresql_is_not_used_by_a_version_whose_steps_it_has_not(tmp_path: Path) -> None:
    with database("postgresql", tmp_path) as url:
        settings = Settings(database_url=url, keys=tmp_path / "keys")
        upgraded_to(settings, "0001")
        with pytest.raises(SettingsError, match="type: triage db upgrade"):
            opening.open_log(settings)


REFUSED = (
    "UPDATE message_requests SET key = key",
    "DELETE FROM message_requests",
    "DELETE FROM outbox",
)


@pytest.mark.parametrize("statement", REFUSED)
def test_the_database_refuses_to_forget_what_was_asked_for_and_what_is_to_be_told(
    log_settings: Settings, rulebook: Rulebook, statement: str
) -> None:
    with closing(opening.open_log(log_settings)) as log:
        recorded(log, rulebook, [referral_builder().build()])
        row = text("INSERT INTO message_requests (key, sequence) VALUES (:key, 1)")
        with log.database.write() as connection:
            connection.execute(row, {"key": b"k"})
        with pytest.raises(LogUnavailableError) as caught:
            _done(log.database, statement)
    assert "only grows" in str(caught.value.__cause__)


def _done(opened: Database, statement: str) -> None:
    with opened.write() as connection:
        connection.execute(text(statement))
