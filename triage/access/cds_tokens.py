"""Is the token of a CDS Hooks call genuine, of a client that is listed, for here, and new?

CDS Hooks 2.0, "Trusting CDS Clients": each call brings a JSON Web Token that the client signs for
it, for the URL that it calls, and never twice.
"""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterable
from typing import Any

from triage.access.callers import LONGEST_NAME
from triage.access.cds_clients import CdsClient
from triage.access.refusals import BAD_TOKEN, AccessError
from triage.access.tokens import LEEWAY_SECONDS, LONGEST_TOKEN, Claims, Verifier
from triage.domain.caller import Caller, Role

LONGEST_SECONDS = 15 * 60
"""How long after it was issued a token may run out, at most; five minutes are usual."""

REMEMBERED_SECONDS = 2 * LEEWAY_SECONDS + 1
"""How long after it ran out a token is remembered: clocks here may differ from each other too."""

FirstSight = Callable[[bytes, int, int], bool]
"""Of the digest of a token's name, when to forget it, and now (both in seconds since 1970): was it
never seen before? From then on it was."""


class CdsTokens:
    """Knows clients of CDS Hooks services by their tokens."""

    def __init__(self, clients: Iterable[CdsClient], first_sight: FirstSight) -> None:
        self._known = {client.iss: (client, client.key_source()) for client in clients}
        self._first_sight = first_sight

    def caller(self, token: str, url: str, now: int) -> Caller:
        """Who calls a URL with a token, at a time in seconds since 1970. Raises ``AccessError``.

        The token is remembered once everything else is right with it: nobody uses up another's.
        """
        header, claimed = opened(token)
        client, keys = self._known.get(_text(claimed, "iss"), (None, None))
        if client is None or keys is None:
            raise AccessError(BAD_TOKEN, "not a client of ours")
        _check_header(header, client)
        claims = Verifier(client.iss, url, keys).call_claims(token)
        seconds = _expiry(claims)
        caller = Caller(Role.GP_SYSTEM, _subject(claims), client.iss, client.iss)
        if not self._first_sight(_digest(claims), seconds + REMEMBERED_SECONDS, now):
            raise AccessError(BAD_TOKEN, "seen before")
        return caller


def opened(token: str) -> tuple[dict[str, Any], Claims]:
    """The header and claims of a token, none of them to be believed. Raises ``AccessError``."""
    parts = token.split(".") if len(token) <= LONGEST_TOKEN else []
    found = [_object(part) for part in parts[:2]]
    if len(found) < 2:  # noqa: PLR2004 (a header, and claims)
        raise AccessError(BAD_TOKEN, "not a signed token")
    return found[0], found[1]


def _object(part: str) -> dict[str, Any]:
    try:
        found = json.loads(urlsafe_b64decode(f"{part}=="))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise AccessError(BAD_TOKEN, "not a signed token")
    return found


def _text(claims: Claims, name: str) -> str:
    value = claims.get(name)
    return value if isinstance(value, str) else ""


def _check_header(header: dict[str, Any], client: CdsClient) -> None:
    if _text(header, "typ").upper() != "JWT":
        raise AccessError(BAD_TOKEN, "another type of token")
    if not _text(header, "kid"):
        raise AccessError(BAD_TOKEN, "no key named")
    if "jku" in header and (client.jku is None or header["jku"] != client.jku):
        raise AccessError(BAD_TOKEN, "keys from elsewhere")


def _expiry(claims: Claims) -> int:
    """When a token runs out, in seconds since 1970. That it is a number was seen to."""
    issued, expiry = claims.get("iat"), claims["exp"]
    if issued is None:
        raise AccessError(BAD_TOKEN, "no time of issue")
    if not issued <= expiry <= issued + LONGEST_SECONDS:
        raise AccessError(BAD_TOKEN, "good for too long")
    return int(expiry)


def _subject(claims: Claims) -> str | None:
    subject = _text(claims, "sub")
    if len(subject) > LONGEST_NAME or not subject.isprintable():
        raise AccessError(BAD_TOKEN, "the subject is no name")
    return subject or None


def _digest(claims: Claims) -> bytes:
    """What stands for the name of a token: names are each client's own."""
    if not _text(claims, "jti"):
        raise AccessError(BAD_TOKEN, "no name of its own")
    return hashlib.sha256(json.dumps([claims["iss"], claims["jti"]]).encode()).digest()
