"""What somebody who owns the database may do to a log, and what must then be said of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import orjson
from sqlalchemy import Connection, text

from tests.store.lived_logs import LivedLog
from triage.store.checkpoint import SignedHead
from triage.store.merkle import Frontier, leaf_hash
from triage.wire import canonical_bytes


@dataclass(frozen=True)
class Expected:
    """What must be found: an entry between two, nought for none; words; and heads to hold."""

    first: int
    last: int
    words: str = ""
    held: Sequence[SignedHead] = ()


@dataclass(frozen=True)
class Hand:
    """Somebody at a database. Everything is drawn from a seed."""

    log: LivedLog
    connection: Connection
    random: Random

    def do(self, statement: str, **values: Any) -> Any:
        """Run a statement."""
        return self.connection.execute(text(statement), values)

    def any_of(self, statement: str, **values: Any) -> Any:
        """One of the values that a query finds."""
        return self.random.choice(list(self.do(statement, **values).scalars()))

    def entry(self, kind: str = "%") -> int:
        """The number of an entry, of a kind."""
        wanted = "SELECT sequence FROM entries WHERE kind LIKE :kind ORDER BY sequence"
        return int(self.any_of(wanted, kind=kind))

    def content(self, sequence: int) -> dict[str, Any]:
        """What an entry says."""
        wanted = "SELECT leaf FROM entries WHERE sequence = :sequence"
        found: dict[str, Any] = orjson.loads(self.do(wanted, sequence=sequence).scalar_one())
        return found

    def write(self, sequence: int, **parts: Any) -> bytes:
        """Let an entry say something else; the hash that it then has."""
        leaf = canonical_bytes({**self.content(sequence), **parts})
        self.do("UPDATE entries SET leaf = :leaf WHERE sequence = :at", leaf=leaf, at=sequence)
        return leaf_hash(leaf)

    def hashes(self, sequence: int) -> bytes:
        """The hashes beside an entry."""
        wanted = "SELECT hashes FROM entries WHERE sequence = :sequence"
        return bytes(self.do(wanted, sequence=sequence).scalar_one())

    def put_hashes(self, sequence: int, hashes: bytes) -> None:
        """Put other hashes beside an entry."""
        change = "UPDATE entries SET hashes = :hashes WHERE sequence = :at"
        self.do(change, hashes=hashes, at=sequence)

    def rehash(self) -> Frontier:
        """Work out every hash anew; the tree that comes of it."""
        frontier = Frontier()
        rows = self.do("SELECT sequence, leaf FROM entries ORDER BY sequence").all()
        for sequence, leaf in rows:
            self.put_hashes(sequence, frontier.append(leaf_hash(bytes(leaf))))
        return frontier

    def shift(self, after: int, by: int) -> None:
        """Renumber the entries after one."""
        for sign in (-1, 1):  # by way of negative numbers, for two may not have the same
            change = "UPDATE entries SET sequence = -sequence"
            if sign < 0:
                self.do(f"{change} - :by WHERE sequence > :after", by=by, after=after)
            else:
                self.do(f"{change} WHERE sequence < 0")


Hands = Sequence[Callable[[Hand], Expected]]
