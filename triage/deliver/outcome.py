"""What came of an attempt to tell somebody."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """``failure`` is a word of ours, None where it was delivered.

    ``for_good``: to try again would change nothing. ``wait`` is for how many seconds the receiver
    asks to be left alone.
    """

    failure: str | None = None
    for_good: bool = False
    wait: float = 0


DELIVERED = Outcome()
