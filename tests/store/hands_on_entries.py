"""Tampering with the entries of a log, with the hashes beside them, and with its heads."""

from __future__ import annotations

from tests.store.hands import Expected, Hand, Hands
from triage.store.checkpoint import Head
from triage.store.merkle import HASH_BYTES, Frontier, leaf_hash
from triage.wire import canonical_bytes


def an_edited_entry(hand: Hand) -> Expected:
    """An entry says something else than the hash beside it."""
    at = hand.entry()
    hand.write(at, by=None)
    return Expected(at, at, "not what the hash beside it says")


def an_edited_entry_with_its_hash(hand: Hand) -> Expected:
    """The hash beside it was put right."""
    at = hand.entry()
    hand.put_hashes(at, hand.write(at, by=None) + hand.hashes(at)[HASH_BYTES:])
    return Expected(*hand.log.around(at))


def an_edited_entry_with_every_hash(hand: Hand) -> Expected:
    """Every hash was put right, and only heads are left to tell."""
    at = hand.entry()
    hand.write(at, by=None)
    hand.rehash()
    return Expected(*hand.log.around(at), "not what was signed")


def edited_hashes(hand: Hand) -> Expected:
    """The hash of a subtree was changed, and no entry."""
    at = hand.random.randrange(2, hand.log.size + 1, 2)
    hashes = bytearray(hand.hashes(at))
    hashes[hand.random.randrange(HASH_BYTES, len(hashes))] ^= 1
    hand.put_hashes(at, bytes(hashes))
    return Expected(at, at, "the hashes beside it were changed")


def hashes_cut_short(hand: Hand) -> Expected:
    """A hash too few, or one too many."""
    at = hand.entry()
    cut = hand.hashes(at)
    hand.put_hashes(at, hand.random.choice((cut[:-HASH_BYTES], cut + bytes(HASH_BYTES))))
    return Expected(at, at)


def an_edited_column(hand: Hand) -> Expected:
    """An entry is found by something that it does not say."""
    at = hand.entry()
    column, value = hand.random.choice(COLUMNS)
    if column == "kind" and hand.content(at)["kind"] == value:
        value = "override"
    hand.do(f"UPDATE entries SET {column} = :value WHERE sequence = :at", value=value, at=at)  # noqa: S608
    return Expected(at, at, f"found under another {column}")


COLUMNS = (
    ("id", "00000000-0000-4000-8000-000000000000"),
    ("kind", "view"),
    ("at", "2026-01-01T00:00:00.000Z"),
    ("about", "00000000-0000-4000-8000-000000000000"),
    ("route", "tea_and_cake"),
    ("urgency", "never"),
    ("source", "Z9"),
    ("ods_code", "Z99999"),
    ("rulebook", "sha256:0"),
)


def a_deleted_entry(hand: Hand) -> Expected:
    """An entry is gone, and its number with it."""
    at = hand.entry()
    hand.do("DELETE FROM entries WHERE sequence = :at", at=at)
    return Expected(at, at, "it is missing")


def a_deleted_entry_closed_up(hand: Hand) -> Expected:
    """The entries after it took its place."""
    at = hand.random.randint(1, hand.log.size - 1)
    hand.do("DELETE FROM entries WHERE sequence = :at", at=at)
    hand.shift(at, -1)
    if hand.random.random() < 0.5:
        hand.rehash()
    return Expected(at, at, f"entry {at + 1} stands in its place")


def an_entry_at_the_end(hand: Hand) -> Expected:
    """An entry follows that no head covers."""
    at = hand.log.size + 1
    _insert(hand, at)
    hand.rehash()
    return Expected(at, at, "no signed head covers it")


def an_entry_put_in(hand: Hand) -> Expected:
    """An entry stands among the others, which moved on by one."""
    at = hand.random.randint(1, hand.log.size)
    hand.shift(at - 1, 1)
    _insert(hand, at)
    hand.rehash()
    first, last = hand.log.around(at)
    return Expected(first, max(last, at + 1))


def an_entry_before_the_first(hand: Hand) -> Expected:
    """An entry has the number nought, or one below."""
    at = hand.random.choice((0, -3))
    _insert(hand, at)
    return Expected(0, 0, f"under the number {at}")


def _insert(hand: Hand, at: int) -> None:
    content = {**hand.content(hand.entry("view")), "sequence": at, "id": f"made up {at}"}
    names = ("sequence", "id", "kind", "at", "about")
    leaf = canonical_bytes(content)
    values = {**{name: content[name] for name in names}, "leaf": leaf, "hashes": leaf_hash(leaf)}
    columns, places = ", ".join(values), ", ".join(f":{name}" for name in values)
    hand.do(f"INSERT INTO entries ({columns}) VALUES ({places})", **values)  # noqa: S608


