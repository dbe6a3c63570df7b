"""What settings ask of access: what must not start, and how tokens are checked."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

from triage.access.cds_clients import cds_clients_of, check_cds_clients
from triage.access.cds_tokens import CdsTokens, FirstSight
from triage.access.issuer import FetchedKeys, FileKeys
from triage.access.keys import Keys, read_key_set
from triage.access.local import LOCAL_ISSUER, LocalKeys, create_local_key
from triage.access.published import is_url, keys_by_issuer, keys_by_url
from triage.access.tokens import Verifier
from triage.addresses import is_loopback, is_secure
from triage.config import Settings, host_and_port, keys_folder
from triage.errors import SettingsError


def check_access(settings: Settings) -> None:
    """Refuse settings by which callers could not be known. Raises ``SettingsError``."""
    _check_callers(settings)
    _check_demo(settings)
    check_cds_clients(settings)


def _check_callers(settings: Settings) -> None:
    if settings.issuer:
        _check_issuer(settings, settings.issuer)
        return
    for name in ("jwks", "client_id", "client_secret"):
        if getattr(settings, name):
            raise SettingsError(f"TRIAGE_{name.upper()} needs TRIAGE_ISSUER: set it too")
    if not is_loopback(host_and_port(settings.bind)[0]):
        raise SettingsError(
            f"nobody beyond this machine may call without a token, and {settings.bind} is beyond "
            "it: set TRIAGE_ISSUER to the URL of who issues tokens, or listen at 127.0.0.1"
        )


def _check_demo(settings: Settings) -> None:
    if not settings.demo:
        return
    if settings.issuer:
        raise SettingsError(
            "a demonstration has made-up people, and TRIAGE_ISSUER real ones: leave one of them out"
        )
    if not is_loopback(host_and_port(settings.bind)[0]):
        raise SettingsError(
            f"a demonstration lets anybody in without a password, and {settings.bind} is beyond "
            "this machine: listen at 127.0.0.1"
        )


def prepare_access(settings: Settings) -> None:
    """Make the key of local tokens where they are accepted, on first start.

    Raises ``SettingsError`` as ``check_access`` does, and where the key cannot be made or used.
    """
    check_access(settings)
    if not settings.issuer:
        create_local_key(keys_folder(settings))


def verifier_of(settings: Settings) -> Verifier:
    """How the tokens of calls are checked."""
    if settings.issuer:
        return Verifier(settings.issuer, settings.audience, _keys_of(settings, settings.issuer))
    return Verifier(LOCAL_ISSUER, settings.audience, LocalKeys(keys_folder(settings)))


def cds_tokens_of(settings: Settings, first_sight: FirstSight | None) -> CdsTokens | None:
    """How the tokens of CDS Hooks calls are checked; None where no client is listed.

    Raises ``LookupError`` where clients are, and nothing remembers which tokens were seen.
    """
    clients = cds_clients_of(settings)
    if clients and first_sight is None:
        raise LookupError("what remembers the tokens of CDS clients? Give it to guard: first_sight")
    return CdsTokens(clients, first_sight) if first_sight and clients else None


def _keys_of(settings: Settings, issuer: str) -> Keys:
    """Where the keys of the issuer are."""
    if settings.jwks is None:
        return FetchedKeys(partial(keys_by_issuer, issuer))
    if is_url(settings.jwks):
        return FetchedKeys(partial(keys_by_url, settings.jwks))
    return FileKeys(Path(settings.jwks))


def _check_issuer(settings: Settings, issuer: str) -> None:
    if issuer == LOCAL_ISSUER:
        raise SettingsError(f"TRIAGE_ISSUER: {LOCAL_ISSUER} issues tokens on its own machine alone")
    if settings.client_secret and not settings.client_id:
        raise SettingsError("TRIAGE_CLIENT_SECRET needs TRIAGE_CLIENT_ID: set it too")
    if settings.client_id == settings.audience:
        raise SettingsError(
            "TRIAGE_CLIENT_ID and TRIAGE_AUDIENCE are the same: what says who signed in would open "
            "calls; give them different names at the issuer"
        )
    if (settings.client_id or not settings.jwks) and not is_secure(issuer):
        raise SettingsError(f"TRIAGE_ISSUER: {issuer} is not a URL that begins with https://")
    if settings.jwks:
        _check_jwks(settings.jwks)


def _check_jwks(jwks: str) -> None:
    if is_url(jwks):
        if not is_secure(jwks):
            raise SettingsError(f"TRIAGE_JWKS: {jwks} is not a URL that begins with https://")
        return
    try:
        read_key_set(json.loads(Path(jwks).read_bytes()))
    except OSError as error:
        raise SettingsError(f"TRIAGE_JWKS: {jwks} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise SettingsError(f"TRIAGE_JWKS: {jwks} holds no keys to use: {error}") from error
