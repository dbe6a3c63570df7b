"""Verifies one stretch of the log: its entries, and all that stands beside them.

Stretches are verified by several processes, and told in order: the first that is bad holds the
first bad entry. Each builds on the hashes kept beside the entries before it, which the stretches
before it have proved right; so where every stretch is sound, the whole log is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Connection, Row, Select, select

from triage.errors import DamagedLogError
from triage.store.database import Database
from triage.store.entries import FORMAT, Kind, columns, committed
from triage.store.heads import Heads, Keys
from triage.store.indexes import Indexes
from triage.store.keys import PersonKey
from triage.store.merkle import HASH_BYTES, leaf_hash
from triage.store.tables import ENTRIES, IDENTITIES
from triage.store.tree import frontier_of

STRETCH = 8192
"""How many entries are verified in one go."""

ROWS_AT_ONCE = 256
"""How many entries are held in memory."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a log before its entries are read.

    ``rulebooks`` says of each digest what is wrong with what is kept under it, or nothing.
    Without a ``person_key`` it is not looked at whether people are found by their NHS number.
    """

    keys: Keys
    rulebooks: Mapping[str, str | None]
    person_key: PersonKey | None = None


@dataclass(frozen=True, slots=True)
class Sound:
    """What a sound stretch holds.

    ``last`` is its last entry, ``gone`` are those without their identity, ``erased`` those whose
    identities were erased, as its own entries say.
    """

    last: int
    gone: list[int] = field(default_factory=list)
    erased: list[int] = field(default_factory=list)


def verify_stretch(database: Database, known: Known, bounds: tuple[int, int]) -> Sound:
    """Verify the entries from the first to the last of ``bounds``.

    Raises ``DamagedLogError`` with the first that is bad.
    """
    with database.read() as connection:
        return _Stretch(connection, known, *bounds).verified()


class _Stretch:
    """One stretch, while it is verified."""

    def __init__(self, connection: Connection, known: Known, first: int, last: int) -> None:
        self._connection, self._known = connection, known
        self._first, self._last = first, last
        self._frontier = frontier_of(connection, first - 1)
        self._heads = Heads(connection, known.keys, first, last)
        self._indexes = Indexes(connection, first, last)
        self._sound = Sound(last)

    def verified(self) -> Sound:
        """What the stretch holds. Raises ``DamagedLogError``."""
        try:
            self._walk()
        except DamagedLogError as found:
            if found.first:
                self._indexes.check(before=found.first)
            raise
        self._indexes.check(before=self._last + 1)
        return self._sound

    def _walk(self) -> None:
        expected = self._first
        wanted = _ROWS.where(ENTRIES.c.sequence.between(self._first, self._last))
        streamed = self._connection.execution_options(yield_per=ROWS_AT_ONCE)
        with streamed.execute(wanted.order_by(ENTRIES.c.sequence)) as rows:
            for row in rows:
                if row.sequence != expected:
                    break
                self._check_kept(row)
                expected += 1
        if expected <= self._last:
            raise DamagedLogError("it is missing", expected)

    def _check_kept(self, row: Row[Any]) -> None:
        """Verify an entry. SQLite keeps whatever it is given: words and numbers for bytes, too."""
        try:
            self._check(row)
        except (TypeError, ValueError, LookupError, AttributeError) as error:
            kind = type(error).__name__
            problem = f"it, or what stands beside it, is not kept as the log keeps it ({kind})"
            raise DamagedLogError(problem, row.sequence) from error

    def _check(self, row: Row[Any]) -> None:
        sequence = row.sequence
        found = leaf_hash(row.leaf)
        if row.hashes[:HASH_BYTES] != found:
            raise DamagedLogError("it is not what the hash beside it says", sequence)
        content, said = _content(row.leaf, sequence)
        self._check_columns(row, said)
        self._check_identity(row, content["commitment"])
        computed = self._frontier.append(found)
        if row.hashes != computed:
            raise self._heads.cleared_up(sequence, row.hashes, computed)
        self._heads.check(self._frontier)
        self._indexes.note(content)
        if content["kind"] == Kind.ERASURE:
            self._sound.erased.extend(content["sequences"])

    def _check_columns(self, row: Row[Any], said: Mapping[str, Any]) -> None:
        if tuple(said.values()) != row[: len(said)]:
            name = next(name for name, value in said.items() if row[_PLACES[name]] != value)
            raise DamagedLogError(_MISPLACED.get(name, _MISFILED).format(name, said[name]), row[0])
        if said["rulebook"]:
            kept = self._known.rulebooks.get(said["rulebook"], "is not kept")
            if kept:
                raise DamagedLogError(f"the rulebook that it names {kept}", row.sequence)

    def _check_identity(self, row: Row[Any], commitment: str | None) -> None:
        if row.salt is None:
            if commitment is not None:
                self._sound.gone.append(row.sequence)
            return
        if committed(row.salt, row.content) != commitment:
            raise DamagedLogError("what names the person is not what it commits to", row.sequence)
        if not self._is_found(row, orjson.loads(row.content).get("patient")):
            raise DamagedLogError("it is not found by what names the person", row.sequence)

    def _is_found(self, identity: Row[Any], patient: Mapping[str, Any] | None) -> bool:
        """Is an identity found by what it says? A comment names nobody itself."""
        named = (identity.ethnic_category, identity.gender)
        if patient is None:
            return named == (None, None)
        number, key = patient["nhs_number"], self._known.person_key
        if named != (patient["ethnic_category"], patient["gender"]):
            return False
        if key is None or number is None:
            return (identity.person is None) == (number is None)
        found: bool = identity.person == key.hash(number)
        return found


def _content(leaf: bytes, sequence: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """What an entry says, and the columns that repeat it."""
    try:
        content = orjson.loads(leaf)
        if content["format"] == FORMAT:
            return content, columns(content)
    except (ValueError, KeyError, TypeError, AttributeError):
        pass
    raise DamagedLogError(f"it is not written as an entry of format {FORMAT} is", sequence)


_COLUMNS = (
    ENTRIES.c.sequence,
    ENTRIES.c.id,
    ENTRIES.c.kind,
    ENTRIES.c.at,
    ENTRIES.c.about,
    ENTRIES.c.route,
    ENTRIES.c.urgency,
    ENTRIES.c.source,
    ENTRIES.c.ods_code,
    ENTRIES.c.rulebook,
)
"""What repeats what the entry says, in the order of ``columns``."""

_PLACES = {column.name: place for place, column in enumerate(_COLUMNS)}

_ROWS: Select[Any] = select(
    *_COLUMNS,
    ENTRIES.c.leaf,
    ENTRIES.c.hashes,
    IDENTITIES.c.salt,
    IDENTITIES.c.content,
    IDENTITIES.c.person,
    IDENTITIES.c.ethnic_category,
    IDENTITIES.c.gender,
).outerjoin(IDENTITIES, IDENTITIES.c.sequence == ENTRIES.c.sequence)

_MISFILED = "it is found under another {0} than it says itself"

_MISPLACED = {"sequence": "entry {1} stands in its place"}
"""What is said of a column that is not what the entry says."""
