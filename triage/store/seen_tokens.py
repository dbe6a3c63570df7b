"""Tokens that are good for one call: which have been seen, for as long as they are good."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from triage.store.database import Database
from triage.store.passing_tables import SEEN_TOKENS

AT_ONCE = 100
"""How many that expired are forgotten with each that is seen: they never grow in number."""


def first_sight(database: Database, digest: bytes, expires_at: int, now: int) -> bool:
    """Is this the first call with a token? From now on it is not, whichever process is asked.

    ``digest`` is a hash of what names the token; times are in seconds since 1970. What has expired
    is forgotten, so a token that has is to be refused without asking here. Raises
    ``LogUnavailableError``: then the call must be refused.
    """
    insert = sqlite.insert if database.is_sqlite else postgresql.insert
    row = insert(SEEN_TOKENS).values(digest=digest, expires_at=expires_at)
    seen = row.on_conflict_do_nothing().returning(SEEN_TOKENS.c.digest)
    with database.change() as connection:
        _forget(connection, now)
        return connection.execute(seen).first() is not None


def _forget(connection: Connection, now: int) -> None:
    """Forget some that expired; not those that another process is forgetting."""
    expired = select(SEEN_TOKENS.c.digest).where(SEEN_TOKENS.c.expires_at < now)
    some = expired.limit(AT_ONCE).with_for_update(skip_locked=True)
    connection.execute(delete(SEEN_TOKENS).where(SEEN_TOKENS.c.digest.in_(some)))
