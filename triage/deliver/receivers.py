"""How each organisation that refers is told: the file that TRIAGE_RECEIVERS names.

::

    [default]                                   # everybody who is not named below
    letters = true

    [C86001]                                    # by ODS code
    message = "https://gp.example.nhs.uk/fhir/$process-message"

    [B81010]
    webhook = "https://referrals.example.org/triage"
    secret_file = "b81010.secret"               # beside this file, read by its owner alone

Without the file, or without a default in it, everybody else gets a letter.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from triage.addresses import is_secure
from triage.config import Settings
from triage.errors import SettingsError
from triage.nearest import nearest
from triage.store.deliveries import Channel
from triage.store.key_files import read_key_file

DEFAULT = "default"

SHORTEST_SECRET = 32
"""The fewest bytes of a shared secret."""

_ODS_CODE = re.compile(r"[A-Z0-9]{3,12}")


@dataclass(frozen=True, slots=True)
class Receiver:
    """How one organisation is told: letters need no ``address``, a webhook a ``secret_file``."""

    channel: Channel
    address: str | None = None
    secret_file: Path | None = None

    @property
    def host(self) -> str | None:
        """The host and port of its address; None for letters."""
        return urlsplit(self.address).netloc.lower() if self.address else None

    def secret(self) -> bytes:
        """The secret shared with it, read anew each time, so that it can be changed at any time.

        White space at its ends does not count. Raises ``SettingsError``.
        """
        path = self.secret_file
        if path is None or not path.is_file():
            raise SettingsError(f"there is no file {path} with the secret of a webhook")
        found = read_key_file(path).strip()
        if len(found) < SHORTEST_SECRET:
            raise SettingsError(
                f"the secret in {path} has fewer than {SHORTEST_SECRET} characters; make one with"
                " openssl rand -hex 32"
            )
        return found


BY_LETTER = Receiver(Channel.LETTER)


class Receivers:
    """How everybody is told, by ODS code."""

    def __init__(self, by_code: Mapping[str, Receiver]) -> None:
        self._by_code = by_code
        self._default = by_code.get(DEFAULT, BY_LETTER)
        codes = defaultdict[str, set[str]](set)
        for code, one in by_code.items():
            if one.host:
                codes[one.host].add(code)
        self._codes = {host: frozenset(found) for host, found in codes.items()}

    def receiver(self, ods_code: str | None) -> Receiver:
        """How an organisation is told, or somebody of whom no code is known."""
        return self._by_code.get((ods_code or "").upper(), self._default)

    def host(self, ods_code: str | None) -> str | None:
        """The host and port at which an organisation is told; None where it is told by letter."""
        return self.receiver(ods_code).host

    def codes_by_host(self) -> Mapping[str, frozenset[str]]:
        """Who is told at each host: ODS codes, and ``DEFAULT`` for everybody not named."""
        return self._codes

    def named(self) -> frozenset[str]:
        """The ODS codes that have a receiver of their own."""
        return frozenset(self._by_code) - {DEFAULT}

    def channel_for(self, ods_code: str | None) -> str:
        """The channel by which an organisation is told."""
        return self.receiver(ods_code).channel.value

    def check_secrets(self) -> None:
        """Raises ``SettingsError`` where the secret of a webhook cannot be read."""
        for one in self._by_code.values():
            if one.secret_file is not None:
                one.secret()


def receivers_of(settings: Settings) -> Receivers:
    """How everybody is told, as settings say. No secret is read.

    Raises ``SettingsError``, which names every fault of the file at once.
    """
    path = settings.receivers
    if path is None:
        return Receivers({})
    found = {code: _receiver(table, path.parent) for code, table in _tables(path).items()}
    faults = [
        f"TRIAGE_RECEIVERS: {path}: [{code}] {fault}"
        for code, one in found.items()
        for fault in (*_wrong_with_code(code), *([one] if isinstance(one, str) else []))
    ]
    if faults:
        raise SettingsError("\n".join(faults))
    return Receivers({code: one for code, one in found.items() if isinstance(one, Receiver)})


def _tables(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"TRIAGE_RECEIVERS: {path} cannot be read: {error.strerror}") from None
    except ValueError as error:  # of UTF-8 too
        raise SettingsError(f"TRIAGE_RECEIVERS: {path} is not TOML: {error}") from None


def _wrong_with_code(code: str) -> Iterator[str]:
    if code != DEFAULT and not _ODS_CODE.fullmatch(code):
        yield f"is not an ODS code, which has capitals and digits alone, nor {DEFAULT}"


def _receiver(table: Any, folder: Path) -> Receiver | str:
    """A receiver as its table says, or what is wrong with that."""
    if not isinstance(table, dict):
        return "is no table; write [CODE], and below it how that organisation is told"
    for name in table:
        if name not in _NAMES:
            return f"{name} is not known here; {nearest(name, _NAMES)}"
    ways = [name for name in _WAYS if name in table]
    if len(ways) != 1:
        return f"needs exactly one of {', '.join(_WAYS)}"
    return _WAYS[ways[0]](table, folder)


def _by_message(table: Mapping[str, Any], _folder: Path) -> Receiver | str:
    if "secret_file" in table:
        return "secret_file is for a webhook alone"
    return _addressed(Channel.MESSAGE, table["message"])


def _by_webhook(table: Mapping[str, Any], folder: Path) -> Receiver | str:
    secret = table.get("secret_file")
    if not isinstance(secret, str) or not secret:
        return "a webhook needs a secret_file: the path of the file with the secret shared with it"
    return _addressed(Channel.WEBHOOK, table["webhook"], folder / Path(secret).expanduser())


def _by_letter(table: Mapping[str, Any], _folder: Path) -> Receiver | str:
    if table["letters"] is not True:
        return "letters can only be true"
    return "secret_file is for a webhook alone" if "secret_file" in table else BY_LETTER


def _addressed(channel: Channel, address: Any, secret_file: Path | None = None) -> Receiver | str:
    if not isinstance(address, str) or not is_secure(address) or "@" in address or "#" in address:
        return (
            f"{channel} must be an address that begins with https://, without a user and without #"
            " (http:// only for this very machine)"
        )
    return Receiver(channel, address, secret_file)


_WAYS: Mapping[str, Callable[[Mapping[str, Any], Path], Receiver | str]] = {
    "message": _by_message,
    "webhook": _by_webhook,
    "letters": _by_letter,
}

_NAMES = (*_WAYS, "secret_file")
