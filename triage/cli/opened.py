"""The log that the settings name, opened for a verb; and who starts verbs."""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterator
from contextlib import closing, contextmanager

from triage.cli.options import NothingDone
from triage.config import Settings
from triage.domain.caller import Caller, Role
from triage.errors import LogError, LogUnavailableError, SettingsError
from triage.store.database import Database
from triage.store.log import DecisionLog
from triage.store.opening import database_of, open_log


@contextmanager
def opened_log(answers_within: int | None = None) -> Iterator[DecisionLog]:
    """The log that the environment names, which must have been begun.

    ``answers_within`` is how many seconds its database may take to answer; else it may take any.
    """
    with opened_database():
        pass
    with _told(), closing(open_log(Settings.from_environment(), answers_within)) as log:
        yield log


@contextmanager
def opened_database() -> Iterator[Database]:
    """The database that the environment names, which must be there. No key is needed."""
    with _told(), closing(database_of(Settings.from_environment())) as database:
        if database.is_sqlite and not database.file.exists():
            raise NothingDone(
                f"there is no log in {database.name} yet; triage serve begins one, and"
                " TRIAGE_DATABASE_URL says where another one is"
            )
        yield database


def caller() -> Caller:
    """Whoever started the verb, as the operating system knows them."""
    number = os.getuid()
    try:
        name = pwd.getpwuid(number).pw_name
    except KeyError:
        name = str(number)
    return Caller(Role.OPERATOR, name, "command line")


@contextmanager
def _told() -> Iterator[None]:
    """Tell what stood in the way, and what to do, as a verb tells it."""
    try:
        yield
    except (SettingsError, LogError) as error:
        raise NothingDone(str(error)) from None
    except LogUnavailableError as error:
        raise NothingDone(f"{error}; TRIAGE_DATABASE_URL says where the log is") from None
