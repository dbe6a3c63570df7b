"""Runs a pack: which of its tests a rulebook no longer keeps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from schemas.referral import ReferralReader
from triage.decide import Decider
from triage.diagram.portions import MOMENT
from triage.errors import EngineError, ReferralError
from triage.verify.packs.expected import differences, expected_of
from triage.verify.packs.pack import Pack, Test
from triage.verify.packs.writing import Watcher


class Broken(NamedTuple):
    """A test that does not hold, and what differs, in words."""

    test: Test
    differs: tuple[str, ...]

    def __str__(self) -> str:
        return "\n    ".join((f"{self.test.id}: {self.test.title}", *self.differs))


def broken(
    pack: Pack, decider: Decider, watcher: Watcher = lambda _done, _of: None
) -> Iterator[Broken]:
    """The tests of a pack that do not hold under a rulebook, in their order."""
    reader = ReferralReader(decider.rulebook.vocabulary)
    for done, test in enumerate(pack.tests, 1):
        differs = tuple(_differs(test, reader, decider))
        if differs:
            yield Broken(test, differs)
        watcher(done, len(pack.tests))


def _differs(test: Test, reader: ReferralReader, decider: Decider) -> Iterator[str]:
    try:
        referral = reader.read(test.referral, MOMENT)
    except ReferralError as error:
        yield f"the referral is refused: {error}"
        return
    try:
        found = expected_of(decider.decide(referral))
    except EngineError as error:
        yield f"no decision: {error}"
        return
    yield from differences(test.expected, found)
