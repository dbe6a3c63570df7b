"""How often one caller may call, counted together for all workers.

A caller may make so many calls at once, and then one whenever the next is due: with 600 a minute,
ten a second for ever. Calls that wait for nobody, such as ``/healthz``, have no limit, and neither
has somebody at work on the machine itself.

Of each caller only one number is kept, in memory that the workers share: when all calls so far will
have been due. Nothing waits for anything, so of two calls in the same microsecond one may go
uncounted; and two callers of a hundred thousand may have to share a place.
"""

from __future__ import annotations

import math
import mmap
import re
import time
from collections.abc import Hashable, Mapping

from flask import Flask, request
from werkzeug.exceptions import TooManyRequests

from triage.access.calling import CALLER
from triage.access.here import comes_from_here
from triage.config import Settings
from triage.domain.caller import Caller, Role
from triage.errors import SettingsError

UNLIMITED = frozenset(
    {"assets.file", "operations.healthz", "operations.readyz", "operations.metrics"}
)
"""The endpoints that are always answered: the files of pages, and how the service is."""

PLACES = 1 << 17
"""How many callers can be told apart."""

SECOND = 1_000_000_000
"""In nanoseconds."""

PERIODS: Mapping[str, int] = {
    "second": SECOND,
    "minute": 60 * SECOND,
    "hour": 3600 * SECOND,
    "day": 86_400 * SECOND,
}

_WRITTEN = re.compile(r"([1-9][0-9]{0,8})/(second|minute|hour|day)")


class Limit:
    """So many calls in a period, for each caller. Shared by the processes forked after it is made.

    Raises ``SettingsError`` where it is not written as ``600/minute``.
    """

    def __init__(self, written: str) -> None:
        found = _WRITTEN.fullmatch(written)
        if not found:
            raise SettingsError(
                f"TRIAGE_RATE_LIMIT: {written} is not a limit; write it as 600/minute, with"
                f" one of {', '.join(PERIODS)}"
            )
        self._period = PERIODS[found[2]]
        self._interval = max(self._period // int(found[1]), 1)
        self._due = memoryview(mmap.mmap(-1, PLACES * 8)).cast("Q")

    def wait(self, who: Hashable, now: int) -> int:
        """Count a call, or say how long to wait before it. In nanoseconds; 0 is not at all."""
        place = hash(who) % PLACES
        due = max(self._due[place], now) + self._interval
        if due - now > self._period:
            return due - now - self._period
        self._due[place] = due
        return 0


def register(app: Flask, settings: Settings) -> None:
    """Refuse callers who call too often. Called after ``guard``: who calls must be known by then.

    Raises ``SettingsError`` where the limit is not written as one.
    """
    limit = Limit(settings.rate_limit)

    @app.before_request
    def _check() -> None:
        caller: Caller | None = request.environ.get(CALLER)
        if request.endpoint in UNLIMITED or _is_at_home(caller):
            return
        who = (caller.client, caller.subject) if caller else request.environ.get("REMOTE_ADDR")
        if wait := limit.wait(who, time.monotonic_ns()):
            raise TooManyRequests(retry_after=math.ceil(wait / SECOND))


def _is_at_home(caller: Caller | None) -> bool:
    """Is this somebody at work on the machine itself?"""
    return caller.role is Role.DEVELOPER if caller else comes_from_here(request.environ)