def two_entries_that_changed_places(hand: Hand) -> Expected:
    """Two rows have one another's numbers."""
    one, other = sorted(hand.random.sample(range(1, hand.log.size + 1), 2))
    for before, after in ((one, -1), (other, one), (-1, other)):
        change = "UPDATE entries SET sequence = :after WHERE sequence = :before"
        hand.do(change, before=before, after=after)
    if hand.random.random() < 0.5:
        hand.rehash()
    return Expected(one, one, f"entry {other} stands in its place")


def an_end_cut_off(hand: Hand) -> Expected:
    """The last entries are gone, and the heads over them; somebody kept one."""
    left = hand.random.choice([0, *(head.head.size for head in hand.log.heads)][:-1])
    _cut(hand, left)
    held = hand.random.choice([one for one in hand.log.heads if one.head.size > left])
    return Expected(left + 1, held.head.size, "truncated", (held,))


OF_ENTRIES = (
    "entries",
    "identities",
    "fired",
    "idempotency",
    "overridden",
    "message_requests",
    "outbox",
)
"""The tables whose rows are about an entry each."""


def an_end_cut_off_below_its_heads(hand: Hand) -> Expected:
    """The last entries are gone, and the newest head is not."""
    left = hand.random.randrange(hand.log.size)
    for table in OF_ENTRIES:
        hand.do(f"DELETE FROM {table} WHERE sequence > :left", left=left)  # noqa: S608
    return Expected(left + 1, hand.log.size, "it is missing")


def _cut(hand: Hand, left: int) -> None:
    for table in OF_ENTRIES:
        hand.do(f"DELETE FROM {table} WHERE sequence > :left", left=left)  # noqa: S608
    hand.do("DELETE FROM heads WHERE size > :left", left=left)
    used = "SELECT rulebook FROM entries WHERE rulebook IS NOT NULL"
    hand.do(f"DELETE FROM rulebooks WHERE digest NOT IN ({used})")  # noqa: S608
    overrides = "SELECT d.sequence FROM entries d JOIN entries e ON e.about = d.id"
    in_force = f"{overrides} WHERE e.kind LIKE 'override%' AND e.route IS NOT NULL"
    hand.do(f"DELETE FROM overridden WHERE sequence NOT IN ({in_force})")  # noqa: S608


def another_history(hand: Hand) -> Expected:
    """The log's own key signed another history; somebody kept a head of ours."""
    at = hand.entry()
    hand.write(at, by=None)
    frontier, leaves = Frontier(), hand.do("SELECT leaf FROM entries ORDER BY sequence").scalars()
    hashes = {}
    heads = {head.head.size: head for head in hand.log.heads}
    for sequence, leaf in enumerate(leaves.all(), 1):
        hashes[sequence] = frontier.append(leaf_hash(bytes(leaf)))
        if sequence in heads and sequence >= at:
            old = heads[sequence].head
            _sign(hand, Head(old.origin, sequence, frontier.root(), old.at))
    for sequence in range(at, hand.log.size + 1):
        hand.put_hashes(sequence, hashes[sequence])
    held = hand.random.choice([one for one in hand.log.heads if one.head.size >= at])
    before = [one for one in hand.log.heads if one.head.size < at][-1:]
    first = before[0].head.size + 1 if before else 1
    return Expected(first, held.head.size, "forked", (held, *before))


def _sign(hand: Hand, head: Head) -> None:
    signed = hand.log.signing_key.sign(head)
    change = "UPDATE heads SET root = :root, signature = :signature WHERE size = :size"
    hand.do(change, root=head.root, signature=signed.signature, size=head.size)


def an_edited_head(hand: Hand) -> Expected:
    """A head says something that was not signed, or its signature is another."""
    head = hand.random.choice(hand.log.heads)
    column, value = hand.random.choice(
        (
            ("signature", bytes(64)),
            ("signature", hand.random.choice(hand.log.heads[:-1] or [head]).signature[:-1]),
            ("root", bytes(32)),
            ("root", b"short"),
            ("at", "2026-01-01T00:00:00.000Z"),
            ("at", "yesterday"),
            ("key_id", b"1234"),
        )
    )
    change = f"UPDATE heads SET {column} = :value WHERE size = :size"  # noqa: S608
    hand.do(change, value=value, size=head.head.size)
    return Expected(0, 0, "head")


HANDS: Hands = (
    an_edited_entry,
    an_edited_entry_with_its_hash,
    an_edited_entry_with_every_hash,
    edited_hashes,
    hashes_cut_short,
    an_edited_column,
    a_deleted_entry,
    a_deleted_entry_closed_up,
    an_entry_at_the_end,
    an_entry_put_in,
    an_entry_before_the_first,
    two_entries_that_changed_places,
    an_end_cut_off,
    an_end_cut_off_below_its_heads,
    another_history,
    an_edited_head,
)
