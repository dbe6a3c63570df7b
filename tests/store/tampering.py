"""Ways to tamper with a log, each as deep as somebody without the log's key can go, or with it.

The hands that tamper reach further and further: one line; the numbers after it; the hash of the
entry; every hash beside the entries; at last the heads, whose signatures they cannot make.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.store.made_logs import Item, MadeLog, Row, an_entry, commit_sizes, committed
from triage.store.checkpoint import SignedHead
from triage.store.keys import SigningKey
from triage.store.merkle import HASH_BYTES, Frontier, leaf_hash

ANOTHER_KEY = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(32)))


class Depth(StrEnum):
    """How much was put right to hide what was done."""

    LINE = "nothing else"
    NUMBERS = "the numbers of the entries after it"
    LEAF = "the entry's own hash"
    HASHES = "every hash beside the entries"
    HEADS = "the heads as well, under another signature"


@dataclass(frozen=True, slots=True)
class Tampered:
    """A log that was tampered with: what was done, where it begins, and which heads were kept."""

    what: str
    items: Sequence[Item]
    first: int
    exact: bool
    held: Sequence[SignedHead] = ()


def edited(log: MadeLog, random: Random) -> Tampered:
    """One entry says something else."""
    first = random.randint(1, len(log.entries))
    row = row_of(log, first)
    depth = random.choice((Depth.LINE, Depth.LEAF, Depth.HASHES, Depth.HEADS))
    changes = CHANGES if depth in (Depth.LINE, Depth.LEAF) else CHANGES[1:]
    changed = replace(row, entry={**row.entry, **random.choice(changes)(first, random)})
    if depth is Depth.LEAF:
        own = leaf_hash(changed.leaf)
        changed = replace(changed, hashes=own + row.hashes[HASH_BYTES:])
    items = [changed if item is row else item for item in log.items]
    return deepened(Tampered("edit", items, first, exact=True), log, depth, random)


CHANGES: Sequence[Callable[[int, Random], dict[str, object]]] = (
    lambda first, random: {"sequence": first + random.choice((-2, -1, 1, 7))},
    lambda _, __: {"decision": {"route": "cmht", "step": None}},
    lambda _, __: {"by": None},
)
"""What may be changed in an entry; first its number, where that is not put right afterwards."""


def inserted(log: MadeLog, random: Random) -> Tampered:
    """An entry stands in the log that was never recorded."""
    first = random.randint(1, len(log.entries) + 1)
    frontier = Frontier()
    for entry in log.entries[: first - 1]:
        frontier.append(leaf_hash(Row(entry, b"").leaf))
    made = Row(an_entry(first, random), b"")
    made = replace(made, hashes=frontier.append(leaf_hash(made.leaf)))
    items = list(log.items)
    at = items.index(row_of(log, first)) if first <= len(log.entries) else len(items)
    items.insert(at, made)
    tampered = Tampered("insertion", items, first, exact=True)
    return deepened(tampered, log, random.choice(MOVES), random)


def deleted(log: MadeLog, random: Random) -> Tampered:
    """An entry is gone; not the last one, which only a head held elsewhere would miss.

    Where it was the last of its commit, a head stands next, so that it is not seen how the
    numbers go on; then any of its commit may be the one that is missing.
    """
    first = random.randint(1, len(log.entries) - 1)
    row = row_of(log, first)
    items = [item for item in log.items if item is not row]
    tampered = Tampered("deletion", items, first, exact=first not in log.sizes)
    return deepened(tampered, log, random.choice(MOVES), random)


def reordered(log: MadeLog, random: Random) -> Tampered:
    """Two entries have changed places, or one was moved."""
    first, second = sorted(random.sample(range(1, len(log.entries) + 1), 2))
    one, other = row_of(log, first), row_of(log, second)
    items = list(log.items)
    if random.random() < 0.5:
        places = items.index(one), items.index(other)
        items[places[0]], items[places[1]] = other, one
    else:
        items.remove(other)
        items.insert(items.index(one), other)
    tampered = Tampered("reordering", items, first, exact=True)
    return deepened(tampered, log, random.choice(MOVES), random)


MOVES = (Depth.LINE, Depth.NUMBERS, Depth.HASHES, Depth.HEADS)


def truncated(log: MadeLog, random: Random) -> Tampered:
    """The end of the log is gone, at a commit or within one; somebody kept a later head."""
    left = random.choice((*log.sizes[:-1], random.randrange(len(log.entries)), 0))
    at = log.items.index(row_of(log, left)) + 1 if left else 0
    if left in log.sizes:
        at += 1
    held = random.choice([head for head in log.heads if head.head.size > left])
    return Tampered("truncation", log.items[:at], left + 1, exact=False, held=(held,))


def forked(log: MadeLog, random: Random) -> Tampered:
    """The log's own key signed another history from an entry on; somebody kept a head of ours."""
    first = random.randint(1, len(log.entries))
    kept = random.choice([head for head in log.heads if head.head.size >= first])
    length = random.randint(kept.head.size, len(log.entries) + 3)
    others = [an_entry(sequence, random) for sequence in range(first, length + 1)]
    sizes = [size for size in log.sizes if size < first]
    sizes += commit_sizes(random, first - 1, length)
    items = committed([*log.entries[: first - 1], *others], sizes)
    before = [head for head in log.heads if head.head.size < first][-1:]
    return Tampered("fork", items, first, exact=False, held=(kept, *before))


KINDS = (edited, inserted, deleted, reordered, truncated, forked)


def row_of(log: MadeLog, sequence: int) -> Row:
    """The row of an entry."""
    return next(
        item for item in log.items if isinstance(item, Row) and item.entry["sequence"] == sequence
    )


def deepened(tampered: Tampered, log: MadeLog, depth: Depth, random: Random) -> Tampered:
    """The same, with as much put right as a depth says."""
    items = tampered.items
    if depth in (Depth.NUMBERS, Depth.HASHES, Depth.HEADS):
        items = numbered(items)
    if depth in (Depth.HASHES, Depth.HEADS):
        items = rehashed(log, items, depth, random)
    what = f"{tampered.what}, then {depth.value}"
    return replace(tampered, what=what, items=items, exact=tampered.exact and depth is Depth.LINE)


def numbered(items: Sequence[Item]) -> list[Item]:
    """The entries under the numbers of their places; the hashes beside them go along."""
    sequence = 0
    found: list[Item] = []
    for item in items:
        sequence += isinstance(item, Row)
        found.append(item.numbered(sequence) if isinstance(item, Row) else item)
    return found


def rehashed(log: MadeLog, items: Sequence[Item], depth: Depth, random: Random) -> list[Item]:
    """Every hash beside the entries worked out anew, and each head after as many as it covers."""
    entries = [item.entry for item in items if isinstance(item, Row)]
    found = committed(entries, log.sizes, ANOTHER_KEY)
    signed = {head.head.size: head for head in log.heads}
    if depth is Depth.HASHES:
        left_over = [head for size, head in signed.items() if size > len(entries)]
        found = [item if isinstance(item, Row) else signed[item.head.size] for item in found]
        return found + random.choice(([], left_over))
    return [
        item if isinstance(item, Row) else feigned(item, signed[item.head.size], random)
        for item in found
    ]


def feigned(head: SignedHead, honest: SignedHead, random: Random) -> SignedHead:
    """A head under a signature that is not the log's, or is the log's over another head."""
    if head.head == honest.head:
        return honest
    signature = random.choice((head.signature, honest.signature))
    return replace(head, key_id=honest.key_id, signature=signature)
