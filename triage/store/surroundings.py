"""What stands around the entries of a log: its keys, its rulebooks, its end, and what points in.

Read in one go, so that a log that grows while it is verified is verified as it was.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select

from triage.errors import DamagedLogError, LogError
from triage.store.checkpoint import SignedHead
from triage.store.database import Database
from triage.store.heads import Keys
from triage.store.indexes import faults_beside
from triage.store.keys import public_key_of
from triage.store.tables import ENTRIES, HEADS, LOG, RULEBOOKS, SIGNING_KEYS
from triage.store.tree import newest_head
from triage.wire import content_digest

FRONT_PAGE = "rulebook.yaml"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around the first ``walked`` entries, which the ``newest`` head covers.

    ``rulebooks`` says of each digest what is wrong with what is kept under it, or nothing;
    ``rest`` is what is wrong beyond those entries, or nothing.
    """

    keys: Keys
    person_key_check: bytes
    rulebooks: Mapping[str, str | None]
    walked: int
    newest: SignedHead | None
    heads: int
    rest: DamagedLogError | None

    def check_the_rest(self) -> None:
        """Raises ``DamagedLogError`` where something beside the entries is wrong."""
        if self.rest:
            raise self.rest


def surroundings_of(database: Database, vkeys: Sequence[str]) -> Surroundings:
    """What stands around the entries of a log. ``vkeys`` are its only keys, where any are given.

    Raises ``LogError`` where no log was begun, ``DamagedLogError`` for keys that are not its own.
    """
    with database.read() as connection:
        log = connection.execute(select(LOG)).first()
        if log is None:
            raise LogError("no log was begun in this database")
        keys = _keys(connection, log.origin, vkeys)
        entries = connection.execute(select(func.max(ENTRIES.c.sequence))).scalar() or 0
        try:
            newest = newest_head(connection, keys.origin)
        except (LogError, TypeError) as error:
            raise DamagedLogError(f"the newest head is not one: {error}") from None
        covered = newest.head.size if newest else 0
        rulebooks = {row.digest: _wrong_with(row) for row in connection.execute(select(RULEBOOKS))}
        faults = _faults(connection, entries, covered, rulebooks)
        heads = connection.execute(select(func.count()).select_from(HEADS)).scalar_one()
        return Surroundings(
            keys=keys,
            person_key_check=log.person_key_check,
            rulebooks=rulebooks,
            walked=min(entries, covered),
            newest=newest,
            heads=heads,
            rest=next(faults, None),
        )


def _keys(connection: Connection, origin: str, vkeys: Sequence[str]) -> Keys:
    found: dict[bytes, tuple[bytes, int]] = {}
    for row in connection.execute(select(SIGNING_KEYS)):
        name, _, rest = row.vkey.partition("+")
        key_id = rest.partition("+")[0]
        if name != origin or key_id != row.key_id:
            raise DamagedLogError(f"the key {row.vkey} is not kept as one of the log {origin}")
        if vkeys and row.vkey not in vkeys:
            raise DamagedLogError(f"the key {row.vkey} is none of those that were published")
        try:
            found[bytes.fromhex(key_id)] = (public_key_of(row.vkey), row.from_size)
        except (LogError, ValueError) as error:
            raise DamagedLogError(f"the key {row.vkey} is not one: {error}") from None
    return Keys(origin, found)


def _wrong_with(row: Row[Any]) -> str | None:
    """What is wrong with what is kept of a rulebook, in words that follow it."""
    try:
        content = json.loads(row.content)
        front = content[FRONT_PAGE]
        named = (front["rulebook"], front["version"])
        if content_digest(content) != row.digest:
            return f"is not kept as it was: what is kept under {row.digest} has another digest"
    except (ValueError, TypeError, KeyError, RecursionError):
        return f"is not kept as it was: what is kept under {row.digest} is no rulebook"
    return None if named == (row.id, row.version) else f"{row.digest} is kept under another name"


def _faults(
    connection: Connection, entries: int, covered: int, rulebooks: Mapping[str, str | None]
) -> Iterator[DamagedLogError]:
    """What is wrong beside the entries that the newest head covers."""
    for column, named in ((ENTRIES.c.sequence, "an entry"), (HEADS.c.size, "a head")):
        least = connection.execute(select(func.min(column))).scalar()
        if least is not None and least < 1:
            yield DamagedLogError(f"{named} stands before the first, under the number {least}")
    if entries > covered:
        yield DamagedLogError("no signed head covers it", covered + 1, entries)
    if entries < covered:
        problem = f"it is missing: the newest head covers {covered} entries"
        yield DamagedLogError(problem, entries + 1, covered)
    yield from faults_beside(connection, entries)
    yield from (DamagedLogError(f"the rulebook {one}") for one in rulebooks.values() if one)
