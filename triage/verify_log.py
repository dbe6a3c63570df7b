"""Check the decision log on any machine, with Python 3.9 or later and nothing else.

    python verify_log.py EXPORT --key KEY [--head FILE]...
    python verify_log.py --proof FILE --key KEY [--head FILE]...

EXPORT is an export of the log, plain or gzip. KEY is the key that the log has published, or a file
that holds it; get it from the people who run the log, not from the export. Each --head is a signed
head that somebody kept: with it, a log that was cut short or written anew is found out as well.
With --proof, one answer of the service is checked: that an entry is in the log, or that the log
only grew between two heads.

It ends with 0 where everything is proved, 1 where it is not (and names the first bad entry), 2
where it was asked wrongly. What it checks is written down in docs/log-format.md; it shares no line
with the service, so that one does not repeat a mistake of the other.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
import zlib
from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import sha256, sha512
from pathlib import Path
from typing import Any, NamedTuple

FORMAT = 1
HASH = 32
MANY = 10_000
"""After how many entries a terminal is told how far it is."""


class AskedWrongly(Exception):  # noqa: N818 - nothing failed but the question
    """The verifier cannot begin: a file is missing, or is not what it was said to be."""


class NotProved(Exception):  # noqa: N818 - what was found, not what went wrong here
    """Why the log is not proved, and where: the first bad entry is one of ``first`` to ``last``.

    Both are nought where no entry is bad, but a head is, or the end of the log is gone. ``proved``
    is how many entries, from the first, are as they were signed for all that.
    """

    def __init__(self, why: str, first: int = 0, last: int = 0, proved: int = 0) -> None:
        self.why = why
        self.first = first
        self.last = last or first
        self.proved = proved
        super().__init__(why)


class Forged(Exception):  # noqa: N818 - the same
    """A head that has the root of its entries is not signed, so every signature must be seen."""


# Ed25519 (RFC 8032, section 5.1): checking of signatures only, so nothing here is secret.

PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
CURVE = -121665 * pow(121666, -1, PRIME) % PRIME
ROOT_OF_MINUS_ONE = pow(2, (PRIME - 1) // 4, PRIME)
WINDOW = 6

Point = tuple[int, int, int, int]
NEUTRAL: Point = (0, 1, 1, 0)


def added(one: Point, other: Point) -> Point:
    """The sum of two points, in extended coordinates."""
    x1, y1, z1, t1 = one
    x2, y2, z2, t2 = other
    a = (y1 - x1) * (y2 - x2) % PRIME
    b = (y1 + x1) * (y2 + x2) % PRIME
    c = 2 * CURVE * t1 * t2 % PRIME
    d = 2 * z1 * z2
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME


class Multiples:
    """Multiples of one point, worked out once, so that any other is a few additions away."""

    def __init__(self, point: Point) -> None:
        self._rows: list[list[Point]] = []
        for _ in range(0, 256, WINDOW):
            row = [NEUTRAL]
            for _ in range((1 << WINDOW) - 1):
                row.append(added(row[-1], point))
            self._rows.append(row)
            point = added(row[-1], point)

    def times(self, number: int) -> Point:
        """The point as many times as a number says."""
        found = NEUTRAL
        for row in self._rows:
            found = added(found, row[number & ((1 << WINDOW) - 1)])
            number >>= WINDOW
        return found


def encoded(point: Point) -> bytes:
    """A point as 32 bytes."""
    x, y, z, _ = point
    inverse = pow(z, -1, PRIME)
    return ((y * inverse % PRIME) | (x * inverse % PRIME & 1) << 255).to_bytes(32, "little")


def decoded(text: bytes) -> Point | None:
    """The point of 32 bytes; None where there is none."""
    number = int.from_bytes(text, "little")
    odd, y = number >> 255, number & ((1 << 255) - 1)
    if len(text) != HASH or y >= PRIME:
        return None
    square = (y * y - 1) * pow(CURVE * y * y + 1, -1, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if x * x % PRIME != square:
        x = x * ROOT_OF_MINUS_ONE % PRIME
    if x * x % PRIME != square or (x == 0 and odd):
        return None
    if x & 1 != odd:
        x = PRIME - x
    return x, y, 1, x * y % PRIME


@lru_cache(maxsize=None)  # noqa: UP033 - Python 3.9
def multiples_of(text: bytes) -> Multiples:
    """The multiples of the point that 32 bytes stand for."""
    return Multiples(decoded(text) or NEUTRAL)


BASE = (4 * pow(5, -1, PRIME) % PRIME).to_bytes(HASH, "little")
"""The point that Ed25519 begins from: its y is 4/5, its x even."""


class PublicKey:
    """A key as it is published: ``name+id+key``. Raises ``AskedWrongly`` for any other text."""

    def __init__(self, text: str) -> None:
        self.name, _, rest = text.strip().partition("+")
        key_id, _, key = rest.partition("+")
        marked = from_base64(key)
        if not self.name or marked[:1] != b"\x01" or decoded(marked[1:]) is None:
            raise AskedWrongly("the key is not an Ed25519 key written as name+id+key")
        self.id = sha256(self.name.encode() + b"\n" + marked).digest()[:4]
        if key_id != self.id.hex():
            raise AskedWrongly("the key is miswritten: its id is not that of its name and key")
        self._public = marked[1:]
        self._minus = self._public[:-1] + bytes([self._public[-1] ^ 0x80])

    def signed(self, text: bytes, signature: bytes) -> bool:
        """Is this the key's signature over a text?"""
        number = int.from_bytes(signature[HASH:], "little")
        if len(signature) != 2 * HASH or number >= ORDER:
            return False
        mixed = int.from_bytes(sha512(signature[:HASH] + self._public + text).digest(), "little")
        key = multiples_of(self._minus).times(mixed % ORDER)
        return encoded(added(multiples_of(BASE).times(number), key)) == signature[:HASH]


