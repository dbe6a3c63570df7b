"""The tree against the published vectors, another implementation, and its own definition."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree  # type: ignore[import-untyped]

from triage.store.merkle import (
    EMPTY_ROOT,
    HASH_BYTES,
    Frontier,
    Node,
    check_consistency,
    check_inclusion,
    consistency_path,
    inclusion_path,
    leaf_hash,
    node_hash,
    peaks,
    root,
)

LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
"""The eight leaves of the tests of Certificate Transparency, and the roots of their trees."""

ROOTS = [
    bytes.fromhex(value)
    for value in (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    )
]

A = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
B = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
C = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
D = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
E = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
F = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
G = "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f"

INCLUSIONS = [
    (0, 1, []),
    (0, 8, [A, B, C]),
    (5, 8, [D, E, ROOTS[4].hex()]),
    (2, 3, [ROOTS[2].hex()]),
    (1, 5, [ROOTS[1].hex(), B, D]),
]

CONSISTENCIES = [
    (1, 1, []),
    (1, 8, [A, B, C]),
    (6, 8, [F, E, ROOTS[4].hex()]),
    (2, 5, [B, D]),
    (6, 7, [F, G, ROOTS[4].hex()]),
]

SIZES = st.integers(1, 200)
"""Trees of sizes that are, and are not, a power of two."""


class Grown:
    """A tree grown leaf by leaf, which keeps what each leaf completes as the log does."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self.frontier = Frontier()
        self.rows = [self.frontier.append(leaf) for leaf in leaves]
        self.read = 0

    def node(self, level: int, index: int) -> bytes:
        """A node, read as the log reads it."""
        self.read += 1
        row = self.rows[((index + 1) << level) - 1]
        return row[HASH_BYTES * level :][:HASH_BYTES]


def grown(size: int) -> Grown:
    """A tree of made-up leaves."""
    return Grown([leaf_hash(number.to_bytes(4, "big")) for number in range(size)])


def defined_root(leaves: Sequence[bytes]) -> bytes:
    """The root as RFC 9162 defines it in section 2.1.1, word by word."""
    if len(leaves) == 1:
        return leaves[0]
    left = max(1 << power for power in range(30) if 1 << power < len(leaves))
    return node_hash(defined_root(leaves[:left]), defined_root(leaves[left:]))


def hexed(path: Sequence[bytes]) -> list[str]:
    """A path as it is written in the vectors."""
    return [value.hex() for value in path]


PUBLISHED = Grown([leaf_hash(leaf) for leaf in LEAVES])


@pytest.mark.parametrize("size", range(9))
def test_the_published_roots(size: int) -> None:
    frontier = Frontier()
    for leaf in LEAVES[:size]:
        frontier.append(leaf_hash(leaf))
    assert root(size, PUBLISHED.node) == frontier.root() == ROOTS[size]


@pytest.mark.parametrize(("index", "size", "path"), INCLUSIONS)
def test_the_published_proofs_of_inclusion(index: int, size: int, path: list[str]) -> None:
    made = inclusion_path(index, size, PUBLISHED.node)
    assert hexed(made) == path
    assert check_inclusion(leaf_hash(LEAVES[index]), index, size, made, ROOTS[size])


@pytest.mark.parametrize(("old", "new", "path"), CONSISTENCIES)
def test_the_published_proofs_of_consistency(old: int, new: int, path: list[str]) -> None:
    made = consistency_path(old, new, PUBLISHED.node)
    assert hexed(made) == path
    assert check_consistency(old, new, ROOTS[old], ROOTS[new], made)


def test_a_tree_without_leaves_has_the_hash_of_nothing() -> None:
    assert root(0, PUBLISHED.node) == Frontier().root() == EMPTY_ROOT == ROOTS[0]


@given(SIZES)
def test_roots_are_as_defined(size: int) -> None:
    tree = grown(size)
    leaves = [row[:HASH_BYTES] for row in tree.rows]
    assert tree.frontier.root() == root(size, tree.node) == defined_root(leaves)


