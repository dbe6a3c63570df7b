"""What one input of a referral could be instead, and which answers would have to be otherwise.

What nobody can change stays as it is: who a person is and what has happened (``fixed`` in the
vocabulary), how they came here, and what they declined. So does a clinician's rating: it is a
judgement, and nobody is told which judgement would open another route. An answer that was given is
never taken back. No scores are suggested that cannot stand beside one another; where those that
were given cannot, they have to be asked again before anything is said of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple, cast

from triage.diagram.inputs import Input, Portion
from triage.domain.questionnaires import item_nine
from triage.domain.vocabulary import Facts, Kind, Term, Value, Vocabulary

Changed = Mapping[str, Value]
"""The answers that would be otherwise, with what they would be."""

ONE = 1_000
"""What changing an answer costs; less than it decides between ways that change equally many."""

PHQ9, ITEM9, IMPOSSIBLE = "phq9_total", "phq9_item9", "phq9_impossible"
"""Two scores, and the fact that they cannot stand beside one another."""


@dataclass(frozen=True, slots=True)
class Here:
    """The referral that is moved from; ``later`` is how long after the diagram's day it came in."""

    facts: Facts
    declined: frozenset[str]
    later: timedelta


class Move(NamedTuple):
    """To a class of an input: what changes, and what that costs."""

    place: int
    changed: Changed
    cost: int


class Step(NamedTuple):
    """A move by one portion of a class: how many answers change, and how far."""

    many: int
    far: int
    place: int
    changed: Changed


class Movable:
    """One input, with the classes that it could be of if answers were otherwise."""

    def __init__(self, one: Input, vocabulary: Vocabulary) -> None:
        self._has_item9 = ITEM9 in one.facts
        self._terms = dict(_terms(one, vocabulary))
        self._classes = tuple(
            (place, tuple(portion for portion in each.portions if self._is_plain(portion)))
            for place, each in enumerate(one.classes)
            if not any(_is_fixed(fact, vocabulary) for fact in one.facts)
        )

    def moves(self, own: int, here: Here) -> Iterator[Move]:
        """Every move from the own class; of those that change equally many, the nearest first."""
        if self._has_item9 and here.facts.get(IMPOSSIBLE):
            return
        ways = (
            [step for portion in portions if (step := self._step(place, portion, here))]
            for place, portions in self._classes
            if place != own
        )
        nearest = [min(steps, key=_distance) for steps in ways if steps]
        for rank, step in enumerate(sorted(nearest, key=_distance)):
            yield Move(step.place, step.changed, step.many * ONE + rank)

    def _is_plain(self, portion: Portion) -> bool:
        """Does it hold plain answers, each as it is given, that can stand beside one another?"""
        given = {path.removeprefix("answers."): value for path, value in portion.given.items()}
        plain = all(
            name in self._terms and portion.facts.get(name) == value
            for name, value in given.items()
        )
        item9, total = (cast("int | None", portion.facts.get(name)) for name in (ITEM9, PHQ9))
        return plain and not item_nine(None, item9, total).impossible

    def _step(self, place: int, portion: Portion, here: Here) -> Step | None:
        """How the answers come into a portion; None where they must not."""
        changed: dict[str, Value] = {}
        far = 0
        for name, term in self._terms.items():
            own, wanted = here.facts.get(name), _nearest(name, portion, here)
            if wanted != own:
                if wanted is None or name in here.declined:
                    return None
                changed[name] = wanted
                far += _far(term, own, wanted)
        return Step(len(changed), far, place, changed) if changed else None


def _terms(one: Input, vocabulary: Vocabulary) -> Iterator[tuple[str, Term]]:
    """The answers that an input is made of; of a questionnaire its scores, not its items."""
    for name in one.facts:
        answer = vocabulary.answers.get(name)
        if answer and answer.term.kind is not Kind.ITEMS:
            yield name, answer.term


def _is_fixed(fact: str, vocabulary: Vocabulary) -> bool:
    known = (vocabulary.answers.get(fact), vocabulary.derived.get(fact))
    return any(one.fixed for one in known if one)


def _distance(step: Step) -> tuple[int, int, int]:
    return step.many, step.far, step.place


def _nearest(name: str, portion: Portion, here: Here) -> Value | None:
    """The value that a portion has of an answer; of several numbers, the nearest to the own."""
    value, own = portion.facts.get(name), here.facts.get(name)
    if isinstance(value, date):
        return value + here.later
    if portion.cells > 1 and isinstance(value, int) and isinstance(own, int):
        return min(max(own, value), value + portion.cells - 1)
    return value


def _far(term: Term, own: Value | None, wanted: Value) -> int:
    """How far a value is from the own, or where nothing is known from the lowest or first."""
    if isinstance(wanted, str) and term.kind is Kind.CHOICE:
        return abs(term.choices.index(wanted) - (term.choices.index(str(own)) if own else 0))
    if term.kind is Kind.NUMBER:
        return abs(cast("int", wanted) - cast("int", term.low if own is None else own))
    return 0