def from_base64(text: str) -> bytes:
    """The bytes of a text in base64; none for one that is not."""
    try:
        return b64decode(text, validate=True)
    except ValueError:
        return b""


# Heads: C2SP tlog-checkpoint, signed as C2SP signed-note.


class Head(NamedTuple):
    """A signed head as it was read; whether the signature is right is asked of ``Keys``."""

    log: str
    size: int
    root: bytes
    at: str
    text: bytes
    signatures: list[tuple[str, bytes]]
    where: str


def head_of(note: str, where: str) -> Head:
    """Read a signed note as a head. Raises ``ValueError`` with what is wrong."""
    text, gap, below = note.rpartition("\n\n")
    lines = text.split("\n")
    if not gap or len(lines) < 3 or not re.fullmatch("0|[1-9][0-9]{0,18}", lines[1]):  # noqa: PLR2004
        raise ValueError("it does not begin with the log, the size and the root, a line each")
    root = from_base64(lines[2])
    if len(root) != HASH:
        raise ValueError("its root is not 32 bytes in base64")
    times = [line[3:] for line in lines[3:] if line.startswith("at ")]
    return Head(
        log=lines[0],
        size=int(lines[1]),
        root=root,
        at=times[0] if times else "a time it does not say",
        text=(text + "\n").encode(),
        signatures=list(signatures_of(below)),
        where=where,
    )


def signatures_of(lines: str) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each signature below a note."""
    for line in lines.split("\n"):
        dash, _, rest = line.partition(" ")
        name, _, signature = rest.partition(" ")
        if dash == "\u2014":
            yield name, from_base64(signature)


class Keys:
    """The keys that a log has signed with; more than one where it changed its key."""

    def __init__(self, texts: Sequence[str]) -> None:
        keys = [PublicKey(text) for text in texts]
        self.log = keys[0].name
        if any(key.name != self.log for key in keys):
            raise AskedWrongly("the keys are not all of one log")
        self._keys = {key.id: key for key in keys}

    def signed(self, head: Head) -> bool:
        """Is a head of this log, and signed by one of its keys?"""
        found = False
        for name, signature in head.signatures:
            key = self._keys.get(signature[:4]) if name == self.log else None
            if key is not None:
                if not key.signed(head.text, signature[4:]):
                    return False
                found = True
        return found and head.log == self.log


# The tree (RFC 9162, section 2.1).


def leaf_hash(entry: bytes) -> bytes:
    """The hash of an entry."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees joined."""
    return sha256(b"\x01" + left + right).digest()


def completed(sequence: int) -> int:
    """How many hashes stand beside an entry: its own, and one for each subtree it completes."""
    return (sequence & -sequence).bit_length()


