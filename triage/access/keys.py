"""The public keys of an issuer, as a JSON Web Key Set (RFC 7517) gives them."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from cryptography.exceptions import UnsupportedAlgorithm
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

Key = ECKey | RSAKey

CURVES = {"P-256": frozenset({"ES256"}), "P-384": frozenset({"ES384"})}
"""The algorithm that each curve is used with."""

RSA_ALGORITHMS = frozenset({"RS256", "RS384", "PS256"})

ALGORITHMS = frozenset().union(*CURVES.values(), RSA_ALGORITHMS)
"""The algorithms that tokens may be signed with: never none, and never a shared secret."""

FEWEST_RSA_BITS = 2048

NOT_A_KEY = (JoseError, UnsupportedAlgorithm, ValueError, TypeError, KeyError)
"""What reading something that is no key of ours may raise."""


class Keys(Protocol):
    """Where the keys of an issuer are."""

    def find(self, kid: str | None, algorithm: str) -> Key | None:
        """The key of that id, if it fits the algorithm.

        A token that names no key is checked with the one key that fits, if there is just one.
        Raises ``AccessError`` where the keys cannot be had at all.
        """


@dataclass(frozen=True, slots=True)
class _UsableKey:
    key: Key
    kid: str | None
    algorithms: frozenset[str]


class KeySet:
    """The keys of one set that tokens may be checked with."""

    def __init__(self, keys: tuple[_UsableKey, ...]) -> None:
        self._keys = keys

    def find(self, kid: str | None, algorithm: str) -> Key | None:
        """As ``Keys.find``."""
        fitting = [one for one in self._keys if algorithm in one.algorithms]
        if kid is not None:
            fitting = [one for one in fitting if one.kid == kid]
        elif len(fitting) > 1:
            return None
        return fitting[0].key if fitting else None


def read_key_set(document: Any) -> KeySet:
    """The keys of a JSON Web Key Set, without those of other kinds and uses than ours.

    Raises ``ValueError`` where there is none to use.
    """
    listed = document.get("keys") if isinstance(document, dict) else None
    entries = listed if isinstance(listed, list) else []
    keys = tuple(key for entry in entries for key in _usable(entry))
    if not keys:
        raise ValueError("there is no key in the set that tokens may be checked with")
    return KeySet(keys)


def _usable(entry: Any) -> Iterator[_UsableKey]:
    if not isinstance(entry, dict) or entry.get("use", "sig") != "sig":
        return
    try:
        if "verify" not in entry.get("key_ops", ("verify",)):
            return
        key, algorithms = _READERS[entry["kty"]](entry)
    except NOT_A_KEY:
        return
    if "alg" in entry:
        algorithms &= {str(entry["alg"])}
    kid = entry.get("kid")
    if kid is None or isinstance(kid, str):
        yield _UsableKey(key, kid, algorithms)


def _elliptic(entry: Mapping[str, Any]) -> tuple[Key, frozenset[str]]:
    algorithms = CURVES[entry["crv"]]
    return ECKey.import_key(_only(entry, "kty", "crv", "x", "y")), algorithms


def _rsa(entry: Mapping[str, Any]) -> tuple[Key, frozenset[str]]:
    modulus = int.from_bytes(base64.urlsafe_b64decode(entry["n"] + "=="), "big")
    if modulus.bit_length() < FEWEST_RSA_BITS:
        raise ValueError("the key is too short")
    return RSAKey.import_key(_only(entry, "kty", "n", "e")), RSA_ALGORITHMS


_READERS = {"EC": _elliptic, "RSA": _rsa}


def _only(entry: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """The public part of a key: a private one that was published by mistake is not kept."""
    return {name: entry[name] for name in names}
