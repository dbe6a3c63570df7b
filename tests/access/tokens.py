"""Tokens of any role, for tests: of an issuer whose keys stand in a file, or of this machine."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from joserfc.jws import JWSRegistry

from triage.access.local import create_local_key, local_token
from triage.config import Settings
from triage.domain.caller import Role

Key = ECKey | RSAKey

ISSUER = "https://issuer.example"

AUDIENCE = "referral-triage"

HOUR = 3600

_KINDS = {"ES256": "P-256", "ES384": "P-384"}


@cache
def a_key(algorithm: str = "ES256", kid: str = "one") -> Key:
    """A private key for an algorithm; the same each time, for making one takes a while."""
    named: Any = {"kid": kid}
    if algorithm in _KINDS:
        return ECKey.generate_key(_KINDS[algorithm], named)
    return RSAKey.generate_key(2048, named)


def published(*keys: Key) -> dict[str, Any]:
    """Keys as an issuer publishes them."""
    return {"keys": [dict(key.as_dict(private=False)) for key in keys]}


def claims_of(role: Role | str, /, **more: Any) -> dict[str, Any]:
    """What a token for a role claims. What is given as None is left out."""
    now = int(time.time())
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": f"a {role}",
        "client_id": "tests",
        "roles": [str(role)],
        "iat": now,
        "exp": now + HOUR,
    }
    return {name: value for name, value in (claims | more).items() if value is not None}


def signed(claims: Mapping[str, Any], key: Key, algorithm: str = "ES256", **header: Any) -> str:
    """A token. What is given besides goes into its header; None takes a part out of it."""
    parts = {"alg": algorithm, "kid": key.kid, "typ": "at+jwt"} | header
    kept = {name: value for name, value in parts.items() if value is not None}
    registry = JWSRegistry(algorithms=[algorithm], strict_check_header=False)
    return jwt.encode(kept, dict(claims), key, registry=registry, default_type=None)


def bearer(token: str) -> dict[str, str]:
    """The header by which a call brings a token."""
    return {"Authorization": f"Bearer {token}"}


class AnIssuer:
    """An issuer whose keys stand in a file of a folder."""

    def __init__(self, folder: Path, *keys: Key) -> None:
        self.folder, self.keys = folder, keys or (a_key(),)
        self.jwks = folder / "jwks.json"
        self.publish(*self.keys)

    def publish(self, *keys: Key) -> None:
        """Put keys in the place of those that were published."""
        self.jwks.write_text(json.dumps(published(*keys)))

    def settings(self, **more: Any) -> Settings:
        """Settings of a service that believes this issuer, with all of its own in the folder."""
        own: dict[str, Any] = {
            "keys": self.folder / "keys",
            "database_url": f"sqlite:///{self.folder / 'log.db'}",
            "issuer": ISSUER,
            "jwks": str(self.jwks),
        }
        return Settings(**(own | more))

    def token(self, role: Role | str, /, **claims: Any) -> str:
        """A token for a role."""
        return signed(claims_of(role, **claims), self.keys[0])

    def bearer(self, role: Role | str, /, **claims: Any) -> dict[str, str]:
        """The header by which a call brings a token for a role."""
        return bearer(self.token(role, **claims))


def a_local_token(folder: Path, role: Role | str, subject: str | None = None) -> str:
    """A token made with the key of this machine in a folder of keys, which is made if need be."""
    create_local_key(folder)
    now = int(time.time())
    times = range(now, now + HOUR)
    return local_token(folder, Role(role), subject or str(role), AUDIENCE, times)