class Tree:
    """The right edge of a growing tree, as the roots of the complete subtrees it is made of."""

    def __init__(self, size: int = 0, roots: Sequence[bytes] = ()) -> None:
        self.size = size
        self._roots = list(roots)

    def copy(self) -> Tree:
        """The same tree, to grow on its own."""
        return Tree(self.size, self._roots)

    def hashes(self, leaf: bytes) -> bytes:
        """What stands beside the next entry: its hash, and those of the subtrees it completes."""
        found = [leaf]
        for level in range(1, completed(self.size + 1)):
            found.append(node_hash(self._roots[-level], found[-1]))
        return b"".join(found)

    def grow(self, hashes: bytes) -> None:
        """Take in the next entry, by the hashes beside it."""
        above = len(hashes) // HASH - 1
        del self._roots[len(self._roots) - above :]
        self._roots.append(hashes[-HASH:])
        self.size += 1

    def root(self) -> bytes:
        """The root of the tree as it stands."""
        found = self._roots[-1] if self._roots else sha256(b"").digest()
        for left in self._roots[-2::-1]:
            found = node_hash(left, found)
        return found


# The log, from its first entry to its last.


class Entry(NamedTuple):
    """An entry as it was hashed, and the hashes that stand beside it."""

    leaf: bytes
    hashes: bytes
    where: str


class Doubt(NamedTuple):
    """The first thing that does not fit, until a signed head shows which side of it is wrong."""

    first: int
    last: int
    why: str


class Proof(NamedTuple):
    """What was proved of a log: ``unseen`` heads have the right root, and a signature unseen."""

    entries: int
    head: Head
    unseen: int
    held: int


