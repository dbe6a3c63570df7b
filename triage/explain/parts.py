"""The parts that reasons are made of: what a referral holds, fact by fact.

An input of the diagram may hold several facts that hang together: PHQ-9 has a total and an item 9.
A part is one of them, so that a reason names the total alone where the total alone matters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, cast

from triage.diagram import Outcome
from triage.diagram.inputs import Input, cuts
from triage.diagram.model import routing_rules
from triage.diagram.space import Space, asked_of
from triage.domain.conditions import Compare
from triage.domain.pseudonymised import Pseudonymised
from triage.domain.vocabulary import Facts, Kind, Term, Value
from triage.rulebook import Rulebook

Classes = int
"""Some of the classes of an input, as bits."""


class Seen(NamedTuple):
    """A referral as a diagram sees it: its facts, the class of each input, and the outcome."""

    referral: Pseudonymised
    facts: Facts
    cell: Sequence[int]
    outcome: Outcome


class Run(NamedTuple):
    """Numbers, ends included, that no rule tells apart, and the classes that hold them."""

    low: int
    high: int
    classes: Classes


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One fact of the input at a depth.

    ``alike`` are, for each class of the input, those that no rule tells from it by this fact; a
    number has ``runs``, lowest first.
    """

    depth: int
    term: Term
    alike: tuple[Classes, ...]
    runs: tuple[Run, ...]

    @property
    def fact(self) -> str:
        """The name of the fact."""
        return self.term.name

    def beside(self, value: Value | None) -> tuple[Sequence[Run], Sequence[Run]]:
        """The runs below a number and those above it, the nearest first; none without a number."""
        if value is None:
            return (), ()
        number = cast("int", value)
        below = [run for run in self.runs if run.high < number]
        return below[::-1], [run for run in self.runs if run.low > number]

    def range_of(self, value: Value | None, classes: Classes) -> tuple[int, int] | None:
        """The numbers around this one, ends included, that fall into some classes of the input."""
        if value is None or not self.runs:
            return None
        (run,) = (run for run in self.runs if run.low <= cast("int", value) <= run.high)
        below, above = (_reached(runs, classes) for runs in self.beside(value))
        return (below[-1].low if below else run.low), (above[-1].high if above else run.high)


def _reached(runs: Sequence[Run], classes: Classes) -> list[Run]:
    """The runs next to one another from the first on that fall into some classes."""
    found = []
    for run in runs:
        if not run.classes or run.classes & ~classes:
            break
        found.append(run)
    return found


def parts_of(rulebook: Rulebook, space: Space) -> tuple[Part, ...]:
    """Every fact by which a rule that routes tells referrals apart, in the order of the space."""
    return tuple(part for part in _parts(rulebook, space) if len(set(part.alike)) > 1)


def _parts(rulebook: Rulebook, space: Space) -> Iterator[Part]:
    asked, terms = asked_of(routing_rules(rulebook)), rulebook.vocabulary.terms
    for depth, one in enumerate(space.inputs):
        for fact in one.facts:
            if fact in asked:
                yield _part(depth, one, terms[fact], asked[fact])


def _part(depth: int, one: Input, term: Term, asked: Sequence[Compare]) -> Part:
    told = [_told_apart(each.facts.get(term.name), asked) for each in one.classes]
    alike = {each: sum(1 << at for at, other in enumerate(told) if other == each) for each in told}
    starts = cuts(term, asked) if term.kind is Kind.NUMBER else []
    ends = [*(start - 1 for start in starts[1:]), term.high]
    runs = (
        Run(start, end, alike.get(_told_apart(start, asked), 0))
        for start, end in zip(starts, ends, strict=bool(starts))
    )
    return Part(depth, term, tuple(alike[each] for each in told), tuple(runs))


def _told_apart(value: Value | None, asked: Sequence[Compare]) -> tuple[bool, ...] | None:
    """What each comparison says of a value; where none is known, nothing."""
    return None if value is None else tuple(one.holds_of(value) for one in asked)
