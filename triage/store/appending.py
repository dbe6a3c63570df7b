"""Appends entries: many at a time in one commit, so that they share what durability costs.

Each process has one thread that writes. It waits its turn, takes everything that was handed to it
until then, and commits it as one: entries, tree, rulebooks, identities and a signed head. Whoever
handed something in waits until that commit is durable.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future, InvalidStateError
from concurrent.futures import TimeoutError as TookTooLong
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from time import perf_counter

from triage.errors import LogUnavailableError
from triage.store.batch import Batch, Result
from triage.store.database import Database
from triage.store.entries import Entry, NewEntry
from triage.store.keys import SigningKey

MOST_AT_ONCE = 256
"""The most entries of one commit."""

MOST_WAITING = 4096
"""So many waiting entries, and no more are taken: better an answer now than one too late."""

PATIENCE_SECONDS = 15
"""How long somebody waits for an entry to be durable before being told that it may not be."""

STUCK_SECONDS = 5
"""A commit that takes longer than this is stuck: who comes then is told so at once."""

Watcher = Callable[[float, int, int], None]
"""Told of each commit before those who wait for it are: seconds it took, entries it held, and the
size of the log after it."""


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
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._thread = threading.Thread()
        self._batch = Batch(origin, key)
        self._began = 0.0
        self.watcher: Watcher = lambda _seconds, _entries, _size: None

    def append(self, new: NewEntry) -> Entry:
        """Record something; the entry, once it is durable.

        What was sent before under the same key gives the entry it gave then. Raises
        ``ConflictError`` where the key was used for something else, ``LogUnavailableError`` where
        the entry may not be durable, and whatever ``new.guard`` raises.
        """
        if self._pid != os.getpid():
            self._start()
        began = self._began
        if began and perf_counter() - began > STUCK_SECONDS:
            raise LogUnavailableError("entries before this one could not be recorded in time")
        if self._queue.qsize() >= MOST_WAITING:
            raise LogUnavailableError("too many entries wait to be recorded")
        waiting = _Waiting(new)
        self._queue.put(waiting)
        try:
            return waiting.done.result(PATIENCE_SECONDS)
        except (TookTooLong, CancelledError):
            waiting.done.cancel()
            raise LogUnavailableError("an entry could not be recorded in time") from None

    def close(self) -> None:
        """Finish what was handed in. The thread that writes ends, and starts again when needed."""
        with self._starting:
            if self._pid == os.getpid():
                self._queue.put(None)
                self._thread.join(PATIENCE_SECONDS)
                self._pid = 0

    def _start(self) -> None:
        """Start the thread that writes, once in each process."""
        with self._starting:
            if self._pid != os.getpid():
                self._queue, self._began = SimpleQueue(), 0.0
                self._batch = Batch(self._origin, self._key)
                self._thread = threading.Thread(
                    target=self._write, name="decision-log", daemon=True
                )
                self._thread.start()
                self._pid = os.getpid()

    def _write(self) -> None:
        while first := self._queue.get():
            self._commit([first], MOST_AT_ONCE - 1)

    def _commit(self, taken: list[_Waiting], more: int) -> None:
        """Commit what was taken, and up to so many more that wait once it is our turn."""
        self._began = began = perf_counter()
        try:
            with self._database.write() as connection:
                taken += self._waiting(more)
                taken = [one for one in taken if _is_wanted(one)]
                found = self._batch.append(connection, [one.new for one in taken])
        except BaseException as error:  # noqa: BLE001 (told to those who wait; the thread goes on)
            self._batch = Batch(self._origin, self._key)
            self._not_committed(taken, error)
        else:
            with suppress(Exception):  # whoever watches cannot keep an answer from anybody
                self.watcher(perf_counter() - began, self._batch.appended, self._batch.size)
            _tell(taken, found)
        finally:
            self._began = 0.0

    def _not_committed(self, taken: list[_Waiting], error: BaseException) -> None:
        """Nothing can be recorded now; or one of many cannot, and the others are not at fault."""
        if isinstance(error, LogUnavailableError):
            _fail([*taken, *self._waiting(MOST_WAITING)], error)
        elif len(taken) == 1:
            _fail(taken, error)
        else:
            for one in taken:
                self._commit([one], 0)

    def _waiting(self, most: int) -> list[_Waiting]:
        """What waits now, without waiting for more."""
        found: list[_Waiting] = []
        while len(found) < most:
            try:
                one = self._queue.get_nowait()
            except Empty:
                break
            if one is None:
                self._queue.put(None)
                break
            found.append(one)
        return found


def _is_wanted(one: _Waiting) -> bool:
    """Does whoever handed it in still wait? From now on they can no longer call it off."""
    return one.done.running() or one.done.set_running_or_notify_cancel()


def _tell(taken: Sequence[_Waiting], found: Sequence[Result]) -> None:
    for one, result in zip(taken, found, strict=True):
        if isinstance(result, Entry):
            one.done.set_result(result)
        else:
            one.done.set_exception(result)


def _fail(taken: Sequence[_Waiting], error: BaseException) -> None:
    for one in taken:
        with suppress(InvalidStateError):  # they gave up waiting
            one.done.set_exception(error)