class Walk:
    """One walk along a log: entries are hashed anew, and each head is held against the tree.

    A head that has the root of the entries before it waits: the signature of the last such head
    covers them all, so the others are looked at only in a walk that is ``close``.
    """

    def __init__(self, keys: Keys, held: Sequence[Head], *, close: bool) -> None:
        self._keys = keys
        self._held = sorted(held, key=lambda head: head.size)
        self._sizes = {head.size for head in held}
        self._close = close
        self._tree = Tree()
        self._beside: Tree | None = None
        """The tree by the hashes beside the entries, once it differs from that of the entries."""
        self._doubt: Doubt | None = None
        self._waiting: Head | None = None
        self._unseen = 0
        self._proved: Head | None = None
        self._unsigned: Head | None = None
        self._common = 0
        self._parted: Head | None = None

    def along(self, records: Iterable[Entry | Head]) -> Proof:
        """Walk to the end of a log. Raises ``NotProved``, and ``Forged`` where not ``close``."""
        self._hold()
        for record in records:
            if isinstance(record, Entry):
                self._entry(record)
            else:
                self._head(record)
        return self._end()

    def _entry(self, entry: Entry) -> None:
        sequence = self._tree.size + 1
        hashes = self._tree.hashes(leaf_hash(entry.leaf))
        if not is_numbered(entry.leaf, sequence):
            changed = hashes[:HASH] != entry.hashes[:HASH]
            raise self._bad(*misnumbered(entry, sequence, changed=changed))
        if self._beside is not None or hashes != entry.hashes:
            self._differs(entry, hashes, sequence)
        self._tree.grow(hashes)
        if sequence in self._sizes:
            self._hold()

    def _differs(self, entry: Entry, hashes: bytes, sequence: int) -> None:
        """What stands beside an entry is not what it comes to: note that, and follow both."""
        beside = self._beside or self._tree.copy()
        self._doubt = self._doubt or doubt_of(entry, hashes, sequence)
        if beside.size + 1 == sequence and len(entry.hashes) == len(hashes):
            beside.grow(entry.hashes)
        self._beside = beside

    def _head(self, head: Head) -> None:
        size = self._tree.size
        fits = head.size == size and head.root == self._tree.root() and self._doubt is None
        if fits and not self._close:
            self._waiting = head
            self._unseen += 1
        elif not self._keys.signed(head):
            self._unsigned = self._unsigned or head
        elif head.size != size:
            what = "is missing" if head.size > size else "was put in"
            why = f"an entry {what}: the signed head over {head.size} entries stands after {size}"
            raise self._unclear(f"{why} ({head.where})", min(head.size, size) + 1)
        elif not self._agrees(head):
            why = f"the entries up to {size} are not those that were signed"
            raise self._unclear(f"{why} at {head.at} ({head.where})", size)

    def _agrees(self, head: Head) -> bool:
        """Has the tree the root of a signed head? A doubt is cleared up by a root of either."""
        if head.root == self._tree.root():
            if self._doubt is not None:
                why = f"the hashes beside it were changed; the entry is as signed at {head.at}"
                raise self._certain(why, self._doubt)
            self._proved = head
            return True
        beside = self._beside
        if self._doubt and beside and beside.size == head.size and beside.root() == head.root:
            raise self._certain(self._doubt.why, self._doubt)
        return False

    def _hold(self) -> None:
        """Hold the tree against the heads kept elsewhere that cover as many entries."""
        for head in self._held:
            if head.size == self._tree.size:
                if self._parted is None and self._agrees(head):
                    self._common = head.size
                else:
                    self._parted = self._parted or head

    def _settled(self) -> int:
        """How many entries are proved, now that the signature of the head that waits is seen."""
        if self._waiting is not None:
            if not self._keys.signed(self._waiting):
                raise Forged
            if self._proved is None or self._proved.size <= self._waiting.size:
                self._proved = self._waiting
            self._unseen -= 1
            self._waiting = None
        return self._proved.size if self._proved else 0

    def _bad(self, why: str, sequence: int) -> NotProved:
        """An entry that is bad by itself, unless there was a doubt before it."""
        if self._doubt is not None:
            return self._unclear(why, sequence)
        return NotProved(why, sequence, sequence, self._settled())

    def _certain(self, why: str, doubt: Doubt) -> NotProved:
        """The doubt was right: before it, every entry is as signed."""
        first = max(doubt.first, self._settled() + 1)
        return NotProved(why, first, doubt.last, first - 1)

    def _unclear(self, why: str, last: int) -> NotProved:
        """The first bad entry is one of those that are not proved."""
        proved = self._settled()
        if self._doubt is not None:
            why, last = self._doubt.why, min(last, self._doubt.last)
        if self._parted is not None:
            last = min(last, self._parted.size)
        return NotProved(why, proved + 1, max(last, proved + 1), proved)

    def _end(self) -> Proof:
        proved, size, odd = self._settled(), self._tree.size, self._unsigned
        if odd is not None and proved < min(odd.size, size):
            raise self._unclear(unsigned(odd), min(odd.size, size))
        if self._doubt is not None:
            raise self._unclear(self._doubt.why, size)
        self._held_to_the_end(proved)
        if proved < size:
            raise self._unclear("no signed head covers it", size)
        if odd is not None:
            why = f"{unsigned(odd)}, though every entry is as it was signed"
            raise NotProved(why, proved=proved)
        if self._proved is None:
            raise NotProved("the export holds no signed head, so nothing is proved")
        return Proof(size, self._proved, self._unseen, len(self._held))

    def _held_to_the_end(self, proved: int) -> None:
        """The heads kept elsewhere must be of this history, and none of them longer."""
        head, size = self._parted, self._tree.size
        if head is not None and head.size <= proved:
            why = (
                f"forked: the log signed two histories. The head held elsewhere over {head.size} "
                f"entries, signed at {head.at} ({head.where}), is not of the one in this export"
            )
            raise NotProved(why, self._common + 1, head.size, self._common)
        if head is None and self._held and self._held[-1].size > size:
            head = self._held[-1]
            why = (
                f"truncated: the head held elsewhere covers {head.size} entries, the export "
                f"holds {size}. That head was signed at {head.at} ({head.where})"
            )
            raise NotProved(why, proved=proved)


def misnumbered(entry: Entry, expected: int, *, changed: bool) -> tuple[str, int]:
    """What is wrong where an entry does not bear the next number, and of which entry it is said.

    ``changed``: it is not what its hash says, so it bore another number once.
    """
    where, found = entry.where, sequence_in(entry.leaf)
    if found is None:
        return f"{where} does not hold an entry", expected
    if found > expected:
        return f"it is missing here: entry {found} stands in its place ({where})", expected
    if changed or len(entry.hashes) == HASH * completed(expected):
        return f"it says of itself that it is entry {found} ({where})", expected
    if found == expected - 1:
        return f"it stands here twice, the second time in {where}", found
    return f"entry {found} stands in its place, a second time ({where})", expected


