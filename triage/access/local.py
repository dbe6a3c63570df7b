"""Tokens made on the machine itself, for a service that nothing beyond it can reach."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey

from triage.access.files import FileReader
from triage.access.keys import NOT_A_KEY, Key, KeySet, read_key_set
from triage.domain.caller import Role
from triage.errors import SettingsError
from triage.store.key_files import create_key_file, read_key_file

LOCAL_ISSUER = "urn:referral-triage:local"

LOCAL_CLIENT = "local"

LOCAL_KEY = "local-token-key.pem"

ALGORITHM = "ES256"


class LocalKeys:
    """The key of local tokens, in a folder of keys; there is none before one is made."""

    def __init__(self, folder: Path) -> None:
        self._file = FileReader(folder / LOCAL_KEY, _published)

    def find(self, kid: str | None, algorithm: str) -> Key | None:
        """The key, if it is of that id and fits the algorithm."""
        try:
            return self._file.content().find(kid, algorithm)
        except (OSError, SettingsError):
            return None


def create_local_key(folder: Path) -> None:
    """Make the key of local tokens, unless it is there. Raises ``SettingsError``."""
    path = folder / LOCAL_KEY
    if not path.exists():
        create_key_file(path, ECKey.generate_key("P-256").as_pem(private=True))
    _read(path)


def local_token(folder: Path, role: Role, subject: str, audience: str, times: range) -> str:
    """A token good from the first to the last of ``times``, seconds since 1970.

    Raises ``SettingsError`` where there is no key yet, or none to use.
    """
    key = _read(folder / LOCAL_KEY)
    claims = {
        "iss": LOCAL_ISSUER,
        "aud": audience,
        "sub": subject,
        "client_id": f"{LOCAL_CLIENT}:{subject}",
        "roles": [role.value],
        "iat": times.start,
        "exp": times.stop,
        "jti": uuid.uuid4().hex,
    }
    header = {"alg": ALGORITHM, "kid": key.thumbprint(), "typ": "at+jwt"}
    return jwt.encode(header, claims, key, algorithms=[ALGORITHM])


def _published(path: Path) -> KeySet:
    key = _read(path)
    public: dict[str, Any] = dict(key.as_dict(private=False))
    return read_key_set({"keys": [public | {"kid": key.thumbprint()}]})


def _read(path: Path) -> ECKey:
    if not path.exists():
        raise SettingsError(f"there is no key {path} yet; triage serve makes it on its first start")
    pem = read_key_file(path)
    try:
        key = ECKey.import_key(pem)
        fits = key.is_private and key.curve_name == "P-256"
    except NOT_A_KEY:
        fits = False
    if not fits:
        raise SettingsError(
            f"the key file {path} does not hold a P-256 private key; take it away, and triage "
            "serve makes another"
        )
    return key