@given(SIZES)
def test_a_leaf_brings_the_hashes_it_completes(size: int) -> None:
    tree = grown(size)
    for number, row in enumerate(tree.rows, 1):
        levels = len(row) // HASH_BYTES
        assert levels == (number & -number).bit_length()
        leaves = [earlier[:HASH_BYTES] for earlier in tree.rows[:number]]
        for level in range(levels):
            assert tree.node(level, (number >> level) - 1) == defined_root(leaves[-(1 << level) :])


@given(st.integers(0, 2**40))
def test_peaks_cover_a_tree_from_left_to_right(size: int) -> None:
    edges = [(index << level, (index + 1) << level) for level, index in peaks(size)]
    assert [start for start, _ in edges[:1]] == [0] * bool(size)
    assert all(left[1] == right[0] for left, right in pairwise(edges))
    assert (edges[-1][1] if edges else 0) == size


@given(SIZES, SIZES)
def test_a_frontier_goes_on_from_its_peaks(size: int, more: int) -> None:
    tree = grown(size + more)
    again = Frontier(size, [tree.node(level, index) for level, index in peaks(size)])
    rows = [again.append(row[:HASH_BYTES]) for row in tree.rows[size:]]
    assert rows == tree.rows[size:]
    assert (again.size, again.root()) == (size + more, tree.frontier.root())


@pytest.mark.parametrize(("size", "hashes"), [(1, 0), (2, 2), (0, 1), (-1, 1), (7, 2)])
def test_a_frontier_needs_the_hash_of_each_peak(size: int, hashes: int) -> None:
    with pytest.raises(ValueError, match=f"a tree of {size} leaves is not made of {hashes}"):
        Frontier(size, [EMPTY_ROOT] * hashes)


@given(st.data(), SIZES)
def test_every_leaf_is_proved_to_be_in_its_tree(data: st.DataObject, size: int) -> None:
    tree = grown(size)
    index = data.draw(st.integers(0, size - 1))
    path = inclusion_path(index, size, tree.node)
    leaf = tree.node(0, index)
    assert check_inclusion(leaf, index, size, path, root(size, tree.node))
    assert not check_inclusion(leaf_hash(b"another"), index, size, path, root(size, tree.node))


@given(st.data(), SIZES)
def test_every_tree_is_proved_to_begin_with_a_smaller_one(data: st.DataObject, new: int) -> None:
    tree = grown(new)
    old = data.draw(st.integers(0, new))
    path = consistency_path(old, new, tree.node)
    roots = root(old, tree.node), root(new, tree.node)
    assert check_consistency(old, new, *roots, path)
    if old:
        assert not check_consistency(old, new, leaf_hash(b"another"), roots[1], path)
    if 0 < old < new:
        assert not check_consistency(old, new, roots[0], leaf_hash(b"another"), path)


def broken(path: Sequence[bytes], data: st.DataObject) -> list[bytes]:
    """A path with one thing wrong: longer, shorter, out of order, or a hash that is not right."""
    made = list(path)
    wrong = leaf_hash(b"wrong")
    kind = data.draw(st.sampled_from(("longer", "first", "shorter", "changed", "cut")))
    at = data.draw(st.integers(0, max(0, len(made) - 1)))
    if kind == "longer" or not made:
        made.append(wrong)
    elif kind == "first":
        made.insert(0, wrong)
    elif kind == "shorter":
        del made[at]
    else:
        made[at] = wrong if kind == "changed" else made[at][:-1]
    return made


@given(st.data(), SIZES)
def test_a_broken_proof_of_inclusion_proves_nothing(data: st.DataObject, size: int) -> None:
    tree = grown(size)
    index = data.draw(st.integers(0, size - 1))
    path = broken(inclusion_path(index, size, tree.node), data)
    assert not check_inclusion(tree.node(0, index), index, size, path, tree.frontier.root())


@given(st.data(), SIZES)
def test_a_broken_proof_of_consistency_proves_nothing(data: st.DataObject, new: int) -> None:
    tree = grown(new)
    old = data.draw(st.integers(0, new))
    path = broken(consistency_path(old, new, tree.node), data)
    roots = root(old, tree.node), root(new, tree.node)
    assert not check_consistency(old, new, *roots, path)


