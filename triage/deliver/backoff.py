"""When to try again: sooner at first, then ever more seldom, and given up after about three days.

Each wait is drawn between nothing and twice as much as could be drawn before, so that what failed
together does not come back together (exponential backoff with full jitter).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from random import random


@dataclass(frozen=True, slots=True)
class Backoff:
    """The waits, in seconds: the first is at most ``first``, and none is more than ``longest``.

    After so many ``attempts`` nothing more is tried.
    """

    first: float = 60
    longest: float = 6 * 60 * 60
    attempts: int = 32
    draw: Callable[[], float] = random

    def wait(self, attempt: int, asked: float = 0) -> timedelta:
        """How long to wait after an attempt, counted from 1.

        A receiver that asks to be left alone for longer is, within ``longest``.
        """
        doubled = self.first * 2 ** min(attempt - 1, _ENOUGH)
        drawn = self.draw() * min(doubled, self.longest)
        return timedelta(seconds=max(drawn, min(asked, self.longest)))


_ENOUGH = 30
"""Doubled so often, any wait is longer than the longest."""
