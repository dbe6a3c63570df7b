"""The keys of the log: one signs its heads, one finds a person without naming them."""

from __future__ import annotations

import hmac
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from triage.errors import LogError, SettingsError
from triage.store.checkpoint import ED25519, Head, SignedHead, is_key_name, key_id_of
from triage.store.key_files import create_key_file, read_key_file

SIGNING_KEY = "log-signing-key.pem"

PERSON_KEY = "person-search.key"

KEY_BYTES = 32
"""The length of an Ed25519 public key, and of a key that finds a person."""

NOT_A_VKEY = "a published key is written as name+key id+key, the key one of Ed25519 in base64"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The Ed25519 key that signs heads of the log."""

    _private: Ed25519PrivateKey = field(repr=False)

    @classmethod
    def open(cls, folder: Path) -> SigningKey:
        """The key in a folder of keys. Raises ``SettingsError`` where it is missing or wrong."""
        path = folder / SIGNING_KEY
        try:
            key = load_pem_private_key(read_key_file(path), password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise SettingsError(_not_a_signing_key(path)) from error
        if not isinstance(key, Ed25519PrivateKey):
            raise SettingsError(_not_a_signing_key(path))
        return cls(key)

    @classmethod
    def create(cls, folder: Path) -> SigningKey:
        """The key in a folder of keys, made there first where it is missing."""
        path = folder / SIGNING_KEY
        if not path.exists():
            made = Ed25519PrivateKey.generate()
            pem = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            create_key_file(path, pem)
        return cls.open(folder)

    @property
    def public(self) -> bytes:
        """The public key, 32 bytes."""
        return self._private.public_key().public_bytes_raw()

    def sign(self, head: Head) -> SignedHead:
        """A head with this key's signature."""
        key_id = key_id_of(head.origin, self.public)
        return SignedHead(head, key_id, self._private.sign(head.text()))

    def vkey(self, origin: str) -> str:
        """The public key as it is published for a log: ``origin+key id+key``."""
        key_id = key_id_of(origin, self.public).hex()
        return f"{origin}+{key_id}+{b64encode(ED25519 + self.public).decode()}"


def public_key_of(vkey: str) -> bytes:
    """The 32 bytes of a key as it is published. Raises ``LogError`` for one that is not right."""
    name, _, rest = vkey.strip().partition("+")
    key_id, _, encoded = rest.partition("+")
    try:
        key = b64decode(encoded, validate=True)
    except ValueError as error:
        raise LogError(NOT_A_VKEY) from error
    public = key[len(ED25519) :]
    if not is_key_name(name) or not key.startswith(ED25519) or len(public) != KEY_BYTES:
        raise LogError(NOT_A_VKEY)
    if key_id != key_id_of(name, public).hex():
        raise LogError("the id in a published key is not the id of that name and key")
    return public


@dataclass(frozen=True, slots=True)
class PersonKey:
    """The key of hashes by which a person or a repeated request is found, and never named."""

    _secret: bytes = field(repr=False)

    @classmethod
    def open(cls, folder: Path) -> PersonKey:
        """The key in a folder of keys. Raises ``SettingsError`` where it is missing or wrong."""
        path = folder / PERSON_KEY
        secret = read_key_file(path)
        if len(secret) != KEY_BYTES:
            raise SettingsError(
                f"the key file {path} does not hold {KEY_BYTES} bytes; put back the key with which "
                "this log was begun"
            )
        return cls(secret)

    @classmethod
    def create(cls, folder: Path) -> PersonKey:
        """The key in a folder of keys, made there first where it is missing."""
        path = folder / PERSON_KEY
        if not path.exists():
            create_key_file(path, secrets.token_bytes(KEY_BYTES))
        return cls.open(folder)

    def hash(self, nhs_number: str) -> bytes:
        """By what a person is found: the NHS number, ten digits, under this key."""
        return self._keyed("person", nhs_number.encode())

    def of_request(self, body: bytes) -> bytes:
        """By what a request is known again when it is sent a second time."""
        return self._keyed("request", body)

    def check(self) -> bytes:
        """By what a database knows that this is the key it was used with before."""
        return self._keyed("check", b"")

    def _keyed(self, purpose: str, content: bytes) -> bytes:
        """A hash for one purpose, which says nothing about a hash for another."""
        return hmac.digest(self._secret, f"triage {purpose}\n".encode() + content, "sha256")


def _not_a_signing_key(path: Path) -> str:
    return (
        f"the key file {path} does not hold an Ed25519 private key in PKCS8 PEM without a "
        "passphrase; put back the key with which this log was begun"
    )
