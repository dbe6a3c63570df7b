"""Makes the tables of the log, and tells whether they are there."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from triage.store.database import Database

MIGRATIONS = Path(__file__).with_name("migrations")


def newest() -> str:
    """The newest step there is."""
    return str(ScriptDirectory(str(MIGRATIONS)).get_current_head())


def step(database: Database) -> str | None:
    """The newest step that was done on a database; None where none was."""
    with database.read() as connection:
        return _step(connection)


def is_migrated(database: Database) -> bool:
    """Was every step done?"""
    return step(database) == newest()


def upgrade(database: Database) -> tuple[str | None, str]:
    """Do every step not yet done, all or none. The newest step before, and now."""
    with database.write() as connection:
        before = _step(connection)
        if before != newest():
            configuration = Config()
            configuration.set_main_option("script_location", str(MIGRATIONS))
            configuration.attributes["connection"] = connection
            command.upgrade(configuration, "head")
        return before, newest()


def _step(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
