"""Opens the log of a service: its database and its keys, which must belong together."""

from __future__ import annotations

import uuid
from pathlib import Path

from sqlalchemy import insert, select

from triage.config import Settings, data_folder, keys_folder
from triage.errors import SettingsError
from triage.store import schema
from triage.store.database import Database
from triage.store.entries import now
from triage.store.keys import PersonKey, SigningKey
from triage.store.log import DecisionLog
from triage.store.tables import LOG, SIGNING_KEYS

DATABASE_FILE = "triage.db"


def database_of(settings: Settings, answers_within: int | None = None) -> Database:
    """The database that settings name: a file in the user's data folder unless they name one."""
    url = settings.database_url or f"sqlite:///{data_folder(settings) / DATABASE_FILE}"
    return Database(url, answers_within)


def open_log(settings: Settings, answers_within: int | None = None) -> DecisionLog:
    """The log of a service, begun where there is none. ``answers_within`` is in seconds.

    A SQLite file is created and migrated. Raises ``SettingsError`` for a PostgreSQL database that
    is not migrated, for any of a newer version, and for keys that are not those of the log,
    ``LogUnavailableError`` where the database cannot be reached.
    """
    database = database_of(settings, answers_within)
    try:
        return _opened(database, keys_folder(settings))
    except BaseException:
        database.close()
        raise


def _opened(database: Database, folder: Path) -> DecisionLog:
    if database.is_sqlite:
        schema.upgrade(database)
    else:
        schema.check(database)
    origin = _origin(database) or _begin(database, folder)
    log = DecisionLog(database, origin, SigningKey.open(folder), PersonKey.open(folder))
    _check_keys(log, folder)
    database.close()  # workers are forked from here, and no connection survives that
    return log


def _origin(database: Database) -> str | None:
    """What the log in a database is called; None where it was not begun."""
    with database.read() as connection:
        found = connection.execute(select(LOG.c.origin)).scalar()
        return str(found) if found else None


def _begin(database: Database, folder: Path) -> str:
    """Name the log, make its keys where there are none, and write down which they are."""
    signing_key, person_key = SigningKey.create(folder), PersonKey.create(folder)
    with database.write() as connection:
        begun = connection.execute(select(LOG.c.origin)).scalar()
        if begun:
            return str(begun)
        origin, at = f"referral-triage/{uuid.uuid4()}", now()
        vkey = signing_key.vkey(origin)
        log = {"id": 1, "origin": origin, "person_key_check": person_key.check(), "created_at": at}
        key = {"key_id": vkey.split("+")[1], "vkey": vkey, "from_size": 0}
        connection.execute(insert(LOG), log)
        connection.execute(insert(SIGNING_KEYS), key)
        return origin


def _check_keys(log: DecisionLog, folder: Path) -> None:
    with log.database.read() as connection:
        vkeys = set(connection.execute(select(SIGNING_KEYS.c.vkey)).scalars())
        check = connection.execute(select(LOG.c.person_key_check)).scalar_one()
    if log.vkey not in vkeys or bytes(check) != log.person_key.check():
        raise SettingsError(
            f"the keys in {folder} are not those of the log in {log.database.name}; put back the"
            " keys with which it was begun, or name their folder in TRIAGE_KEYS"
        )
