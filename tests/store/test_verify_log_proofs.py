"""Proofs of the service, checked by the stand-alone verifier."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store.desk import LOG, VKEY, Desk, head_at
from tests.store.made_logs import KEY, ORIGIN
from tests.store.tampering import ANOTHER_KEY, row_of
from triage import verify_log
from triage.store.checkpoint import SignedHead
from triage.store.merkle import (
    HASH_BYTES,
    consistency_path,
    inclusion_path,
    root,
)


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    """A desk to check exports at."""
    return Desk(tmp_path, capsys)


def node(level: int, index: int) -> bytes:
    """A node of the tree of the log."""
    return row_of(LOG, (index + 1) << level).hashes[HASH_BYTES * level :][:HASH_BYTES]


def inclusion(sequence: int, size: int = 60, *, whole: bool = True) -> dict[str, object]:
    """A proof that an entry is in the log."""
    head = next(head for head in LOG.heads if head.head.size == size)
    row = row_of(LOG, sequence)
    path = inclusion_path(sequence - 1, size, node)
    leaf = {"leaf": row.leaf.decode()} if whole else {}
    return {
        "sequence": sequence,
        **leaf,
        "leaf_hash": row.hashes[:HASH_BYTES].hex(),
        "path": [one.hex() for one in path],
        "head": head.as_dict(),
    }


def proof(desk: Desk, answer: object, *more: str) -> tuple[int, str]:
    """How the verifier ends on a proof, and what it says."""
    return desk.ask("--proof", desk.file("proof", json.dumps(answer)), "--key", VKEY, *more)


@pytest.mark.parametrize("sequence", [1, 17, 59, 60])
@pytest.mark.parametrize("size", [LOG.heads[-1].head.size, LOG.heads[-2].head.size])
def test_one_entry_is_proved_to_be_in_the_log(desk: Desk, sequence: int, size: int) -> None:
    if sequence <= size:
        status, said = proof(desk, inclusion(sequence, size))
        assert status == 0
        assert said.startswith(f"PROVED: entry {sequence} is in the log {ORIGIN}: the head over ")


def test_a_proof_without_the_entry_proves_its_hash(desk: Desk) -> None:
    status, said = proof(desk, inclusion(17, whole=False))
    assert status == 0
    assert "entry 17, as the entry whose hash is " in said


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ({"sequence": 18}, "entry 18: it says of itself that it is another entry"),
        ({"leaf": "{}"}, "entry 17: it is not what its hash says"),
        ({"path": []}, "the path does not lead to the head over 60 entries"),
        ({"path": ["00" * 32] * 99}, "the path does not lead to the head over 60 entries"),
        ({"path": ["00"] * 6}, "the path does not lead to the head over 60 entries"),
        ({"head": inclusion(17, LOG.heads[-2].head.size)["head"]}, "does not lead to the head"),
        ({"head": {"checkpoint": ANOTHER_KEY.sign(LOG.heads[-1].head).note()}}, "not signed by"),
    ],
)
def test_a_changed_proof_proves_nothing(desk: Desk, parts: dict[str, object], why: str) -> None:
    status, said = proof(desk, {**inclusion(17), **parts})
    assert (status, why in said) == (1, True)


def test_a_proof_of_an_entry_beyond_its_head_proves_nothing(desk: Desk) -> None:
    answer = {**inclusion(17, whole=False), "sequence": 61}
    assert "the path does not lead to the head over 60" in proof(desk, answer)[1]


@pytest.mark.parametrize("parts", [{"path": 1}, {"path": ["g"]}, {"sequence": None}, {"head": []}])
def test_what_is_not_a_proof_is_not_checked(desk: Desk, parts: dict[str, object]) -> None:
    status, said = proof(desk, {**inclusion(17), **parts})
    assert status == 2
    assert said.startswith("this is not a proof as the service gives it: ")


def test_the_head_of_a_proof_is_held_against_one_held_elsewhere(desk: Desk) -> None:
    same = desk.file("same", LOG.heads[-1].note())
    earlier = desk.file("earlier", LOG.heads[3].note())
    other = KEY.sign(replace(LOG.heads[-1].head, root=bytes(32)))
    forked = desk.file("forked", other.note())
    assert "The head held elsewhere is the same." in proof(desk, inclusion(17), "--head", same)[1]
    assert "was not compared" in proof(desk, inclusion(17), "--head", earlier)[1]
    status, said = proof(desk, inclusion(17), "--head", forked)
    assert (status, said.startswith("NOT PROVED: forked: ")) == (1, True)


@given(st.sampled_from(LOG.heads), st.sampled_from(LOG.heads))
def test_growth_is_proved_between_any_two_heads(one: SignedHead, other: SignedHead) -> None:
    heads = [verify_log.head_of(head.note(), "held") for head in (one, other)]
    old, new = sorted(heads, key=lambda head: head.size)
    path = consistency_path(old.size, new.size, node)
    assert verify_log.check_consistency(old, new, path)
    assert not verify_log.check_consistency(old, new, [*path, bytes(32)])
    assert not verify_log.check_consistency(old, new._replace(root=bytes(32)), path)
    if path:
        assert not verify_log.check_consistency(old, new, path[:-1])
        assert not verify_log.check_consistency(old, new, [*path[:-1], b""])
        assert not verify_log.check_consistency(old._replace(root=bytes(32)), new, path)


def test_growth_is_proved_to_somebody_who_kept_both_heads(desk: Desk) -> None:
    old, new = head_at(20), head_at(50)
    sizes = old.head.size, new.head.size
    path = [one.hex() for one in consistency_path(*sizes, node)]
    answer = {"from": sizes[0], "to": sizes[1], "path": path}
    kept = ["--head", desk.file("old", old.note()), "--head", desk.file("new", new.note())]
    status, said = proof(desk, answer, *kept)
    assert status == 0
    assert said.startswith(f"PROVED: the log {ORIGIN} only grew: its first {sizes[0]} entries")
    status, said = proof(desk, {**answer, "path": path[::-1]}, *kept)
    assert (status, "forked, or the proof was changed" in said) == (1, True)
    status, said = proof(desk, answer, *kept[:2])
    assert (status, said.endswith(f"give the one over {sizes[1]} entries\n")) == (2, True)


def test_a_tree_begins_with_the_one_without_leaves() -> None:
    none = verify_log.Head(ORIGIN, 0, root(0, node), "", b"", [], "")
    some = none._replace(size=60, root=root(60, node))
    assert verify_log.check_consistency(none, some, [])
    assert not verify_log.check_consistency(none, some, [bytes(32)])
