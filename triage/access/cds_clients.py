"""Who may call CDS Hooks services: the file that TRIAGE_CDS_CLIENTS names, read once at the start.

::

    [[client]]
    iss = "https://ehr.example.org"             # the iss of its tokens, letter by letter
    jku = "https://ehr.example.org/jwks.json"   # where its public keys are
    keys = "ehr-jwks.json"                      # or a file of them, beside this one
    fhir_servers = ["https://ehr.example.org/fhir"]   # where its records may be read
    origins = ["https://ehr.example.org"]       # whose pages may call, in a browser

Keys are had from nowhere else: what a token says of where its keys are is only compared. With both
``jku`` and ``keys``, the file is read, and ``jku`` is what tokens may say.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from triage.access.cds_addresses import Address, read_address
from triage.access.cds_fields import FieldError, read_fields
from triage.access.issuer import FetchedKeys, FileKeys
from triage.access.keys import Keys
from triage.access.published import keys_by_url
from triage.addresses import is_loopback, is_secure
from triage.config import Settings, host_and_port, public_url
from triage.errors import SettingsError

TABLES = "client"
"""The one name at the top of the file: a list of tables, one for each client."""


@dataclass(frozen=True, slots=True)
class CdsClient:
    """A system that calls. One of ``jku`` and ``keys`` is there; ``origins`` as browsers say."""

    iss: str
    jku: str | None = None
    keys: Path | None = None
    fhir_servers: tuple[Address, ...] = ()
    origins: tuple[str, ...] = ()

    def key_source(self) -> Keys:
        """Where its public keys are."""
        if self.keys is not None:
            return FileKeys(self.keys)
        return FetchedKeys(partial(keys_by_url, str(self.jku)))


class FhirServers:
    """The FHIR servers that may be called, and for whom."""

    def __init__(self, clients: Iterable[CdsClient]) -> None:
        self._of = {client.iss: client.fhir_servers for client in clients}

    def allowed(self, client: str | None, written: Any) -> str | None:
        """The address of a FHIR server as it may be called for a client; None where it may not.

        ``client`` is that of who calls, ``written`` what the call gives as ``fhirServer``: anything
        at all. Whoever calls there follows no redirect: it would lead off the list.
        """
        asked = read_address(written)
        servers = self._of.get(client or "", ())
        return str(asked) if asked and any(one.covers(asked) for one in servers) else None


def cds_clients_of(settings: Settings) -> tuple[CdsClient, ...]:
    """Who may call CDS Hooks services; nobody without the setting.

    Raises ``SettingsError``, which names every fault of the file at once.
    """
    if settings.cds_clients is None:
        return ()
    path = settings.cds_clients
    faults: list[str] = []
    clients = tuple(_clients(_document(path), path.parent, faults))
    if faults:
        raise SettingsError("\n".join(f"TRIAGE_CDS_CLIENTS: {path}: {fault}" for fault in faults))
    return clients


def fhir_servers_of(settings: Settings) -> FhirServers:
    """The FHIR servers that may be called. Raises ``SettingsError``."""
    return FhirServers(cds_clients_of(settings))


def origins_of(settings: Settings) -> frozenset[str]:
    """The origins whose pages may call CDS Hooks services. Raises ``SettingsError``."""
    return frozenset(origin for client in cds_clients_of(settings) for origin in client.origins)


def check_cds_clients(settings: Settings) -> None:
    """Refuse settings by which nobody's token could be meant for here. Raises ``SettingsError``."""
    clients = cds_clients_of(settings)
    if not clients:
        return
    if any(client.iss == settings.issuer for client in clients):
        raise SettingsError(
            "TRIAGE_CDS_CLIENTS: the iss of a client is TRIAGE_ISSUER, whose tokens are for other"
            " calls; give the iss by which the client signs its own"
        )
    if not settings.public_url and not is_loopback(host_and_port(settings.bind)[0]):
        raise SettingsError(
            "TRIAGE_CDS_CLIENTS needs TRIAGE_PUBLIC_URL, the address callers know: their tokens are"
            " for it; set it, such as to https://triage.example.org"
        )
    if not is_secure(public_url(settings)):
        raise SettingsError(
            f"TRIAGE_PUBLIC_URL: {public_url(settings)} does not begin with https://, and tokens of"
            " CDS clients may not come over an open line"
        )


def _document(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        problem = f"cannot be read: {error.strerror}"
    except tomllib.TOMLDecodeError as error:
        problem = f"is not TOML: {error}"
    except (ValueError, RecursionError) as error:
        problem = f"is not TOML: {type(error).__name__}"
    raise SettingsError(f"TRIAGE_CDS_CLIENTS: {path} {problem}")


def _clients(document: dict[str, Any], folder: Path, faults: list[str]) -> Iterable[CdsClient]:
    tables = document.get(TABLES)
    if set(document) != {TABLES} or not isinstance(tables, list) or not tables:
        faults.append("it must hold tables [[client]] and nothing else; write one for each system")
        return
    firsts: dict[str, int] = {}
    for number, table in enumerate(tables, start=1):
        client = _client(table, folder, number, faults)
        if client is None:
            continue
        first = firsts.setdefault(client.iss, number)
        if first != number:
            faults.append(f"client {number} has the iss of client {first}; make one of the two")
        yield client


def _client(table: Any, folder: Path, number: int, faults: list[str]) -> CdsClient | None:
    try:
        return CdsClient(**read_fields(table, folder))
    except FieldError as error:
        faults += [f"client {number}{problem}" for problem in error.problems]
        return None
