"""Work that takes longer than a request may: done by a thread, watched from any process."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from triage.domain.caller import Caller
from triage.errors import LogUnavailableError, TriageError
from triage.logs import logger, of_error
from triage.store.jobs import Job, Jobs

Progress = Callable[[int, int], None]
"""Told how much is done, of how much. As often as one likes: it waits for nothing."""

Work = Callable[[Progress], Mapping[str, Any]]
"""Does something, and gives what came out, as JSON."""

EVERY_SECONDS = 1.0
"""How often others are told how far it is, at most."""

LONGEST_SILENCE = 15
"""After so many times without progress it is said all the same that the work goes on."""

UNFORESEEN = "something went wrong that nobody foresaw; those who run the service can see what"

LOG = logger("triage.jobs")


def run(jobs: Jobs, kind: str, asked: Mapping[str, Any], by: Caller, work: Work) -> Job:
    """Begin some work, and give it as it is kept; it goes on when this has returned.

    It ends with the process. Raises ``LogUnavailableError``: then nothing was begun.
    """
    job = jobs.begin(kind, asked, by)
    running = _Running(jobs, job.id, work)
    threading.Thread(target=running.to_the_end, name=f"job {job.id}", daemon=True).start()
    return job


class _Running:
    """Some work, while it is done."""

    def __init__(self, jobs: Jobs, id_: str, work: Work) -> None:
        self._jobs, self._id, self._work = jobs, id_, work
        self._at = (0, 0)
        self._over = threading.Event()
        self._pulse = threading.Thread(target=self._beat, name=f"beat {id_}", daemon=True)

    def to_the_end(self) -> None:
        """Do the work, and keep what came of it."""
        self._pulse.start()
        try:
            result = self._work(self._progress)
            self._stop()
            self._jobs.finish(self._id, result)
        except TriageError as error:
            self._fail(str(error))
        except Exception as error:  # noqa: BLE001 (whoever asked must hear that it ended)
            LOG.error("unforeseen_error", **of_error(error))  # noqa: TRY400 (no traceback)
            self._fail(UNFORESEEN)
        finally:
            self._stop()

    def _progress(self, done: int, total: int) -> None:
        self._at = (done, total)

    def _stop(self) -> None:
        self._over.set()
        self._pulse.join()

    def _fail(self, problem: str) -> None:
        """Say that it failed; where even that cannot be kept, it is broken off before long."""
        self._stop()
        with suppress(LogUnavailableError):
            self._jobs.fail(self._id, problem)

    def _beat(self) -> None:
        """Tell how far it is, until it is over."""
        told, silent = self._at, 0
        while not self._over.wait(EVERY_SECONDS):
            at, silent = self._at, silent + 1
            if at != told or silent >= LONGEST_SILENCE:
                with suppress(LogUnavailableError):
                    self._jobs.beat(self._id, *at)
                told, silent = at, 0
