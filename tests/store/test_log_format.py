"""The worked example of ``docs/log-format.md``, worked out again from what the document says."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.store.desk import Desk
from triage.store.checkpoint import SignedHead
from triage.wire import canonical_bytes

DOCUMENT = (Path(__file__).parents[2] / "docs" / "log-format.md").read_text(encoding="utf-8")

EXAMPLE = DOCUMENT.split("## A worked example")[1]

NAME = "triage.example/log"


def value(row: str) -> str:
    """What the table says of something."""
    (found,) = re.findall(rf"^\| {row} \| `(.*)` \|$", EXAMPLE, re.MULTILINE)
    return str(found)


def raw(row: str) -> bytes:
    """The same, where it is in hexadecimal."""
    return bytes.fromhex(value(row))


def blocks(language: str) -> list[str]:
    """The blocks of one language."""
    return re.findall(rf"```{language}\n(.*?)```", EXAMPLE, re.DOTALL)


EXPORT = [json.loads(line) for line in blocks("ndjson")[0].splitlines()]

ENTRIES = [line["leaf"].encode() for line in EXPORT if "leaf" in line]

HEADS = [line["head"] for line in EXPORT if "head" in line]

NOTE = blocks("text")[0]

LEAVES = [sha256(b"\x00" + entry).digest() for entry in ENTRIES]

PAIR = sha256(b"\x01" + LEAVES[0] + LEAVES[1]).digest()

ROOT = sha256(b"\x01" + PAIR + LEAVES[2]).digest()


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    """A desk to check exports at."""
    return Desk(tmp_path, capsys)


def test_the_entries_are_canonical_and_have_every_part_described() -> None:
    described = re.findall(r"^\| `([a-z]+)` \| [^|]*\|$", DOCUMENT, re.MULTILINE)
    for entry in ENTRIES:
        read = json.loads(entry)
        assert canonical_bytes(read) == entry
        assert set(described) <= set(read)


def test_the_commitment() -> None:
    commitment = sha256(b"\x02" + raw("salt of entry 1") + value("content of entry 1").encode())
    assert commitment.digest() == raw("commitment in entry 1")
    assert json.loads(ENTRIES[0])["commitment"] == commitment.hexdigest()


def test_the_hashes() -> None:
    assert [raw(f"leaf hash of entry {number}") for number in (1, 2, 3)] == LEAVES
    assert raw("node over entries 1 and 2") == PAIR
    assert raw("root over all three") == ROOT
    beside = [bytes.fromhex(line["hashes"]) for line in EXPORT if "leaf" in line]
    assert beside == [LEAVES[0], LEAVES[1] + PAIR, LEAVES[2]]


def test_the_key() -> None:
    public = Ed25519PrivateKey.from_private_bytes(bytes(range(32))).public_key().public_bytes_raw()
    key_id = sha256(NAME.encode() + b"\x0a\x01" + public).digest()[:4]
    assert raw("public key") == public
    marked = b64encode(b"\x01" + public).decode()
    assert value("published key") == f"{NAME}+{key_id.hex()}+{marked}"
    assert EXPORT[0] == {"format": 1, "log": NAME, "keys": [value("published key")]}


@pytest.mark.parametrize(("place", "size", "root"), [(0, 1, LEAVES[0]), (1, 3, ROOT)])
def test_the_heads(place: int, size: int, root: bytes) -> None:
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    at = SignedHead.parse(HEADS[place]).head.at
    text = f"{NAME}\n{size}\n{b64encode(root).decode()}\nat {at}\n"
    mark = b64encode(bytes.fromhex(value("published key").split("+")[1]) + key.sign(text.encode()))
    assert HEADS[place] == f"{text}\n\u2014 {NAME} {mark.decode()}\n"
    assert HEADS[1] == NOTE


def test_the_proof_that_an_entry_is_in_the_log() -> None:
    proof: dict[str, Any] = json.loads(blocks("json")[0])
    assert proof == {
        "sequence": 2,
        "leaf": ENTRIES[1].decode(),
        "leaf_hash": LEAVES[1].hex(),
        "path": [LEAVES[0].hex(), LEAVES[2].hex()],
        "head": SignedHead.parse(NOTE).as_dict(),
    }


def test_the_proof_that_the_log_only_grew() -> None:
    path = [LEAVES[1].hex(), LEAVES[2].hex()]
    assert json.loads(blocks("json")[1]) == {"from": 1, "to": 3, "path": path}


def test_the_verifier_proves_the_example(desk: Desk) -> None:
    key = ("--key", value("published key"))
    kept = ("--head", desk.file("kept", NOTE))
    older = ("--head", desk.file("older", HEADS[0]))
    export = desk.file("log.ndjson", blocks("ndjson")[0])
    assert desk.ask(export, *key, *kept, *older)[0] == 0
    for proof in blocks("json"):
        assert desk.ask("--proof", desk.file("proof", proof), *key, *kept, *older)[0] == 0
