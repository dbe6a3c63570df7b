"""Heads of the log: how many entries it has, and the root of their tree, dated and signed.

A head is written as a C2SP ``tlog-checkpoint``, and signed as a C2SP ``signed-note``; the bytes
are in ``docs/log-format.md``.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from triage.errors import LogError

ED25519 = b"\x01"
"""The mark of an Ed25519 key among the kinds of key that sign notes."""

KEY_ID_BYTES = 4

SIGNATURE_BYTES = 64

TEXT = re.compile(
    r"(?P<origin>.+)\n(?P<size>0|[1-9][0-9]{0,18})\n(?P<root>[A-Za-z0-9+/]{43}=)\n"
    r"at (?P<at>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z)\n"
)
"""The text that is signed: the log, its size, the root and the time, a line each."""

SIGNATURE = re.compile(r"— (?P<name>[^ ]+) (?P<signature>[A-Za-z0-9+/]+={0,2})")
"""One line below the text."""


def key_id_of(name: str, public_key: bytes) -> bytes:
    """The four bytes by which a signature says whose it is."""
    return sha256(name.encode() + b"\n" + ED25519 + public_key).digest()[:KEY_ID_BYTES]


@dataclass(frozen=True, slots=True)
class Head:
    """A log of ``size`` entries, the ``root`` of their tree, and when that was so.

    ``origin`` names the log as a URL without ``https://``; ``at`` is UTC with milliseconds, as in
    ``2026-11-22T10:15:00.123Z``. Raises ``LogError`` for a part that is not of its form.
    """

    origin: str
    size: int
    root: bytes
    at: str

    def __post_init__(self) -> None:
        if not is_key_name(self.origin):
            raise LogError("the name of a log has no spaces, no plus sign and is not empty")
        if TEXT.fullmatch(self.text().decode()) is None:
            raise LogError("a head needs a size, a root of 32 bytes and a time in UTC, to 1/1000 s")

    def text(self) -> bytes:
        """The bytes that are signed."""
        root = b64encode(self.root).decode()
        return f"{self.origin}\n{self.size}\n{root}\nat {self.at}\n".encode()


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A head with the signature of the log's key, which ``key_id`` points to."""

    head: Head
    key_id: bytes
    signature: bytes

    @classmethod
    def parse(cls, note: str) -> SignedHead:
        """Read a signed note as a head. This checks its form, not its signature.

        Signatures of others than the log itself are passed over. Raises ``LogError``.
        """
        text, _, signatures = note.rpartition("\n\n")
        found = TEXT.fullmatch(f"{text}\n")
        if found is None:
            raise LogError(
                "a head has four lines (the log, its size, the root and the time), then an empty "
                "line, then its signature"
            )
        head = Head(found["origin"], int(found["size"]), b64decode(found["root"]), found["at"])
        if head.text() != found[0].encode():
            raise LogError("the root of a head is not written as base64 writes it")
        key_id, signature = _own_signature(head.origin, signatures)
        return cls(head, key_id, signature)

    def note(self) -> str:
        """The head as a signed note: the text, an empty line, and the signature."""
        return f"{self.head.text().decode()}\n— {self.head.origin} {self._encoded()}\n"

    def as_dict(self) -> dict[str, Any]:
        """The head as the API gives it."""
        return {
            "log": self.head.origin,
            "size": self.head.size,
            "root": self.head.root.hex(),
            "at": self.head.at,
            "key_id": self.key_id.hex(),
            "signature": b64encode(self.signature).decode(),
            "checkpoint": self.note(),
        }

    def is_signed_by(self, public_key: bytes) -> bool:
        """Is this the signature of the log's key, 32 bytes, over this head?"""
        if self.key_id != key_id_of(self.head.origin, public_key):
            return False
        try:
            key = Ed25519PublicKey.from_public_bytes(public_key)
            key.verify(self.signature, self.head.text())
        except (InvalidSignature, ValueError):
            return False
        return True

    def _encoded(self) -> str:
        return b64encode(self.key_id + self.signature).decode()


def is_key_name(name: str) -> bool:
    """Can this name a key, and so a log? Not empty, without a space of any kind or a plus."""
    return name.isprintable() and not {" ", "+"} & set(name) and bool(name)


def _own_signature(origin: str, lines: str) -> tuple[bytes, bytes]:
    """Key id and signature of the first line that bears the name of the log."""
    if not lines.endswith("\n"):
        raise LogError("the note of a head ends with the end of a line")
    for line in lines[:-1].split("\n"):
        found = SIGNATURE.fullmatch(line)
        if found is None:
            raise LogError("below a head stands a line that is not a signature")
        signature = _decoded(found["signature"])
        if found["name"] == origin and len(signature) == KEY_ID_BYTES + SIGNATURE_BYTES:
            return signature[:KEY_ID_BYTES], signature[KEY_ID_BYTES:]
    raise LogError(f"no Ed25519 signature of {origin} stands below its head")


def _decoded(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError as error:
        raise LogError("a signature below a head is not base64") from error
