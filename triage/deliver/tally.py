"""What a worker has done until now, and whoever watches it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock


@dataclass(slots=True)
class Tally:
    """How many deliveries ended in which way: ``delivered``, ``failed``, ``given_up``, ``dropped``.

    One that failed is tried again.
    """

    _counts: Counter[str] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock)

    def add(self, ending: str) -> None:
        """One more ended so."""
        with self._lock:
            self._counts[ending] += 1

    def __getitem__(self, ending: str) -> int:
        return self._counts[ending]


Watcher = Callable[[Tally, int, int], object]
"""Told now and then what was done, how many wait, and how many were given up until now."""


def nobody_watches(_tally: Tally, _waiting: int, _dead: int) -> None:
    """The watcher of a worker that nobody watches."""
