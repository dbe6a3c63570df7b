"""The settings of the service, read once from the environment."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path, user_data_path

from triage.errors import SettingsError
from triage.nearest import nearest

PREFIX = "TRIAGE_"

NAME = "referral-triage"
"""The name of the user's data folder."""

LAST_PORT = 65_535

MOST_COUNT = 256
"""The most processes, and the most threads of each."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How one service runs.

    ======================  ==================  ==============================================
    Setting                 Without it          What it says
    ======================  ==================  ==============================================
    TRIAGE_DATA             the user's folder   Where all that is kept is kept, unless said below.
    TRIAGE_DEMO             no                  ``yes``: a demonstration, with made-up people.
    TRIAGE_RULES            the shipped rules   The directory of the rulebook.
    TRIAGE_CANDIDATES       none                The folder below which rulebooks wait to be tried.
    TRIAGE_DIAGRAMS         in the cache folder Where diagrams of rulebooks are kept once built.
    TRIAGE_BIND             127.0.0.1:8000      Where to listen; port 0 is any free one.
    TRIAGE_WORKERS          2                   Processes; about one for each core.
    TRIAGE_THREADS          8                   Threads of each process.
    TRIAGE_DATABASE_URL     in the data folder  Where decisions are recorded: SQLite or PostgreSQL.
    TRIAGE_KEYS             in the data folder  The folder of the keys; created where missing.
    TRIAGE_RETENTION_YEARS  20                  How long what names a person is kept.
    TRIAGE_AUTH             by where it listens ``required``: a token is asked for on loopback too.
    TRIAGE_ISSUER           nobody              Who issues tokens: the ``iss`` of each, a URL.
    TRIAGE_AUDIENCE         referral-triage     Whom tokens are for: the ``aud`` of each.
    TRIAGE_JWKS             found by issuer     The issuer's keys: a URL or a file.
    TRIAGE_CLIENT_ID        no sign-in          The name by which pages sign people in (OpenID).
    TRIAGE_CLIENT_SECRET    none                The secret of that client, where it has one.
    TRIAGE_RATE_LIMIT       600/minute          How often one caller may call.
    TRIAGE_PUBLIC_URL       where it listens    The address by which callers know the service.
    TRIAGE_CDS_CLIENTS      nobody              A TOML file: who may call CDS Hooks services.
    TRIAGE_RECEIVERS        a letter for all    A TOML file: how each referrer is told.
    TRIAGE_LETTERS          in the data folder  The folder that letters are written to.
    ======================  ==================  ==============================================
    """

    data: Path | None = None
    demo: bool = False
    rules: Path | None = None
    candidates: Path | None = None
    diagrams: Path | None = None
    bind: str = "127.0.0.1:8000"
    workers: int = 2
    threads: int = 8
    database_url: str | None = field(default=None, repr=False)
    keys: Path | None = None
    retention_years: int = 20
    auth: str | None = None
    issuer: str | None = None
    audience: str = "referral-triage"
    jwks: str | None = None
    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    rate_limit: str = "600/minute"
    public_url: str | None = None
    cds_clients: Path | None = None
    receivers: Path | None = None
    letters: Path | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """The settings that an environment asks for.

        Raises ``SettingsError`` for a value that is not right, and for a name under ``TRIAGE_``
        that is not known: a setting that is spelt wrong must not quietly do nothing.
        """
        found: dict[str, Any] = {}
        for name, text in environment.items():
            if name.startswith(PREFIX):
                setting = _setting(name)
                found[setting] = READERS[setting](name, text)
        return cls(**found)


def _setting(name: str) -> str:
    settings = {f"{PREFIX}{setting.upper()}": setting for setting in READERS}
    if name not in settings:
        raise SettingsError(f"{name} is not a setting; {nearest(name, settings)}")
    return settings[name]


def _directory(name: str, text: str) -> Path:
    path = Path(text)
    if not path.is_dir():
        raise SettingsError(f"{name}: there is no directory {text}")
    return path


def _address(name: str, text: str) -> str:
    host_and_port(text, name)
    return text


def host_and_port(bind: str, name: str = "the address to listen at") -> tuple[str, int]:
    """The parts of ``host:port``, an IPv6 host in brackets. Raises ``SettingsError``."""
    host, _, port = bind.rpartition(":")
    if not host or not (port.isascii() and port.isdigit()) or int(port) > LAST_PORT:
        raise SettingsError(f"{name}: {bind} is not an address; write it as 127.0.0.1:8000")
    return host.strip("[]"), int(port)


def _count(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= MOST_COUNT:
        raise SettingsError(f"{name}: {text} is not a number from 1 to {MOST_COUNT}")
    return int(text)


def _text(name: str, text: str) -> str:
    if not text.strip():
        raise SettingsError(f"{name} is empty; give it a value, or do not set it")
    return text.strip()


def _path(name: str, text: str) -> Path:
    return Path(_text(name, text)).expanduser()


def _public(name: str, text: str) -> str:
    """An address without a slash at its end, for paths are put after it."""
    if not _PUBLIC_URL.fullmatch(text):
        raise SettingsError(
            f"{name}: {text} is not an address of a service; write it as https://triage.example.org"
            " or https://example.org/triage, in small letters up to the path, and without a query"
        )
    return text.removesuffix("/")


_PUBLIC_URL = re.compile(
    r"https?://([a-z0-9._-]+|\[[0-9a-f:.]+])(:[1-9][0-9]{0,4})?(/[A-Za-z0-9._~-]+)*/?"
)


def _required(name: str, text: str) -> str:
    if text != "required":
        raise SettingsError(f"{name}: {text} is not known; say required, or do not set it")
    return text


def _yes(name: str, text: str) -> bool:
    if text != "yes":
        raise SettingsError(f"{name}: {text} is not known; say yes, or do not set it")
    return True


READERS: Mapping[str, Callable[[str, str], Any]] = {
    "data": _path,
    "demo": _yes,
    "rules": _directory,
    "candidates": _directory,
    "diagrams": _path,
    "bind": _address,
    "workers": _count,
    "threads": _count,
    "database_url": _text,
    "keys": _path,
    "retention_years": _count,
    "auth": _required,
    "issuer": _text,
    "audience": _text,
    "jwks": _text,
    "client_id": _text,
    "client_secret": _text,
    "rate_limit": _text,
    "public_url": _public,
    "cds_clients": _path,
    "receivers": _path,
    "letters": _path,
}
"""How each setting is read from its text."""


def public_url(settings: Settings) -> str:
    """The address by which callers know the service, without a slash at its end.

    Whoever calls elsewhere than where it listens is told so by TRIAGE_PUBLIC_URL alone: what a
    request says of its host is the caller's word.
    """
    return settings.public_url or f"http://{settings.bind}"


def data_folder(settings: Settings) -> Path:
    """Where the service keeps what is its own, unless settings say otherwise."""
    return settings.data or user_data_path(NAME, appauthor=False)


def diagrams_folder(settings: Settings) -> Path:
    """The folder of the diagrams. What is in it can be built again at any time."""
    return settings.diagrams or user_cache_path(NAME, appauthor=False) / "diagrams"


def keys_folder(settings: Settings) -> Path:
    """The folder of the keys."""
    return settings.keys or data_folder(settings) / "keys"


def letters_folder(settings: Settings) -> Path:
    """The folder that letters are written to, for whoever prints and posts them."""
    return settings.letters or data_folder(settings) / "letters"
