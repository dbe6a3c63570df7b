"""The settings of the service, read once from the environment."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from triage.errors import SettingsError
from triage.nearest import nearest

PREFIX = "TRIAGE_"

LAST_PORT = 65_535

MOST_COUNT = 256
"""The most processes, and the most threads of each."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How one service runs.

    ===============  ==================  =====================================================
    Setting          Without it          What it says
    ===============  ==================  =====================================================
    TRIAGE_RULES     the shipped rules   The directory of the rulebook.
    TRIAGE_BIND      127.0.0.1:8000      The address and port to listen on; port 0 is any free.
    TRIAGE_WORKERS   2                   Processes; about one for each core.
    TRIAGE_THREADS   8                   Threads of each process.
    ===============  ==================  =====================================================
    """

    rules: Path | None = None
    bind: str = "127.0.0.1:8000"
    workers: int = 2
    threads: int = 8

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


READERS: Mapping[str, Callable[[str, str], Any]] = {
    "rules": _directory,
    "bind": _address,
    "workers": _count,
    "threads": _count,
}
"""How each setting is read from its text."""
