"""The tree over the entries of the log: roots, proofs and their checks (RFC 6962 and RFC 9162).

Only hashes, numbers and lists go in and out. Where a tree is kept is said by a ``Node``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256

Node = Callable[[int, int], bytes]
"""``node(level, index)``: the hash of the complete subtree over the leaves from
``index * 2**level`` up to, not including, ``(index + 1) * 2**level``."""

HASH_BYTES = 32

EMPTY_ROOT = sha256(b"").digest()
"""The root of a tree without leaves."""


def leaf_hash(entry: bytes) -> bytes:
    """The hash of an entry's bytes as a leaf."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees joined."""
    return sha256(b"\x01" + left + right).digest()


def peaks(size: int) -> list[tuple[int, int]]:
    """Level and index of each complete subtree that a tree is made of, left to right."""
    return [
        (level, (size >> level) - 1)
        for level in reversed(range(size.bit_length()))
        if size >> level & 1
    ]


class Frontier:
    """The right edge of a growing tree: all that is needed to append a leaf and to give the root.

    Made of a size and the hashes of its ``peaks``, left to right. Raises ``ValueError`` where
    there are more or fewer hashes than peaks.
    """

    __slots__ = ("_hashes", "size")

    def __init__(self, size: int = 0, hashes: Sequence[bytes] = ()) -> None:
        if size < 0 or len(hashes) != size.bit_count():
            raise ValueError(f"a tree of {size} leaves is not made of {len(hashes)} subtrees")
        self.size = size
        self._hashes = list(hashes)

    def append(self, leaf: bytes) -> bytes:
        """Append a leaf by its hash; the hash, then the roots of the subtrees it completes.

        The lowest subtree comes first, 32 bytes each: the leaf of index ``(i + 1) * 2**level - 1``
        gives ``node(level, i)`` at offset ``32 * level``.
        """
        hashes = [leaf]
        for _ in range((~self.size & self.size + 1).bit_length() - 1):
            hashes.append(node_hash(self._hashes.pop(), hashes[-1]))
        self._hashes.append(hashes[-1])
        self.size += 1
        return b"".join(hashes)

    def root(self) -> bytes:
        """The root of the tree as it stands."""
        return _folded(self._hashes)


def root(size: int, node: Node) -> bytes:
    """The root of the first ``size`` leaves. Raises ``ValueError`` for a size below nought."""
    if size < 0:
        raise ValueError(f"a tree cannot have {size} leaves")
    return _root_of(0, size, node)


def inclusion_path(index: int, size: int, node: Node) -> list[bytes]:
    """The hashes that lead from a leaf to the root of a tree (RFC 9162, 2.1.3.1).

    Raises ``ValueError`` for a leaf that the tree does not have.
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    path = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _left_of(end - start)
        if index < middle:
            path.append(_root_of(middle, end, node))
            end = middle
        else:
            path.append(_root_of(start, middle, node))
            start = middle
    return path[::-1]


def consistency_path(old: int, new: int, node: Node) -> list[bytes]:
    """The hashes by which a tree shows that it begins with a smaller one (RFC 9162, 2.1.4.1).

    Empty between trees of one size, and from the tree without leaves, with which every tree
    begins. Raises ``ValueError`` where the old tree is larger than the new one.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} leaves does not begin with one of {old}")
    if old in (0, new):
        return []
    path = []
    start, end = 0, new
    while end != old:
        middle = start + _left_of(end - start)
        if old <= middle:
            path.append(_root_of(middle, end, node))
            end = middle
        else:
            path.append(_root_of(start, middle, node))
            start = middle
    if start > 0:
        path.append(_root_of(start, end, node))
    return path[::-1]


def check_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Does a path lead from a leaf's hash to the root of a tree? (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size or not _are_hashes((leaf, root, *path)):
        return False
    position, last, found = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if position & 1 or position == last:
            found = node_hash(sibling, found)
            position, last = _up_to_a_right_child(position, last)
        else:
            found = node_hash(found, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and found == root


def check_consistency(
    old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]
) -> bool:
    """Does a path show that the new tree begins with the old one? (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= new or not _are_hashes((old_root, new_root, *path)):
        return False
    if old in (0, new):
        return not path and old_root == (new_root if old == new else EMPTY_ROOT)
    # A complete old tree is itself the first subtree, and the path leaves it out.
    known = [old_root, *path] if old.bit_count() == 1 else list(path)
    return bool(known) and _both_roots(old, new, known) == (old_root, new_root)


def _both_roots(old: int, new: int, path: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """The roots of the old and the new tree that a path gives; None for one of a wrong length."""
    position, last = old - 1, new - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old_root = new_root = path[0]
    for sibling in path[1:]:
        if last == 0:
            return None
        if position & 1 or position == last:
            old_root = node_hash(sibling, old_root)
            new_root = node_hash(sibling, new_root)
            position, last = _up_to_a_right_child(position, last)
        else:
            new_root = node_hash(new_root, sibling)
        position, last = position >> 1, last >> 1
    return (old_root, new_root) if last == 0 else None


def _up_to_a_right_child(position: int, last: int) -> tuple[int, int]:
    while position and not position & 1:
        position, last = position >> 1, last >> 1
    return position, last


def _are_hashes(values: Sequence[bytes]) -> bool:
    return all(len(value) == HASH_BYTES for value in values)


def _left_of(size: int) -> int:
    """How many leaves the left half of a tree has: the largest power of two below its size."""
    return 1 << (size - 1).bit_length() - 1


def _root_of(start: int, end: int, node: Node) -> bytes:
    """The root over leaves ``start`` to ``end``, where a subtree of the whole tree begins."""
    parts = [node(level, (start >> level) + index) for level, index in peaks(end - start)]
    return _folded(parts)


def _folded(parts: Sequence[bytes]) -> bytes:
    """Subtrees, left to right, joined from the right into one root."""
    if not parts:
        return EMPTY_ROOT
    found = parts[-1]
    for left in parts[-2::-1]:
        found = node_hash(left, found)
    return found
