"""Verifies the signed heads of the log, and tells by them which of two things was changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select

from triage.errors import DamagedLogError, LogError
from triage.store.checkpoint import Head, SignedHead
from triage.store.merkle import HASH_BYTES, Frontier, leaf_hash
from triage.store.tables import ENTRIES, HEADS
from triage.store.tree import frontier_of


@dataclass(frozen=True, slots=True)
class Keys:
    """The public keys of the log ``origin``, by their id, each with the size it signs from."""

    origin: str
    keys: Mapping[bytes, tuple[bytes, int]]

    def signed(self, head: SignedHead) -> bool:
        """Is this a head of the log, signed by a key that was its key at that size?"""
        key, since = self.keys.get(head.key_id, (b"", 0))
        own = head.head.origin == self.origin and head.head.size >= since
        return own and head.is_signed_by(key)


class Heads:
    """The heads over the entries of one stretch, held against its tree as it grows."""

    def __init__(self, connection: Connection, keys: Keys, first: int, last: int) -> None:
        self._connection, self._keys = connection, keys
        between = select(HEADS).where(HEADS.c.size.between(first, last))
        self._heads = {row.size: row for row in connection.execute(between)}
        before = select(func.max(HEADS.c.size)).where(HEADS.c.size < first)
        self._proved = connection.execute(before).scalar() or 0

    def check(self, frontier: Frontier) -> None:
        """Hold the head over as many entries, if there is one, against the tree."""
        row = self._heads.get(frontier.size)
        if row is None:
            return
        signed = self._signed(row)
        if signed.head.root != frontier.root():
            problem = f"it is not what was signed at {signed.head.at}"
            raise DamagedLogError(problem, self._proved + 1, frontier.size)
        self._proved = frontier.size

    def cleared_up(self, sequence: int, kept: bytes, computed: bytes) -> DamagedLogError:
        """What is wrong where an entry is sound, and the hashes of subtrees beside it are not.

        Either they were changed, or an entry below them was, with the hash beside it: the next
        signed head shows which.
        """
        if len(kept) != len(computed):
            return DamagedLogError("the hashes beside it are too few or too many", sequence)
        level = next(
            at // HASH_BYTES
            for at in range(0, len(kept), HASH_BYTES)
            if kept[at : at + HASH_BYTES] != computed[at : at + HASH_BYTES]
        )
        signed = self._next(sequence)
        if signed and self._root_of_entries(signed.head.size) == signed.head.root:
            problem = (
                f"the hashes beside it were changed; it is as it was signed at {signed.head.at}"
            )
            return DamagedLogError(problem, sequence)
        first = max(sequence - (1 << level), self._proved) + 1
        problem = "it is not what the hashes of subtrees above it say"
        return DamagedLogError(problem, first, sequence)

    def _signed(self, row: Row[Any]) -> SignedHead:
        """A head as it is kept. Raises ``DamagedLogError`` where it is not signed."""
        try:
            head = Head(self._keys.origin, row.size, row.root, row.at)
        except LogError as error:
            problem = f"the head over {row.size} entries is not one: {error}"
            raise DamagedLogError(problem) from None
        found = SignedHead(head, row.key_id, row.signature)
        if not self._keys.signed(found):
            problem = f"the head over {row.size} entries is not signed by the key of the log"
            raise DamagedLogError(problem)
        return found

    def _next(self, sequence: int) -> SignedHead | None:
        """The first head that covers an entry; None where there is none that is signed."""
        after = select(HEADS).where(HEADS.c.size >= sequence).order_by(HEADS.c.size).limit(1)
        row = self._connection.execute(after).first()
        try:
            return self._signed(row) if row else None
        except DamagedLogError:
            return None

    def _root_of_entries(self, size: int) -> bytes:
        """The root over so many entries, those after the last head proved hashed anew."""
        frontier = frontier_of(self._connection, self._proved)
        between = ENTRIES.c.sequence.between(self._proved + 1, size)
        leaves = select(ENTRIES.c.leaf).where(between).order_by(ENTRIES.c.sequence)
        for leaf in self._connection.execute(leaves).scalars():
            frontier.append(leaf_hash(leaf))
        return frontier.root()
