"""The arithmetic of the stand-alone verifier: Ed25519 in plain Python, and the tree."""

from __future__ import annotations

from base64 import b64encode

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from triage import verify_log
from triage.store.checkpoint import ED25519, key_id_of
from triage.store.merkle import (
    Frontier,
    leaf_hash,
)

SHORT = """
9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60
d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a

e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b

4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb
3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c
72
92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00

c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7
fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025
af82
6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a

833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42
ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf
ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f
dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704
"""


def vectors() -> list[list[bytes]]:
    """Secret key, public key, message and signature of tests 1, 2, 3 and SHA(abc) of RFC 8032."""
    lines = SHORT.splitlines()[1:]
    return [[bytes.fromhex(text) for text in lines[at : at + 4]] for at in range(0, 20, 5)]


def as_key(public: bytes, name: str = "log") -> verify_log.PublicKey:
    """A public key as it is published."""
    key = b64encode(ED25519 + public).decode()
    return verify_log.PublicKey(f"{name}+{key_id_of(name, public).hex()}+{key}")


@pytest.mark.parametrize(("secret", "public", "message", "signature"), vectors())
def test_the_published_signatures(
    secret: bytes, public: bytes, message: bytes, signature: bytes
) -> None:
    assert Ed25519PrivateKey.from_private_bytes(secret).sign(message) == signature
    assert as_key(public).signed(message, signature)
    assert not as_key(public).signed(message + b"x", signature)


KEYPAIR = Ed25519PrivateKey.from_private_bytes(bytes(range(32, 64)))

PUBLIC = KEYPAIR.public_key().public_bytes_raw()


def theirs(public: bytes, message: bytes, signature: bytes) -> bool:
    """Does the library that the service signs with accept a signature?"""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


@given(st.binary(max_size=200))
def test_every_signature_of_the_library_is_accepted(message: bytes) -> None:
    assert as_key(PUBLIC).signed(message, KEYPAIR.sign(message))


@given(st.binary(max_size=40), st.integers(0, 511), st.integers(0, 255))
def test_one_bit_changed_is_refused(message: bytes, bit: int, of_key: int) -> None:
    signature = KEYPAIR.sign(message)
    flipped = int.from_bytes(signature, "big") ^ 1 << bit
    changed = flipped.to_bytes(64, "big")
    assert not as_key(PUBLIC).signed(message, changed)
    assert not theirs(PUBLIC, message, changed)
    other = (int.from_bytes(PUBLIC, "big") ^ 1 << of_key).to_bytes(32, "big")
    if verify_log.decoded(other) is not None:
        assert not as_key(other).signed(message, signature)


@given(st.binary(max_size=40), st.binary(min_size=60, max_size=68))
def test_noise_is_refused(message: bytes, noise: bytes) -> None:
    assert not as_key(PUBLIC).signed(message, noise)


def test_a_signature_is_written_in_one_way_only() -> None:
    signature = KEYPAIR.sign(b"text")
    again = int.from_bytes(signature[32:], "little") + verify_log.ORDER
    assert not as_key(PUBLIC).signed(b"text", signature[:32] + again.to_bytes(32, "little"))


@pytest.mark.parametrize(
    "text", [b"\xff" * 32, bytes(31), b"\x02" + bytes(31), b"\x01" + bytes(30) + b"\x80"]
)
def test_what_is_no_point_is_no_key(text: bytes) -> None:
    assert verify_log.decoded(text) is None


@given(st.integers(0, 2**252))
def test_points_are_read_as_they_are_written(number: int) -> None:
    point = verify_log.multiples_of(verify_log.BASE).times(number)
    x, y, z, _ = verify_log.decoded(verify_log.encoded(point)) or (0, 0, 0, 0)
    assert (x * point[2] - point[0] * z) % verify_log.PRIME == 0
    assert (y * point[2] - point[1] * z) % verify_log.PRIME == 0


@given(st.lists(st.binary(max_size=8), max_size=70))
def test_the_tree_is_that_of_the_service(entries: list[bytes]) -> None:
    frontier, tree = Frontier(), verify_log.Tree()
    for entry in entries:
        hashes = tree.hashes(verify_log.leaf_hash(entry))
        assert hashes == frontier.append(leaf_hash(entry))
        tree.grow(hashes)
        assert tree.root() == frontier.root()
    assert (tree.size, tree.root()) == (frontier.size, frontier.root())
