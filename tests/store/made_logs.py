"""Logs made without a database: entries, the hashes beside them, and heads as commits sign them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from random import Random
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from triage import verify_log
from triage.store.checkpoint import Head, SignedHead
from triage.store.keys import SigningKey
from triage.store.merkle import Frontier, leaf_hash
from triage.wire import canonical_bytes

ORIGIN = "triage.example/log"

KEY = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))

KEYS = verify_log.Keys([KEY.vkey(ORIGIN)])


@dataclass(frozen=True, slots=True)
class Row:
    """An entry and the hashes beside it, as the log keeps them."""

    entry: Mapping[str, Any]
    hashes: bytes

    @property
    def leaf(self) -> bytes:
        """The bytes of the entry."""
        return canonical_bytes(self.entry)

    def numbered(self, sequence: int) -> Row:
        """The same entry under another number, with the hashes it had."""
        return replace(self, entry={**self.entry, "sequence": sequence})


Item = Row | SignedHead
"""What an export holds, line by line."""


def an_entry(sequence: int, random: Random) -> dict[str, Any]:
    """An entry as the log might hold it."""
    return {
        "about": None,
        "at": f"2026-11-22T10:15:{sequence % 60:02}.{random.randrange(1000):03}Z",
        "by": {"client": "gp", "issuer": None, "role": "gp_system", "subject": "Dr Ó Súilleabháin"},
        "commitment": sha256(random.randbytes(8)).hexdigest(),
        "decision": {"route": random.choice(("iapt_step_2", "iapt_step_3")), "step": 2},
        "format": 1,
        "id": str(UUID(bytes=random.randbytes(16), version=4)),
        "kind": "decision",
        "sequence": sequence,
    }


def committed(
    entries: Sequence[Mapping[str, Any]], sizes: Iterable[int], key: SigningKey = KEY
) -> list[Item]:
    """The entries with their hashes, and a signed head after each commit."""
    frontier, wanted = Frontier(), set(sizes)
    items: list[Item] = []
    for entry in entries:
        row = Row(entry, b"")
        items.append(replace(row, hashes=frontier.append(leaf_hash(row.leaf))))
        if frontier.size in wanted:
            items.append(key.sign(head_over(frontier)))
    return items


def head_over(frontier: Frontier) -> Head:
    """The head over the entries so far."""
    at = f"2026-11-22T11:{frontier.size // 60 % 60:02}:{frontier.size % 60:02}.000Z"
    return Head(ORIGIN, frontier.size, frontier.root(), at)


@dataclass(frozen=True, slots=True)
class MadeLog:
    """An honest log: its entries, the size at each commit, and both as an export has them."""

    entries: tuple[Mapping[str, Any], ...]
    sizes: tuple[int, ...]
    items: tuple[Item, ...]

    @classmethod
    def drawn(cls, random: Random, length: int) -> MadeLog:
        """A log of a length, in commits of one to eight entries."""
        entries = [an_entry(sequence, random) for sequence in range(1, length + 1)]
        sizes = commit_sizes(random, 0, length)
        return cls(tuple(entries), sizes, tuple(committed(entries, sizes)))

    @property
    def heads(self) -> list[SignedHead]:
        """The signed heads, in order."""
        return [item for item in self.items if isinstance(item, SignedHead)]

    def around(self, sequence: int) -> tuple[int, int]:
        """The first and the last entry of the commit that an entry is of."""
        before = max((size for size in self.sizes if size < sequence), default=0)
        after = min((size for size in self.sizes if size >= sequence), default=sequence)
        return before + 1, after


def commit_sizes(random: Random, start: int, end: int) -> tuple[int, ...]:
    """How long a log is after each of its commits; many are of one entry."""
    sizes = [start]
    while sizes[-1] < end:
        step = random.choice((1, 1, 1, 2, 3, 5, 8))
        sizes.append(min(end, sizes[-1] + step))
    return tuple(sizes[1:])


def records(items: Iterable[Item]) -> Iterator[verify_log.Entry | verify_log.Head]:
    """An export as the verifier reads it."""
    for number, item in enumerate(items, 2):
        where = f"line {number}"
        if isinstance(item, Row):
            yield verify_log.Entry(item.leaf, item.hashes, where)
        else:
            yield verify_log.head_of(item.note(), where)


def exported(items: Iterable[Item], key: SigningKey = KEY) -> Iterator[str]:
    """An export, line by line, as ``docs/log-format.md`` describes it."""
    yield line({"format": 1, "log": ORIGIN, "keys": [key.vkey(ORIGIN)]})
    for item in items:
        if isinstance(item, Row):
            yield line({"leaf": item.leaf.decode(), "hashes": item.hashes.hex()})
        else:
            yield line({"head": item.note()})


def line(value: Mapping[str, Any]) -> str:
    """A line of an export."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
