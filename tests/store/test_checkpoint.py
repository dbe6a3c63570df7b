"""Heads are written, signed and read as the published formats say."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from triage.errors import LogError
from triage.store.checkpoint import Head, SignedHead, is_key_name, key_id_of
from triage.store.keys import SigningKey, public_key_of
from triage.store.merkle import leaf_hash

HEAD = Head("triage.example/log", 3, leaf_hash(b""), "2026-11-22T10:15:00.123Z")

KEY = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))

OTHER = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(32)))

NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
"""The key in the documentation of Go's signed notes, where the format comes from."""

NEUMANN_SIGNED = (
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
)

NEUMANN_SECRET = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"  # noqa: S105 - a published example

NEUMANN_TEXT = (
    b"If you think cryptography is the answer to your problem,\n"
    b"then you don't know what your problem is.\n"
)


def test_a_head_is_four_lines() -> None:
    assert HEAD.text() == (
        b"triage.example/log\n3\nbjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=\n"
        b"at 2026-11-22T10:15:00.123Z\n"
    )


def test_a_signed_head_is_a_note() -> None:
    signed = KEY.sign(HEAD)
    mark = b64encode(signed.key_id + signed.signature).decode()
    assert signed.note() == f"{HEAD.text().decode()}\n— triage.example/log {mark}\n"


def test_the_published_example_of_a_signed_note() -> None:
    signature = b64decode(NEUMANN_SIGNED)
    private = Ed25519PrivateKey.from_private_bytes(b64decode(NEUMANN_SECRET)[1:])
    assert key_id_of("PeterNeumann", public_key_of(NEUMANN)) == signature[:4]
    assert SigningKey(private).vkey("PeterNeumann") == NEUMANN
    assert private.sign(NEUMANN_TEXT) == signature[4:]


def test_the_answer_of_the_service_says_the_same_in_parts() -> None:
    signed = KEY.sign(HEAD)
    assert signed.as_dict() == {
        "log": "triage.example/log",
        "size": 3,
        "root": HEAD.root.hex(),
        "at": "2026-11-22T10:15:00.123Z",
        "key_id": key_id_of(HEAD.origin, KEY.public).hex(),
        "signature": b64encode(signed.signature).decode(),
        "checkpoint": signed.note(),
    }


@given(
    st.text(st.characters(categories=("L", "N", "P")), min_size=1).filter(is_key_name),
    st.integers(0, 2**53),
    st.binary(min_size=32, max_size=32),
    st.datetimes(),
)
def test_a_head_is_read_as_it_was_written(origin: str, size: int, root: bytes, at: object) -> None:
    moment = f"{at:%H:%M:%S}.000Z"
    signed = KEY.sign(Head(origin, size, root, f"2026-11-22T{moment}"))
    read = SignedHead.parse(signed.note())
    assert read == signed
    assert read.is_signed_by(KEY.public)


@pytest.mark.parametrize(
    "changed",
    [
        {"origin": "triage.example/another"},
        {"size": 4},
        {"root": leaf_hash(b"another")},
        {"at": "2026-11-22T10:15:00.124Z"},
    ],
)
def test_a_signature_holds_for_one_head_only(changed: dict[str, Any]) -> None:
    signed = KEY.sign(HEAD)
    assert not replace(signed, head=replace(HEAD, **changed)).is_signed_by(KEY.public)


def test_a_signature_holds_for_one_key_only() -> None:
    signed = KEY.sign(HEAD)
    assert not signed.is_signed_by(OTHER.public)
    claimed = replace(signed, key_id=key_id_of(HEAD.origin, OTHER.public))
    assert not claimed.is_signed_by(OTHER.public)
    assert not replace(signed, signature=signed.signature[:-1]).is_signed_by(KEY.public)
    assert not signed.is_signed_by(b"not a key")


def test_the_signatures_of_others_are_passed_over() -> None:
    signed = KEY.sign(HEAD)
    text, mark = signed.note().split("\n\n")
    witness = b64encode(bytes(4 + 72)).decode()
    later = b64encode(bytes(4 + 72)).decode()
    note = f"{text}\n\n— witness.example {witness}\n— {HEAD.origin} {later}\n{mark}"
    assert SignedHead.parse(note) == signed


@pytest.mark.parametrize("origin", ["", "a log", "a+log", "a\u00a0log", "a\tlog", "log\n4"])
def test_a_log_needs_a_name_that_a_key_can_have(origin: str) -> None:
    with pytest.raises(LogError, match="the name of a log has no spaces, no plus sign"):
        replace(HEAD, origin=origin)


@pytest.mark.parametrize(
    "changed",
    [
        {"size": -1},
        {"root": b"short"},
        {"at": "2026-11-22T10:15:00Z"},
        {"at": "2026-11-22T10:15:00.123Z\nand more"},
    ],
)
def test_a_head_needs_all_its_parts(changed: dict[str, Any]) -> None:
    with pytest.raises(LogError, match="a head needs a size, a root of 32 bytes and a time"):
        replace(HEAD, **changed)


ROOT = b64encode(HEAD.root).decode()

MARK = KEY.sign(HEAD).note().split("\n\n")[1]

FOUR_LINES = "a head has four lines"


@pytest.mark.parametrize(
    ("note", "problem"),
    [
        ("", FOUR_LINES),
        (HEAD.text().decode(), FOUR_LINES),
        (f"log\n3\n{ROOT}\n\n{MARK}", FOUR_LINES),
        (f"log\n03\n{ROOT}\nat {HEAD.at}\n\n{MARK}", FOUR_LINES),
        (f"log\n-3\n{ROOT}\nat {HEAD.at}\n\n{MARK}", FOUR_LINES),
        (f"log\n3\n{ROOT}\nat {HEAD.at}\nmore\n\n{MARK}", FOUR_LINES),
        (f"log\n3\n{ROOT[:-2]}1=\nat {HEAD.at}\n\n{MARK}", "not written as base64 writes it"),
        (f"a log\n3\n{ROOT}\nat {HEAD.at}\n\n{MARK}", "the name of a log has no spaces"),
        (f"log\n3\n{ROOT}\nat {HEAD.at}\n\n{MARK}", "no Ed25519 signature of log stands below"),
        (f"{HEAD.text().decode()}\n{MARK[:-1]}", "ends with the end of a line"),
        (f"{HEAD.text().decode()}\n{MARK[2:]}", "a line that is not a signature"),
        (f"{HEAD.text().decode()}\n— {HEAD.origin} AAAAA\n", "is not base64"),
    ],
)
def test_what_is_not_a_head_is_refused(note: str, problem: str) -> None:
    with pytest.raises(LogError, match=problem):
        SignedHead.parse(note)
