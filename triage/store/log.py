"""The decision log: what is recorded stays, in its order, and can be proved untouched."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, Select, select

from triage.errors import LogError
from triage.store.appending import Appender
from triage.store.checkpoint import Head, SignedHead
from triage.store.database import Database
from triage.store.entries import Entry, Identity, Kind, NewEntry, Retry, RulebookCopy, now
from triage.store.keys import PersonKey, SigningKey
from triage.store.merkle import EMPTY_ROOT, consistency_path, inclusion_path
from triage.store.tables import ENTRIES, IDEMPOTENCY, IDENTITIES, RULEBOOKS
from triage.store.tree import frontier_of, newest_head, node_in, size_of

T = TypeVar("T")

READ_AT_ONCE = 500
"""How many entries are read in one go where many are wanted."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """An entry, and what names the person in it; None where that was erased, or never was."""

    entry: Entry
    identity: Identity | None


@dataclass(frozen=True, slots=True)
class Inclusion:
    """That an entry is in the log: its hash, and the path from there to the root of a head."""

    sequence: int
    leaf_hash: bytes
    path: Sequence[bytes]
    head: SignedHead

    def as_dict(self) -> dict[str, Any]:
        """The proof as the API gives it, hashes in hexadecimal."""
        return {
            "sequence": self.sequence,
            "leaf_hash": self.leaf_hash.hex(),
            "path": [one.hex() for one in self.path],
            "head": self.head.as_dict(),
        }


class DecisionLog:
    """The log of one database. Safe for many threads, and after a fork.

    Every call raises ``LogUnavailableError`` where the database cannot be reached, and ``LogError``
    where the log is found to be damaged.
    """

    def __init__(
        self, database: Database, origin: str, signing_key: SigningKey, person_key: PersonKey
    ) -> None:
        self.database, self.origin = database, origin
        self.person_key = person_key
        self._signing_key = signing_key
        self.appender = Appender(database, origin, signing_key)

    @property
    def vkey(self) -> str:
        """The public key by which heads are checked, as it is published."""
        return self._signing_key.vkey(self.origin)

    def append(self, new: NewEntry) -> Entry:
        """Record something; the entry, once it is durable. Raises as ``Appender.append``."""
        return self.appender.append(new)

    def entry(self, sequence: int) -> Entry | None:
        """The entry at a place in the log, counted from 1."""
        row = self._first(_ENTRY.where(ENTRIES.c.sequence == sequence))
        return _entry(row) if row else None

    def recorded(self, id_: str, kind: Kind | None = None) -> Recorded | None:
        """The entry of an id, with what names the person."""
        wanted = _RECORDED.where(ENTRIES.c.id == id_)
        row = self._first(wanted if kind is None else wanted.where(ENTRIES.c.kind == kind))
        return Recorded(_entry(row), _identity(row)) if row else None

    def about(self, decision_id: str, kinds: Sequence[Kind]) -> list[Recorded]:
        """The entries of some kinds that are about a decision, in their order."""
        return self._all(ENTRIES.c.about == decision_id, ENTRIES.c.kind.in_(kinds))

    def sign_offs(self, digest: str) -> list[Recorded]:
        """The sign-offs of a rulebook, in their order."""
        return self._all(ENTRIES.c.rulebook == digest, ENTRIES.c.kind == Kind.SIGN_OFF)

    def decisions(self, first: int, last: int) -> Iterator[Entry]:
        """The decisions between two places in the log, both included, in their order.

        They are read in parts, so that whoever takes their time holds nobody up.
        """
        decided = _ENTRY.where(ENTRIES.c.kind == Kind.DECISION).order_by(ENTRIES.c.sequence)
        while first <= last:
            part = decided.where(ENTRIES.c.sequence.between(first, last)).limit(READ_AT_ONCE)
            with self.database.read() as connection:
                rows = connection.execute(part).all()
            yield from map(_entry, rows)
            first = rows[-1].sequence + 1 if len(rows) == READ_AT_ONCE else last + 1

    def before(self, retry: Retry) -> Recorded | None:
        """What a request became that is sent again; None where it is new."""
        row = self._first(
            _OF_REQUESTS.where(_SENT.key == retry.key, _SENT.request == retry.request)
        )
        return Recorded(_entry(row), _identity(row)) if row else None

    def otherwise(self, retry: Retry) -> Recorded | None:
        """What another request became that was sent under the same key; None where none was."""
        row = self._first(
            _OF_REQUESTS.where(_SENT.key == retry.key, _SENT.request != retry.request)
        )
        return Recorded(_entry(row), _identity(row)) if row else None

    def rulebook(self, digest: str) -> RulebookCopy | None:
        """A rulebook that decided or was signed, whole."""
        row = self._first(select(RULEBOOKS).where(RULEBOOKS.c.digest == digest))
        return RulebookCopy(row.digest, row.id, row.version, row.content) if row else None

    def head(self) -> SignedHead:
        """The head of the newest commit."""
        return self._reading(self._head)

    def inclusion(self, sequence: int) -> Inclusion | None:
        """That an entry is in the log as its newest head has it; None for one it does not have."""

        def found(connection: Connection) -> Inclusion | None:
            head, node = self._head(connection), node_in(connection)
            if not 1 <= sequence <= head.head.size:
                return None
            path = inclusion_path(sequence - 1, head.head.size, node)
            return Inclusion(sequence, node(0, sequence - 1), path, head)

        return self._reading(found)

    def consistency(self, old: int, new: int) -> Sequence[bytes] | None:
        """The path that shows that the log of one size begins with that of a smaller size.

        None where ``new`` is beyond the log, or ``old`` beyond ``new``.
        """

        def found(connection: Connection) -> Sequence[bytes] | None:
            if not 0 <= old <= new <= size_of(connection):
                return None
            return consistency_path(old, new, node_in(connection))

        return self._reading(found)

    def check_end(self) -> int:
        """The size of the log. Raises ``LogError`` unless it ends as its key signed it."""
        with self.database.read() as connection:
            signed, size = self._head(connection), size_of(connection)
            end = (size, frontier_of(connection, size).root())
        if not signed.is_signed_by(self._signing_key.public):
            raise LogError("the newest head of the log is not signed by its key")
        if (signed.head.size, signed.head.root) != end:
            raise LogError("the log does not end as its newest head says; run: triage log verify")
        return size

    def close(self) -> None:
        """Finish what is being recorded, and give back what is open."""
        self.appender.close()
        self.database.close()

    def _head(self, connection: Connection) -> SignedHead:
        found = newest_head(connection, self.origin)
        return found or self._signing_key.sign(Head(self.origin, 0, EMPTY_ROOT, now()))

    def _reading(self, found: Callable[[Connection], T]) -> T:
        with self.database.read() as connection:
            return found(connection)

    def _all(self, *conditions: ColumnElement[bool]) -> list[Recorded]:
        wanted = _RECORDED.where(*conditions).order_by(ENTRIES.c.sequence)
        with self.database.read() as connection:
            rows = connection.execute(wanted).all()
        return [Recorded(_entry(row), _identity(row)) for row in rows]

    def _first(self, wanted: Select[Any]) -> Row[Any] | None:
        with self.database.read() as connection:
            return connection.execute(wanted).first()


_ENTRY = select(ENTRIES.c.sequence, ENTRIES.c.id, ENTRIES.c.at, ENTRIES.c.leaf)

_RECORDED = select(
    ENTRIES.c.sequence,
    ENTRIES.c.id,
    ENTRIES.c.at,
    ENTRIES.c.leaf,
    IDENTITIES.c.salt,
    IDENTITIES.c.content,
    IDENTITIES.c.person,
    IDENTITIES.c.ethnic_category,
    IDENTITIES.c.gender,
).outerjoin(IDENTITIES, IDENTITIES.c.sequence == ENTRIES.c.sequence)

_OF_REQUESTS = _RECORDED.join(IDEMPOTENCY, IDEMPOTENCY.c.sequence == ENTRIES.c.sequence)

_SENT = IDEMPOTENCY.c


def _entry(row: Any) -> Entry:
    if not isinstance(row.leaf, bytes):  # SQLite keeps whatever it is given
        raise LogError(f"entry {row.sequence} is not kept as bytes; run: triage log verify")
    return Entry(row.sequence, row.id, row.at, row.leaf)


def _identity(row: Any) -> Identity | None:
    if row.salt is None:
        return None
    person = bytes(row.person) if row.person is not None else None
    return Identity(bytes(row.content), person, row.ethnic_category, row.gender, bytes(row.salt))
