"""The tree of the log as it stands in the database: each entry keeps the hashes it completes."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, desc, func, select

from triage.errors import LogError
from triage.store.checkpoint import Head, SignedHead
from triage.store.merkle import HASH_BYTES, Frontier, Node, peaks
from triage.store.rows import Question, Row
from triage.store.tables import ENTRIES, HEADS

READ_ON = 512
"""From so many new entries on, the hashes of the subtrees they complete are read instead."""

NEWEST_HEAD: Question = ("SELECT size, root FROM heads ORDER BY size DESC LIMIT 1", ())
"""Asks for size and root of the head of the newest commit."""

_FROM = "SELECT sequence, hashes FROM entries WHERE sequence >= ? ORDER BY sequence LIMIT ?"


def size_of(connection: Connection) -> int:
    """How many entries the log has."""
    return connection.execute(select(func.max(ENTRIES.c.sequence))).scalar() or 0


def node_in(connection: Connection) -> Node:
    """The hashes of the log's subtrees, each read when it is asked for.

    Raises ``LogError`` where the entry that should hold one is missing.
    """

    def node(level: int, index: int) -> bytes:
        sequence = (index + 1) << level
        wanted = select(ENTRIES.c.hashes).where(ENTRIES.c.sequence == sequence)
        return _hash_at(level, sequence, connection.execute(wanted).scalar())

    return node


def frontier_of(connection: Connection, size: int) -> Frontier:
    """The right edge of the tree of the first ``size`` entries. Raises ``LogError``."""
    wanted = {(index + 1) << level: level for level, index in peaks(size)}
    rows = select(ENTRIES.c.sequence, ENTRIES.c.hashes).where(ENTRIES.c.sequence.in_(wanted))
    found = {row.sequence: row.hashes for row in connection.execute(rows)}
    held = [_hash_at(level, one, found.get(one)) for one, level in wanted.items()]
    return Frontier(size, held)


def entries_from(frontier: Frontier) -> Question:
    """Asks for the last entry of this right edge, and by which entries the log has grown since."""
    return _FROM, (frontier.size, READ_ON)


def grown(connection: Connection, frontier: Frontier, entries: Sequence[Row]) -> Frontier:
    """The right edge of the whole tree, given the ``entries_from`` one. Raises ``LogError``."""
    if len(entries) == READ_ON:
        return frontier_of(connection, size_of(connection))
    new = iter(entries)
    if frontier.size and next(new, (0,))[0] != frontier.size:
        raise LogError(f"entry {frontier.size} of the log is missing")
    for sequence, hashes in new:
        if sequence != frontier.size + 1:
            raise LogError(f"entry {frontier.size + 1} of the log is missing")
        frontier.append(_hash_at(0, sequence, hashes))
    return frontier


def newest_head(connection: Connection, origin: str) -> SignedHead | None:
    """The head of the newest commit; None for a log without entries."""
    row = connection.execute(select(HEADS).order_by(desc(HEADS.c.size)).limit(1)).first()
    if row is None:
        return None
    head = Head(origin, row.size, bytes(row.root), row.at)
    return SignedHead(head, bytes(row.key_id), bytes(row.signature))


def _hash_at(level: int, sequence: int, hashes: bytes | None) -> bytes:
    start = HASH_BYTES * level
    found = bytes(hashes or b"")[start : start + HASH_BYTES]
    if len(found) != HASH_BYTES:
        raise LogError(f"entry {sequence} of the log is missing, or its hashes are cut short")
    return found
