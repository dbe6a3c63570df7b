"""What a pack notices: of all slips of the hand in the rules, those that break one of its tests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

from schemas.referral import ReferralReader
from triage.decide import Decider
from triage.diagram import Diagram
from triage.diagram.portions import MOMENT
from triage.domain.referral import Referral
from triage.errors import EngineError
from triage.rulebook import Rulebook
from triage.verify.difference import difference
from triage.verify.mutants import Mutant, loaded
from triage.verify.packs.expected import expected_of
from triage.verify.packs.pack import Pack, Test
from triage.verify.packs.writing import Watcher


@dataclass(frozen=True, slots=True)
class Score:
    """How many mutants were refused when they were read, and how many a test killed.

    Of the others, ``equivalent`` ones decide every referral alike; ``survived`` are those that
    decide one otherwise, which no test noticed.
    """

    refused: int
    killed: int
    equivalent: tuple[Mutant, ...]
    survived: tuple[Mutant, ...]

    @property
    def share(self) -> float:
        """The killed among all that could be, from 0 to 1; 1 where there is nothing to kill."""
        could_be = self.killed + len(self.survived)
        return self.killed / could_be if could_be else 1.0


def score(
    rulebook: Rulebook,
    pack: Pack,
    mutants: Sequence[Mutant],
    watcher: Watcher = lambda _done, _of: None,
) -> Score:
    """What becomes of the mutants of a rulebook under its pack, through the live engine.

    Those that no test kills are compared with the rulebook over every referral there can be.
    """
    trial = _Trial(rulebook, pack)
    refused = killed = 0
    equivalent: list[Mutant] = []
    survived: list[Mutant] = []
    for done, mutant in enumerate(mutants, 1):
        changed = loaded(mutant)
        if changed is None:
            refused += 1
        elif trial.kills(changed, mutant.rule):
            killed += 1
        else:
            alike = difference(rulebook, changed).empty
            (equivalent if alike else survived).append(mutant)
        watcher(done, len(mutants))
    return Score(refused, killed, tuple(equivalent), tuple(survived))


class _Trial:
    """Runs the tests of a pack against one rulebook after another, until one breaks.

    The engine of each is held against the diagram of the rulebook that the pack is of, which need
    not be built again: the tests agree with it, so where the two differ a test breaks anyhow.
    """

    def __init__(self, rulebook: Rulebook, pack: Pack) -> None:
        reader = ReferralReader(rulebook.vocabulary)
        self._diagram = Diagram.of(rulebook)
        self._tests = [(test, reader.read(test.referral, MOMENT)) for test in pack.tests]

    def kills(self, changed: Rulebook, rule: str | None) -> bool:
        """Does a test break? Those that are there for the changed rule are run first."""
        try:
            decider = Decider(changed, self._diagram)
        except EngineError:
            return True
        with closing(decider):
            return any(_breaks(test, referral, decider) for test, referral in self._first(rule))

    def _first(self, rule: str | None) -> Iterator[tuple[Test, Referral]]:
        yield from (each for each in self._tests if rule in each[0].rules)
        yield from (each for each in self._tests if rule not in each[0].rules)


def _breaks(test: Test, referral: Referral, decider: Decider) -> bool:
    try:
        return expected_of(decider.decide(referral)) != test.expected
    except (EngineError, LookupError):  # rules that cannot decide are noticed, too
        return True
