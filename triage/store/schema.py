"""Makes the tables of the log, and tells whether they are there."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from triage.errors import SettingsError
from triage.store.database import Database

MIGRATIONS = Path(__file__).with_name("migrations")


def newest() -> str:
    """The newest step there is."""
    return str(ScriptDirectory(str(MIGRATIONS)).get_current_head())


def step(database: Database) -> str | None:
    """The newest step that was done on a database; None where none was."""
    with database.read() as connection:
        return _step(connection)


def check(database: Database) -> None:
    """Raises ``SettingsError``, with what to do, unless every step was done and no other."""
    found = step(database)
    _refuse_newer(found)
    if found != newest():
        raise SettingsError(
            "the tables of the database are not those of this version; type: triage db upgrade"
        )


def upgrade(database: Database) -> tuple[str | None, str]:
    """Do every step not yet done, all or none. The newest step before, and now.

    Raises ``SettingsError`` for a database of a newer version.
    """
    with database.write() as connection:
        before = _step(connection)
        _refuse_newer(before)
        if before != newest():
            configuration = Config()
            configuration.set_main_option("script_location", str(MIGRATIONS))
            configuration.attributes["connection"] = connection
            command.upgrade(configuration, "head")
        return before, newest()


def _step(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _refuse_newer(found: str | None) -> None:
    known = {one.revision for one in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}
    if found is not None and found not in known:
        raise SettingsError(
            f"the database is that of a newer version, step {found}, and this version knows steps"
            f" up to {newest()}; use the newer version, or another database"
        )
