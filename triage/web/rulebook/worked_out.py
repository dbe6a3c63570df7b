"""What takes longer than a page may: worked out by a thread at first sight, and kept."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from triage.errors import TriageError
from triage.jobs import UNFORESEEN
from triage.logs import logger, of_error
from triage.verify.check import Watcher

Key = TypeVar("Key", bound=Hashable)
Found = TypeVar("Found")

PATIENCE_SECONDS = 2.0
"""How long a page waits for what may be found at once."""

KEPT = 8
"""How much of what was worked out is kept, the newest."""

LOG = logger("triage.web.rulebook")


class Working(Generic[Found]):
    """Something that is worked out: how far it is, what was found, or what went wrong.

    ``done`` of ``of``; both are nought while nobody knows.
    """

    def __init__(self) -> None:
        self.done = self.of = 0
        self.found: Found | None = None
        self.problem: str | None = None
        self.over = threading.Event()

    def watch(self, done: int, of: int) -> None:
        """So much is done."""
        self.done, self.of = done, of


class WorkedOut(Generic[Key, Found]):
    """What is worked out, by what it is worked out of. Safe for many threads."""

    def __init__(self, work: Callable[[Key, Watcher], Found]) -> None:
        self._work = work
        self._kept: dict[Key, Working[Found]] = {}
        self._lock = threading.Lock()

    def of(self, key: Key) -> Working[Found]:
        """What is known by now. What went wrong is tried again the next time somebody asks."""
        working = self._begun(key)
        working.over.wait(PATIENCE_SECONDS)
        if working.problem:
            with self._lock:
                self._kept.pop(key, None)
        return working

    def _begun(self, key: Key) -> Working[Found]:
        with self._lock:
            known = self._kept.get(key)
            if known is not None:
                return known
            working = self._kept[key] = Working[Found]()
            for oldest in list(self._kept)[:-KEPT]:
                del self._kept[oldest]
        threading.Thread(target=self._to_the_end, args=(key, working), daemon=True).start()
        return working

    def _to_the_end(self, key: Key, working: Working[Found]) -> None:
        try:
            working.found = self._work(key, working.watch)
        except TriageError as error:
            working.problem = str(error)
        except Exception as error:  # noqa: BLE001 (whoever waits must hear that it ended)
            LOG.error("unforeseen_error", **of_error(error))  # noqa: TRY400 (no traceback)
            working.problem = UNFORESEEN
        finally:
            working.over.set()
