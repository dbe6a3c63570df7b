"""Writes the log as lines that anybody can check; their shape is in ``docs/log-format.md``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from typing import Any

import orjson
from sqlalchemy import Row, select

from triage.errors import LogError
from triage.store.checkpoint import Head, SignedHead
from triage.store.entries import FORMAT
from triage.store.log import DecisionLog
from triage.store.tables import ENTRIES, HEADS, SIGNING_KEYS
from triage.store.tree import newest_head, size_of

AT_ONCE = 256
"""How many entries are held in memory."""


Rows = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Part:
    """Lines of an export: as far as entry ``done`` of the ``last`` there is."""

    lines: bytes
    done: int
    last: int


def log_lines(log: DecisionLog, first: int = 1) -> Iterator[Part]:
    """The lines of a log as it is now, from one entry on, in parts; each is read by itself.

    The line that begins an export stands only before the first entry: what is written from a later
    one on can be put behind an export that ends where it begins. The log is written as it is: if it
    is damaged, whoever checks the export will see. Raises ``LogUnavailableError``, and ``LogError``
    where a head is not one at all.
    """
    with log.database.read() as connection:
        newest, last = newest_head(connection, log.origin), size_of(connection)
        vkeys = select(SIGNING_KEYS.c.vkey).order_by(SIGNING_KEYS.c.from_size)
        keys = list(connection.execute(vkeys).scalars())
    if first == 1:
        begin = {"format": FORMAT, "log": log.origin, "keys": keys}
        yield Part(_line(begin), 0, last)
    covered = max(newest.head.size if newest else 0, last)
    while first <= covered:
        rows, heads = _read(log, first, last, covered)
        done = rows[-1].sequence if len(rows) == AT_ONCE else covered
        yield Part(b"".join(_in_order(log.origin, rows, heads)), min(done, last), last)
        first = done + 1


def _read(log: DecisionLog, first: int, last: int, covered: int) -> tuple[Rows, Rows]:
    """The next entries, and the heads up to the last of them; at the end all that are left."""
    entry, head = ENTRIES.c, HEADS.c
    wanted = select(entry.sequence, entry.leaf, entry.hashes).order_by(entry.sequence)
    with log.database.read() as connection:
        between = wanted.where(entry.sequence.between(first, last)).limit(AT_ONCE)
        rows = connection.execute(between).all()
        end = rows[-1].sequence if len(rows) == AT_ONCE else covered
        heads = select(HEADS).where(head.size.between(first, end)).order_by(head.size)
        return rows, connection.execute(heads).all()


def _in_order(origin: str, rows: Rows, heads: Rows) -> Iterator[bytes]:
    """Entries and heads as lines, each head after the last entry it covers."""
    entries = ((row.sequence, 0, row) for row in rows)
    after = ((row.size, 1, row) for row in heads)
    for _, is_head, row in merge(entries, after, key=lambda one: one[:2]):
        yield _line({"head": _note(origin, row)} if is_head else _entry(row))


def _entry(row: Row[Any]) -> dict[str, str]:
    """An entry; bytes that are no text are told as such, which whoever checks will see."""
    return {"leaf": bytes(row.leaf).decode(errors="replace"), "hashes": bytes(row.hashes).hex()}


def _note(origin: str, row: Row[Any]) -> str:
    try:
        head = Head(origin, row.size, bytes(row.root), row.at)
    except LogError as error:
        problem = f"the head over {row.size} entries is not one: {error}"
        raise LogError(f"{problem}; run: triage log verify") from error
    return SignedHead(head, bytes(row.key_id), bytes(row.signature)).note()


def _line(value: dict[str, Any]) -> bytes:
    written: bytes = orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE)
    return written
