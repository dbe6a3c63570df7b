"""Appends entries: many at a time in one commit, so that they share what durability costs.

Each process has one thread that writes. It waits its turn, takes everything that was handed to it
until then, and commits it as one: entries, tree, rulebooks, identities and a signed head. Whoever
handed something in waits until that commit is durable.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, InvalidStateError
from concurrent.futures import TimeoutError as TookTooLong
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from time import perf_counter

from triage.errors import LogUnavailableError
from triage.store.batch import Batch
from triage.store.database import Database
from triage.store.entries import Entry, NewEntry
from triage.store.keys import SigningKey

MOST_AT_ONCE = 256
"""The most entries of one commit."""

MOST_WAITING = 4096
"""So many waiting entries, and no more are taken: better an answer now than one too late."""

PATIENCE_SECONDS = 15
"""How long somebody waits for an entry to be durable before being told that it may not be."""

Watcher = Callable[[float, int, int], None]
"""Told of each commit: seconds it took, entries it held, and the size of the log after it."""


@dataclass(slots=True)
class _Waiting:
    new: NewEntry
    done: Future[Entry] = field(default_factory=Future)


class Appender:
    """Appends to the log of a database. Safe for many threads, and after a fork."""

    def __init__(self, database: Database, origin: str, key: SigningKey) -> None:
        self._database, self._origin, self._key = database, origin, key
        self._starting = threading.Lock()
        self._pid = 0
        self._queue: SimpleQueue[_Waiting] = SimpleQueue()
        self.watcher: Watcher = lambda _seconds, _entries, _size: None

    def append(self, new: NewEntry) -> Entry:
        """Record something; the entry, once it is durable.

        What was sent before under the same key gives the entry it gave then. Raises
        ``ConflictError`` where the key was used for something else, ``LogUnavailableError`` where
        the entry may not be durable, and whatever ``new.guard`` raises.
        """
        if self._pid != os.getpid():
            self._start()
        if self._queue.qsize() >= MOST_WAITING:
            raise LogUnavailableError("too many entries wait to be recorded")
        waiting = _Waiting(new)
        self._queue.put(waiting)
        try:
            return waiting.done.result(PATIENCE_SECONDS)
        except (TookTooLong, CancelledError):
            waiting.done.cancel()
            raise LogUnavailableError("an entry could not be recorded in time") from None

    def _start(self) -> None:
        """Start the thread that writes, once in each process."""
        with self._starting:
            if self._pid != os.getpid():
                self._queue = SimpleQueue()
                thread = threading.Thread(target=self._write, name="decision-log", daemon=True)
                thread.start()
                self._pid = os.getpid()

    def _write(self) -> None:
        batch = Batch(self._origin, self._key)
        while True:
            taken = [self._queue.get()]
            began = perf_counter()
            try:
                with self._database.write() as connection:
                    taken += self._waiting(MOST_AT_ONCE - 1)
                    taken = [one for one in taken if one.done.set_running_or_notify_cancel()]
                    found = batch.append(connection, [one.new for one in taken])
            except BaseException as error:  # noqa: BLE001 (told to those who wait; the thread goes on)
                batch = Batch(self._origin, self._key)
                _fail(taken, error)
                continue
            self.watcher(perf_counter() - began, batch.appended, batch.size)
            for one, result in zip(taken, found, strict=True):
                if isinstance(result, Entry):
                    one.done.set_result(result)
                else:
                    one.done.set_exception(result)

    def _waiting(self, most: int) -> list[_Waiting]:
        """What waits now, without waiting for more."""
        found: list[_Waiting] = []
        while len(found) < most:
            try:
                found.append(self._queue.get_nowait())
            except Empty:
                break
        return found


def _fail(taken: list[_Waiting], error: BaseException) -> None:
    for one in taken:
        with suppress(InvalidStateError):  # somebody gave up waiting
            one.done.set_exception(error)
