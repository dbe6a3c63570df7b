"""The keys of the issuer, as they are now."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from triage.access.files import FileReader
from triage.access.keys import Key, KeySet, read_key_set
from triage.access.published import IssuerError
from triage.access.refusals import ISSUER_AWAY, AccessError
from triage.logs import logger

LOG = logger("triage.access")

FETCH_AGAIN_SECONDS = 60
"""How soon keys may be fetched again for a token that names one unknown."""

TRY_AGAIN_SECONDS = 5
"""How soon they may be fetched again where none were had yet."""

GROW_OLD_SECONDS = 3600
"""After how long keys are fetched again in any case, for the issuer may have taken one back."""


class FetchedKeys:
    """Keys that are fetched when they are first needed, and the last good ones kept.

    A new key is found without a restart: a token that names one not known has them fetched again,
    though not often. While the issuer is away, those that were fetched before still count.
    """

    def __init__(self, fetch: Callable[[], KeySet], clock: Callable[[], float] = monotonic) -> None:
        self._fetch, self._clock = fetch, clock
        self._lock = threading.Lock()
        self._keys: KeySet | None = None
        self._had = self._tried = -float("inf")

    def find(self, kid: str | None, algorithm: str) -> Key | None:
        """The key of that id, if it fits. Raises ``AccessError`` where no keys were ever had."""
        found = self._keys.find(kid, algorithm) if self._keys else None
        if found is None:
            with self._lock:
                self._renew()
        elif self._clock() - self._had > GROW_OLD_SECONDS and self._lock.acquire(blocking=False):
            try:
                self._renew()
            finally:
                self._lock.release()
        if self._keys is None:
            raise AccessError(ISSUER_AWAY, "no keys of the issuer")
        return self._keys.find(kid, algorithm)

    def _renew(self) -> None:
        now = self._clock()
        if now - self._tried < (FETCH_AGAIN_SECONDS if self._keys else TRY_AGAIN_SECONDS):
            return
        self._tried = now
        try:
            self._keys = self._fetch()
            self._had = now
        except IssuerError as error:
            LOG.warning("issuer_away", why=str(error))


class FileKeys:
    """Keys in a file, read again when it changes; one that cannot be read changes nothing."""

    def __init__(self, path: Path) -> None:
        self._file = FileReader(path, _in_file)
        self._keys: KeySet | None = None

    def find(self, kid: str | None, algorithm: str) -> Key | None:
        """The key of that id, if it fits. Raises ``AccessError`` where no keys were ever had."""
        try:
            self._keys = self._file.content()
        except (OSError, ValueError, RecursionError) as error:
            LOG.warning("issuer_away", why=type(error).__name__)
        if self._keys is None:
            raise AccessError(ISSUER_AWAY, "no keys of the issuer")
        return self._keys.find(kid, algorithm)


def _in_file(path: Path) -> KeySet:
    return read_key_set(json.loads(path.read_bytes()))
