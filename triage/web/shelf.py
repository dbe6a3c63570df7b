"""The rulebooks at hand: the one in force, and every one that the log keeps, read once."""

from __future__ import annotations

from functools import lru_cache

from triage.errors import LogError
from triage.replay import KEPT_READY, rulebook_in
from triage.rulebook import Rulebook
from triage.store.log import DecisionLog


class Shelf:
    """Rulebooks by their digests; ``in_force`` is that by which the service decides now.

    Safe for many threads.
    """

    def __init__(self, log: DecisionLog, in_force: Rulebook) -> None:
        self.in_force = in_force
        self._kept = lru_cache(KEPT_READY)(lambda digest: rulebook_in(log, digest))

    def find(self, digest: str) -> Rulebook | None:
        """A rulebook; None where nobody ever decided by it, or signed it.

        The one in force is at hand, whatever was done to the copy of it in the log. Raises
        ``LogError`` where what the log keeps is not what it was.
        """
        return self.in_force if digest == self.in_force.stamp.digest else self._kept(digest)

    def of_decision(self, digest: str) -> Rulebook:
        """The rulebook that a decision names. Raises ``LogError`` also where there is none."""
        found = self.find(digest)
        if found is None:
            raise LogError(f"the rulebook {digest} is not in the log")
        return found
