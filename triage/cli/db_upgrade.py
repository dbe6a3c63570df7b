"""`triage db upgrade`: the tables of the database as this version needs them."""

from __future__ import annotations

from contextlib import closing

import click

from triage.cli.options import NothingDone
from triage.config import Settings
from triage.errors import LogUnavailableError, SettingsError
from triage.store import schema
from triage.store.opening import database_of

EPILOG = """\b
Examples:
  triage db upgrade
  TRIAGE_DATABASE_URL=postgresql://triage@db/triage triage db upgrade

\b
Exit codes: 0 the tables are as this version needs them; 2 they are not, and
nothing was changed.
"""


@click.command(epilog=EPILOG)
def upgrade() -> None:
    """Make or change the tables of the database as this version needs them.

    Everything is done, or nothing. No entry is ever changed. `triage serve` does this of itself for
    SQLite; for PostgreSQL it waits for you to do it.
    """
    try:
        with closing(database_of(Settings.from_environment())) as database:
            before, now = schema.upgrade(database)
            name = database.name
    except SettingsError as error:
        raise NothingDone(str(error)) from None
    except LogUnavailableError as error:
        raise NothingDone(f"{error}; TRIAGE_DATABASE_URL says where the log is") from None
    if before == now:
        click.echo(f"{name} is at step {now} already; there was nothing to do.")
    else:
        click.echo(f"{name} went from {f'step {before}' if before else 'no tables'} to step {now}.")