def unsigned(head: Head) -> str:
    """What is said of a head that no key given signed."""
    return f"the head over {head.size} entries is not signed by a key given ({head.where})"


def is_numbered(leaf: bytes, sequence: int) -> bool:
    """Does an entry give itself this number?

    In canonical JSON the number is mostly what an entry ends with, which is quicker to see.
    """
    return leaf.endswith(b',"sequence":%d}' % sequence) or sequence_in(leaf) == sequence


def sequence_in(leaf: bytes) -> int | None:
    """The number that an entry gives itself."""
    try:
        entry = json.loads(leaf)
    except (ValueError, RecursionError):
        return None
    sequence = entry.get("sequence") if isinstance(entry, dict) else None
    return sequence if type(sequence) is int else None


def doubt_of(entry: Entry, hashes: bytes, sequence: int) -> Doubt:
    """Which entries do not fit the hashes that stand beside one of them."""
    if len(entry.hashes) != len(hashes) or entry.hashes[:HASH] != hashes[:HASH]:
        return Doubt(sequence, sequence, f"it is not what its hash says ({entry.where})")
    level = next(
        level
        for level in range(1, completed(sequence))
        if entry.hashes[level * HASH :][:HASH] != hashes[level * HASH :][:HASH]
    )
    first = sequence - (1 << level) + 1
    why = f"entries {first} to {sequence} do not come to the hash that stands for them together"
    return Doubt(first, sequence, f"{why} ({entry.where})")


def check(
    records: Callable[[], Iterable[Entry | Head]],
    keys: Keys,
    held: Sequence[Head] = (),
    *,
    every_head: bool = False,
) -> Proof:
    """Prove a whole log, or raise ``NotProved`` with the first bad entry.

    ``records`` gives the log from its first entry, each head after the last entry it covers. The
    log is walked once; only where heads were forged, once more to find the first of them.
    """
    if not every_head:
        try:
            return Walk(keys, held, close=False).along(records())
        except Forged:
            pass
    return Walk(keys, held, close=True).along(records())


# The export: lines of JSON.


def records_of(path: Path, log: str) -> Iterator[Entry | Head]:
    """Entries and heads of an export; a line that is neither is given as an empty entry."""
    for number, line in enumerate(lines_of(path), 1):
        found = json_of(line)
        if number == 1:
            begin(found, log)
        elif isinstance(found.get("head"), str):
            yield head_in(found["head"], f"line {number}")
        else:
            yield entry_in(found, f"line {number}")
        if number % MANY == 0:
            tell(f"{number:,} lines")
    tell("")


def lines_of(path: Path) -> Iterator[bytes]:
    """The lines of a file, which may be packed with gzip."""
    try:
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
        with gzip.open(path) if packed else path.open("rb") as file:
            yield from file
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise NotProved("the file is damaged or cut short, and cannot be unpacked") from None
    except OSError as error:
        raise AskedWrongly(f"{path} cannot be read: {error}") from error


def json_of(text: bytes | str) -> dict[str, Any]:
    """The object that a text in JSON is; an empty one for any other text."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def begin(first: dict[str, Any], log: str) -> None:
    """What the first line of an export must say."""
    if first.get("format") != FORMAT:
        raise AskedWrongly(
            f"this is not an export of the log in format {FORMAT}: its first line does not say so"
        )
    if first.get("log") != log:
        raise NotProved(f"the export is of the log {first.get('log')}, the key is of {log}")


def entry_in(found: dict[str, Any], where: str) -> Entry:
    """An entry that stands in an export: the bytes that were hashed, and the hashes beside them."""
    try:
        return Entry(found["leaf"].encode(), bytes.fromhex(found["hashes"]), where)
    except (KeyError, TypeError, ValueError, AttributeError):
        return Entry(b"", b"", where)


def head_in(note: str, where: str) -> Head:
    """A head that stands in an export."""
    try:
        return head_of(note, where)
    except ValueError as error:
        raise NotProved(f"{where} holds a head that is not one: {error}") from None


def tell(progress: str) -> None:
    """How far it is, on a terminal."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\033[K{progress}")
        sys.stderr.flush()


# One proof, as the service answers it.


