"""Is a token (RFC 7519) genuine, of the issuer, for this service, and of now?"""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import ClaimError, JoseError
from joserfc.jws import JWSRegistry

from triage.access.keys import ALGORITHMS, Key, Keys
from triage.access.refusals import BAD_TOKEN, AccessError

LONGEST_TOKEN = 7168
"""The most characters of a token; a whole header line over HTTP is not much longer."""

LEEWAY_SECONDS = 60
"""How far the issuer's clock and ours may be apart."""

TYPES = frozenset({"jwt", "at+jwt", "application/at+jwt"})
"""What the header of a token may call it, in lower case: not, say, a notice of signing out."""

OF_SIGNING_IN = frozenset({"nonce", "at_hash", "c_hash"})
"""Claims of what tells a page who signed in: that is for the page, and opens no call."""

Claims = dict[str, Any]

_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Verifier:
    """Checks the tokens of one issuer. ``audience`` is whom they must be for."""

    issuer: str
    audience: str
    keys: Keys

    def call_claims(self, token: str) -> Claims:
        """What a token that was sent with a call claims. Raises ``AccessError``."""
        claims = self.claims(token)
        if OF_SIGNING_IN & claims.keys():
            raise AccessError(BAD_TOKEN, "made for signing in")
        return claims

    def claims(self, token: str) -> Claims:
        """What a token claims, once it is known to be true. Raises ``AccessError``."""
        if len(token) > LONGEST_TOKEN:
            raise AccessError(BAD_TOKEN, "too long")
        header = _header(token)
        key = self.keys.find(header.get("kid"), header["alg"])
        if key is None:
            raise AccessError(BAD_TOKEN, "no such key")
        found = _signed(token, header["alg"], key)
        self._check(found)
        return found

    def _check(self, claims: Claims) -> None:
        required = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.audience},
            exp={"essential": True},
        )
        try:
            required.validate(claims)
        except ClaimError as error:
            raise AccessError(BAD_TOKEN, f"{error.error} {error.claim}") from None


def _header(token: str) -> dict[str, Any]:
    """The header of a token, read before anything in it is believed."""
    if not _COMPACT.fullmatch(token):
        raise AccessError(BAD_TOKEN, "not a signed token")
    try:
        header = json.loads(urlsafe_b64decode(token.partition(".")[0] + "=="))
    except (ValueError, RecursionError):
        raise AccessError(BAD_TOKEN, "unreadable header") from None
    if not isinstance(header, dict) or str(header.get("alg")) not in ALGORITHMS:
        raise AccessError(BAD_TOKEN, "not an algorithm of ours")
    if "crit" in header or "b64" in header:
        raise AccessError(BAD_TOKEN, "critical headers")
    if str(header.get("typ", "jwt")).lower() not in TYPES:
        raise AccessError(BAD_TOKEN, "another type of token")
    if not isinstance(header.get("kid"), str | None):
        raise AccessError(BAD_TOKEN, "no such key")
    return header


def _signed(token: str, algorithm: str, key: Key) -> Claims:
    registry = JWSRegistry(algorithms=[algorithm], strict_check_header=False)
    try:
        return jwt.decode(token, key, registry=registry).claims
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        raise AccessError(BAD_TOKEN, type(error).__name__) from None