@given(st.data(), SIZES)
def test_a_proof_holds_for_one_place_only(data: st.DataObject, size: int) -> None:
    tree = grown(size)
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(-2, size + 2).filter(lambda number: number != index))
    path = inclusion_path(index, size, tree.node)
    assert not check_inclusion(tree.node(0, index), other, size, path, tree.frontier.root())


def test_what_is_not_a_proof_is_refused_and_raises_nothing() -> None:
    leaf = leaf_hash(b"")
    assert not check_inclusion(leaf, 0, 0, [], EMPTY_ROOT)
    assert not check_inclusion(leaf, -1, 1, [], leaf)
    assert not check_inclusion(b"", 0, 1, [], b"")
    assert not check_inclusion(leaf, 0, 2**200, [leaf] * 500, leaf)
    assert not check_consistency(2, 1, leaf, leaf, [])
    assert not check_consistency(-1, 1, leaf, leaf, [])
    assert not check_consistency(1, 2, leaf, leaf, [])
    assert not check_consistency(3, 4, leaf, leaf, [])
    assert not check_consistency(0, 5, leaf, leaf, [])
    assert not check_consistency(1, 1, b"", b"", [])
    assert not check_consistency(5, 2**200, leaf, leaf, [leaf] * 500)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (8, 8), (-1, 8)])
def test_no_path_leads_from_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match=f"a tree of {size} leaves has no leaf {index}"):
        inclusion_path(index, size, PUBLISHED.node)


@pytest.mark.parametrize(("old", "new"), [(9, 8), (-1, 8)])
def test_no_tree_begins_with_a_larger_one(old: int, new: int) -> None:
    with pytest.raises(ValueError, match=f"a tree of {new} leaves does not begin with"):
        consistency_path(old, new, PUBLISHED.node)


def test_a_tree_has_no_less_than_nought_leaves() -> None:
    with pytest.raises(ValueError, match="a tree cannot have -1 leaves"):
        root(-1, PUBLISHED.node)


@given(st.integers(1, 2**50), st.data())
def test_few_nodes_are_read_even_of_a_vast_tree(size: int, data: st.DataObject) -> None:
    read: list[tuple[int, int]] = []

    def node(level: int, index: int) -> bytes:
        assert (index + 1) << level <= size
        read.append((level, index))
        return EMPTY_ROOT

    few = 2 * size.bit_length()
    inclusion_path(data.draw(st.integers(0, size - 1)), size, node)
    assert len(read) <= few
    read.clear()
    consistency_path(data.draw(st.integers(0, size)), size, node)
    assert len(read) <= few
    read.clear()
    root(size, node)
    assert len(read) <= few


@pytest.fixture(scope="module")
def oracle() -> tuple[InmemoryTree, Node]:
    """The same tree here and as another implementation has it."""
    entries = [number.to_bytes(4, "big") for number in range(150)]
    theirs = InmemoryTree(algorithm="sha256")
    for entry in entries:
        theirs.append_entry(entry)
    return theirs, Grown([leaf_hash(entry) for entry in entries]).node


@given(st.integers(1, 150), st.data())
def test_another_implementation_has_the_same_roots_and_paths(
    oracle: tuple[InmemoryTree, Node], size: int, data: st.DataObject
) -> None:
    theirs, node = oracle
    index = data.draw(st.integers(0, size - 1))
    assert theirs.get_root(size) == root(size, node)
    proof = theirs.prove_inclusion(index + 1, size)
    assert proof.path == [node(0, index), *inclusion_path(index, size, node)]


@given(st.integers(1, 150), st.data())
def test_another_implementation_accepts_the_same_growth(
    oracle: tuple[InmemoryTree, Node], new: int, data: st.DataObject
) -> None:
    theirs, node = oracle
    old = data.draw(st.integers(1, new))
    roots = root(old, node), root(new, node)
    theirs.prove_consistency(old, new).verify(*roots, prior_size=old, later_size=new)
    assert check_consistency(old, new, *roots, consistency_path(old, new, node))