def root_over(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that a path leads to from a leaf; None for a path that cannot be of such a tree."""
    if not 0 <= index < size:
        return None
    last = size - 1
    for sibling in path:
        if last == 0 or len(sibling) != HASH:
            return None
        if index & 1 or index == last:
            leaf = node_hash(sibling, leaf)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            leaf = node_hash(leaf, sibling)
        index, last = index >> 1, last >> 1
    return None if last else leaf


def check_consistency(old: Head, new: Head, path: list[bytes]) -> bool:
    """Does a path show that a log of the new head begins with that of the old one?"""
    if old.size in (0, new.size):
        return not path and (old.size == 0 or old.root == new.root)
    if old.size & (old.size - 1) == 0:
        path = [old.root, *path]
    index, last = old.size - 1, new.size - 1
    while index & 1:
        index, last = index >> 1, last >> 1
    if not path or any(len(sibling) != HASH for sibling in path):
        return False
    old_root = new_root = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if index & 1 or index == last:
            old_root, new_root = node_hash(sibling, old_root), node_hash(sibling, new_root)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            new_root = node_hash(new_root, sibling)
        index, last = index >> 1, last >> 1
    return last == 0 and (old_root, new_root) == (old.root, new.root)


def check_answer(answer: dict[str, Any], keys: Keys, held: Sequence[Head]) -> str:
    """Check a proof as the service gives it; what it proves. Raises ``NotProved``."""
    try:
        path = [bytes.fromhex(sibling) for sibling in answer["path"]]
        if "sequence" in answer:
            return included(answer, path, keys, held)
        return grown(of_size(int(answer["from"]), held), of_size(int(answer["to"]), held), path)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise AskedWrongly(f"this is not a proof as the service gives it: {error!r}") from error


def included(
    answer: dict[str, Any], path: Sequence[bytes], keys: Keys, held: Sequence[Head]
) -> str:
    """Check that an entry is in the log. Raises ``NotProved``."""
    sequence, leaf = int(answer["sequence"]), bytes.fromhex(answer["leaf_hash"])
    head = head_of(answer["head"]["checkpoint"], "the head in the proof")
    if not keys.signed(head):
        raise NotProved(unsigned(head))
    whole = "leaf" in answer
    if whole and leaf_hash(answer["leaf"].encode()) != leaf:
        raise NotProved("it is not what its hash says", sequence)
    if whole and sequence_in(answer["leaf"].encode()) != sequence:
        raise NotProved("it says of itself that it is another entry", sequence)
    if len(leaf) != HASH or root_over(leaf, sequence - 1, head.size, path) != head.root:
        raise NotProved(f"the path does not lead to the head over {head.size} entries", sequence)
    what = "" if whole else f", as the entry whose hash is {leaf.hex()},"
    return (
        f"entry {sequence}{what} is in the log {head.log}: the head over {head.size} entries, "
        f"signed at {head.at}, covers it.{beside(head, held)}"
    )


def beside(head: Head, held: Sequence[Head]) -> str:
    """What heads held elsewhere say of the head in a proof. Raises ``NotProved``."""
    for other in held:
        if other.size == head.size and other.root != head.root:
            raise NotProved(f"forked: {other.where} has another root for {head.size} entries")
    if any(other.size != head.size for other in held):
        return " A head held elsewhere is of another size, and was not compared with this one."
    return " The head held elsewhere is the same." if held else ""


def of_size(size: int, held: Sequence[Head]) -> Head:
    """The head over so many entries among those that were kept."""
    for head in held:
        if head.size == size:
            return head
    raise AskedWrongly(f"this proof is held against two heads: give the one over {size} entries")


def grown(old: Head, new: Head, path: list[bytes]) -> str:
    """Check that the log only grew between two heads. Raises ``NotProved``."""
    if old.size > new.size or not check_consistency(old, new, path):
        raise NotProved(
            f"the log of {new.size} entries, signed at {new.at}, is not shown to begin with the "
            f"one of {old.size}, signed at {old.at}: forked, or the proof was changed"
        )
    return (
        f"the log {new.log} only grew: its first {old.size} entries, signed at {old.at}, stand "
        f"unchanged in the {new.size} signed at {new.at}."
    )


# Being asked, and answering.


def text_of(path: str) -> str:
    """What a small file says."""
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise AskedWrongly(f"{path} cannot be read: {error}") from error


def key_texts(given: Sequence[str]) -> list[str]:
    """The keys given, each as it is or as the lines of a file."""
    texts = []
    for one in given:
        is_key = one.count("+") > 1 and not Path(one).is_file()
        texts += [line for line in (one if is_key else text_of(one)).splitlines() if line.strip()]
    if not texts:
        raise AskedWrongly("no key is given: give the published key, or a file that holds it")
    return texts


def held_head(path: str, keys: Keys) -> Head:
    """A head that was kept: the note itself, or the service's answer that holds it."""
    text = text_of(path)
    found = json_of(text)
    note = found.get("checkpoint", found.get("head", text))
    try:
        head = head_of(str(note), path)
    except ValueError as error:
        raise AskedWrongly(f"{path} does not hold a head: {error}") from error
    if head.log != keys.log:
        raise AskedWrongly(f"the head in {path} is of the log {head.log}, the key of {keys.log}")
    if not keys.signed(head):
        raise AskedWrongly(f"the head in {path} is not signed by a key given")
    return head


def proved(proof: Proof, log: str) -> str:
    """What was proved, in words."""
    head = proof.head
    said = [f"PROVED: the {proof.entries} entries of this export are the log {log}"]
    said.append(
        f"as its key signed it at {head.at}: numbered without a gap, none changed, added, taken "
        f"out or moved. The root of that head is {head.root.hex()}."
    )
    if proof.unseen:
        said.append(
            f"{proof.unseen} other heads have the root of their entries. Their signatures add "
            "nothing to this, and were not checked; --every-head checks them."
        )
    if proof.held:
        said.append(f"Of the same history: {proof.held} head(s) held elsewhere.")
    else:
        said.append(
            "No head held elsewhere was given. Only with one (--head) can it be seen whether the "
            "end of the log was cut off, or all of it written anew with its own key."
        )
    return "\n".join(said)


def not_proved(found: NotProved) -> str:
    """What is wrong, in words; the first bad entry first."""
    after = f" Entries 1 to {found.proved} are as they were signed." if found.proved else ""
    if found.first > found.proved + 1:
        after += f" Entries {found.proved + 1} to {found.first - 1} are not proved."
    if not found.first:
        return f"NOT PROVED: {found.why}.{after}"
    named = (
        f"entry {found.first}"
        if found.first == found.last
        else f"one of the entries {found.first} to {found.last}"
    )
    if found.why.startswith("forked"):
        return f"NOT PROVED: {found.why}. They part at {named}.{after}"
    return f"NOT PROVED: the first bad entry is {named}: {found.why}.{after}"


def asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    """What was asked on the command line."""
    summary, _, rest = (__doc__ or "").partition("\n\n")
    parser = argparse.ArgumentParser(
        prog="verify_log.py",
        usage="%(prog)s [EXPORT | --proof FILE] --key KEY [--head FILE]... [--every-head]",
        description=summary,
        epilog=rest,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("export", metavar="EXPORT", nargs="?", help="the export, plain or gzip")
    parser.add_argument("--key", action="append", required=True, help="a published key, or a file")
    parser.add_argument("--head", action="append", default=[], help="a head that was kept")
    parser.add_argument("--proof", help="one answer of the service: a proof")
    parser.add_argument("--every-head", action="store_true", help="check every signature")
    found = parser.parse_args(arguments)
    if (found.export is None) == (found.proof is None):
        parser.error("give either EXPORT or --proof")
    return found


def answer(asked: argparse.Namespace) -> str:
    """What is proved of what was asked. Raises ``NotProved`` and ``AskedWrongly``."""
    keys = Keys(key_texts(asked.key))
    held = [held_head(path, keys) for path in asked.head]
    if asked.proof is not None:
        return f"PROVED: {check_answer(json_of(text_of(asked.proof)), keys, held)}"
    path = Path(asked.export)
    proof = check(lambda: records_of(path, keys.log), keys, held, every_head=asked.every_head)
    return proved(proof, keys.log)


def main(arguments: Sequence[str] | None = None) -> int:
    """Answer on standard output; 0 proved, 1 not proved, 2 asked wrongly."""
    try:
        text, status = answer(asked(arguments)), 0
    except NotProved as found:
        text, status = not_proved(found), 1
    except AskedWrongly as wrong:
        sys.stderr.write(f"{wrong}\n")
        return 2
    sys.stdout.write(f"{text}\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
