"""Finds recorded decisions of which no index tells whether they fit: each is looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from triage.domain.caller import Caller
from triage.domain.search import LARGEST_LIMIT, Search
from triage.searching.search import note_search
from triage.store.log import DecisionLog
from triage.store.search import Found, Way, find

TURNS = 5
"""How often a hundred decisions are looked at for one page, before it is given as it is."""


@dataclass(frozen=True, slots=True)
class Sieve:
    """What is looked for: what an index finds, and of that what fits.

    ``most`` is how many are kept, ``after`` the number of the entry after which to go on.
    """

    search: Search
    fits: Callable[[Found], bool]
    most: int
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Sifted:
    """What was kept, the newest first; ``after`` is None at the end of the search.

    There may be fewer than asked for, even none, where there is more to come.
    """

    kept: Sequence[Found]
    after: int | None


def sift(log: DecisionLog, sieve: Sieve, by: Caller) -> Sifted:
    """Some of the decisions that fit, for somebody who sees the persons they are about.

    That they look is recorded before anything is given back, with the decisions that they see.
    Raises ``LogUnavailableError``.
    """
    found = _sifted(log, sieve)
    note_search(log, sieve.search, [one.entry.id for one in found.kept], found.after, by)
    return found


def _sifted(log: DecisionLog, sieve: Sieve) -> Sifted:
    kept: list[Found] = []
    place = sieve.after
    for _ in range(TURNS):
        page = find(log, sieve.search, LARGEST_LIMIT, Way(after=place))
        for one in page.found:
            if len(kept) == sieve.most:
                return Sifted(kept, place)
            place = one.entry.sequence
            if sieve.fits(one):
                kept.append(one)
        place = page.after
        if place is None or len(kept) == sieve.most:
            break
    return Sifted(kept, place)
