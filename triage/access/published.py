"""What the issuer publishes: how it describes itself, and its keys."""

from __future__ import annotations

import json
from typing import Any

import requests

from triage.access.keys import KeySet, read_key_set
from triage.addresses import is_secure

TIMEOUT_SECONDS = 3
"""How long the issuer may take to answer, and between two parts of its answer."""

MOST_BYTES = 512 * 1024
"""The most bytes of a document of the issuer."""


class IssuerError(Exception):
    """The issuer did not answer, or not with what it should have."""


def is_url(text: str) -> bool:
    """Is a place a URL, rather than a file?"""
    return text.partition("://")[0].lower() in ("http", "https")


def fetched(url: str) -> Any:
    """A JSON document. Raises ``IssuerError``."""
    if not is_secure(url):
        raise IssuerError("an address that is not https")
    wanted = {"Accept": "application/json"}
    try:
        with requests.get(
            url, headers=wanted, timeout=TIMEOUT_SECONDS, allow_redirects=False, stream=True
        ) as answer:
            if answer.status_code != requests.codes.ok:
                raise IssuerError("an answer without a document")
            body = b"".join(_up_to(MOST_BYTES, answer))
        return json.loads(body)
    except (requests.RequestException, ValueError, RecursionError) as error:
        raise IssuerError(type(error).__name__) from error


def _up_to(most: int, answer: requests.Response) -> list[bytes]:
    parts: list[bytes] = []
    for part in answer.iter_content(64 * 1024):
        parts.append(part)
        if sum(map(len, parts)) > most:
            raise IssuerError("an answer that is too long")
    return parts


def metadata_url(issuer: str) -> str:
    """Where an issuer describes itself (OpenID Connect Discovery)."""
    return f"{issuer.rstrip('/')}/.well-known/openid-configuration"


def metadata_of(issuer: str) -> dict[str, Any]:
    """How an issuer describes itself. Raises ``IssuerError``."""
    found = fetched(metadata_url(issuer))
    if not isinstance(found, dict) or found.get("issuer") != issuer:
        raise IssuerError("it describes another issuer")
    return found


def keys_by_url(url: str) -> KeySet:
    """The keys published at a URL. Raises ``IssuerError``."""
    try:
        return read_key_set(fetched(url))
    except ValueError as error:
        raise IssuerError(str(error)) from error


def keys_by_issuer(issuer: str) -> KeySet:
    """The keys that an issuer names in its description. Raises ``IssuerError``."""
    return keys_by_url(str(metadata_of(issuer).get("jwks_uri")))
