"""Verifies the whole log where it is kept: every entry, and everything that stands beside them.

Nothing is written and no private key is needed. What is claimed of the log is what was looked at:

* The entries are numbered from 1 without a gap, each is what the hash beside it says, and the
  hashes of subtrees are those of the tree.
* Every head has the root of as many entries, and is signed by a key of the log.
* Each entry is found by what it says: its columns, and the rules that fired in it.
* What names a person is what the entry committed to, or was erased by an erasure that is an entry.
* Every rulebook that decided or was signed is kept whole under its digest.
* The log goes on from every head that was held elsewhere.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from typing import Any

from triage.errors import DamagedLogError
from triage.store.checkpoint import SignedHead
from triage.store.database import Database
from triage.store.keys import PersonKey
from triage.store.merkle import root
from triage.store.stretches import STRETCH, Known, Sound, verify_stretch
from triage.store.surroundings import Surroundings, surroundings_of
from triage.store.tree import node_in

FEW = 4
"""Up to so many stretches are verified in this process: others take a second to start."""

Watcher = Callable[[int, int], object]
"""Told how many entries are verified, of how many."""


@dataclass(frozen=True, slots=True)
class HeldHead:
    """A head that somebody kept elsewhere; ``where`` names it for people."""

    head: SignedHead
    where: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What whoever verifies knows from elsewhere than the database.

    Without ``heads`` nobody can tell whether the end of the log was cut off, or all of it was
    written anew with its own key. Without ``vkeys``, the keys as they were published, those that
    the database names are believed. Without the ``person_key`` of this log it is not looked at
    whether people are found by their NHS number.
    """

    heads: Sequence[HeldHead] = ()
    vkeys: Sequence[str] = ()
    person_key: PersonKey | None = None


@dataclass(frozen=True, slots=True)
class Verified:
    """What was proved of a log.

    ``head`` is its newest, None of an empty log; ``erased`` is how many identities were erased;
    ``held`` how many heads from elsewhere it goes on from.
    """

    log: str
    entries: int
    head: SignedHead | None
    heads: int
    erased: int
    rulebooks: int
    held: int
    people_found: bool

    def as_dict(self) -> dict[str, Any]:
        """The same as plain values."""
        return {
            "proved": True,
            "log": self.log,
            "entries": self.entries,
            "head": self.head.as_dict() if self.head else None,
            "heads": self.heads,
            "erased": self.erased,
            "rulebooks": self.rulebooks,
            "held": self.held,
            "people_found": self.people_found,
        }


NOTHING = Elsewhere()


def verify(
    database: Database,
    elsewhere: Elsewhere = NOTHING,
    *,
    watcher: Watcher = lambda _done, _of: None,
    workers: int | None = None,
) -> Verified:
    """Verify the log of a database, as long as it is when this begins.

    ``workers`` is how many processes verify; one for each core unless it is said. Raises
    ``DamagedLogError`` with the first bad entry, ``LogError`` where there is no log, and
    ``LogUnavailableError``.
    """
    about = surroundings_of(database, elsewhere.vkeys)
    key = elsewhere.person_key
    if key is not None and key.check() != about.person_key_check:
        key = None
    identities = _Identities()
    begun = 0
    while True:
        known = Known(about.keys, about.rulebooks, key)
        for sound in _in_order(database, known, _stretches(begun, about.walked), workers):
            identities.take(sound)
            watcher(sound.last, about.walked)
        about.check_the_rest()
        if identities.are_accounted_for():
            break
        begun, before = about.walked - about.walked % STRETCH, about.walked
        about = surroundings_of(database, elsewhere.vkeys)
        if about.walked == before:
            break
    _check_held(database, about, elsewhere.heads)
    identities.check()
    return Verified(
        log=about.keys.origin,
        entries=about.walked,
        head=about.newest,
        heads=about.heads,
        erased=len(identities.gone),
        rulebooks=len(about.rulebooks),
        held=len(elsewhere.heads),
        people_found=key is not None,
    )


@dataclass(slots=True)
class _Identities:
    """Which identities are gone, and which were erased: the same, or somebody took them out.

    Somebody may be erased while the log is verified: then the entry that says so is further on.
    """

    gone: set[int] = field(default_factory=set)
    erased: set[int] = field(default_factory=set)

    def take(self, sound: Sound) -> None:
        """Add what a stretch says."""
        self.gone.update(sound.gone)
        self.erased.update(sound.erased)

    def are_accounted_for(self) -> bool:
        """Was everything that is gone erased, and is everything gone that was?"""
        return self.gone == self.erased

    def check(self) -> None:
        """Raises ``DamagedLogError`` with the first that is not accounted for."""
        first = min(self.gone ^ self.erased, default=0)
        if first in self.gone:
            raise DamagedLogError("what names the person is gone, and was never erased", first)
        if first:
            raise DamagedLogError("what names the person was erased, and is there again", first)


def _stretches(begun: int, size: int) -> list[tuple[int, int]]:
    return [(base + 1, min(base + STRETCH, size)) for base in range(begun, size, STRETCH)]


def _in_order(
    database: Database, known: Known, stretches: list[tuple[int, int]], workers: int | None
) -> Iterator[Sound]:
    verified = partial(verify_stretch, database, known)
    count = workers or os.cpu_count() or 1
    if count == 1 or len(stretches) <= FEW:
        yield from map(verified, stretches)
        return
    spawn = get_context("spawn")
    # What is read holds no circles: to look for them would take a tenth of the time.
    with ProcessPoolExecutor(count, mp_context=spawn, initializer=gc.disable) as pool:
        yield from pool.map(verified, stretches)


def _check_held(database: Database, about: Surroundings, held: Sequence[HeldHead]) -> None:
    """Does the log go on from what it was when somebody kept its heads?"""
    proved = 0
    for one in sorted(held, key=lambda each: each.head.head.size):
        head = one.head.head
        if not about.keys.signed(one.head):
            raise DamagedLogError(
                f"{one.where} is not signed by the key of the log {about.keys.origin}"
            )
        if head.size > about.walked:
            problem = (
                f"truncated: {one.where} covers {head.size} entries, and {about.walked} are here"
            )
            raise DamagedLogError(problem, about.walked + 1, head.size)
        with database.read() as connection:
            found = root(head.size, node_in(connection))
        if found != head.root:
            problem = f"forked: {one.where}, signed at {head.at}, has another history"
            raise DamagedLogError(problem, proved + 1, head.size)
        proved = head.size
