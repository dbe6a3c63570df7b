"""What a referral may hold, cut into classes that no rule tells apart.

An input is one thing that is asked or known of a referral. Its values fall into classes: two values
are in one class where every comparison that rules make is true of both or of neither. The first
class of every input is "nothing is known", which is a class of its own and never "no".
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from triage.domain.conditions import Compare
from triage.domain.vocabulary import Facts, Kind, Term, Value

Given = Mapping[str, Any]
"""What a referral holds, by path: ``answers.plan``, ``levels.risk``, ``patient.age``."""


class Portion(NamedTuple):
    """Values that are alike to every rule, or one of them: the facts they amount to.

    ``cells`` are how many values of facts it stands for; ``given`` is what a referral holds for the
    first of them, and ``last`` for the last.
    """

    facts: Facts
    given: Given
    cells: int = 1
    last: Given | None = None

    @property
    def ends(self) -> tuple[Given, ...]:
        """What a referral holds for the first and, where it is another, for the last value."""
        return (self.given,) if self.last is None else (self.given, self.last)


UNKNOWN = Portion({}, {})
"""Nothing is known."""


@dataclass(frozen=True, slots=True)
class Class:
    """Portions that no rule tells apart. ``cells`` are the values of facts in them."""

    portions: tuple[Portion, ...]
    cells: int

    @property
    def facts(self) -> Facts:
        """The facts that the first of the portions amounts to."""
        return self.portions[0].facts

    @property
    def given(self) -> Given:
        """What a referral holds that falls into the class."""
        return self.portions[0].given


@dataclass(frozen=True, slots=True)
class Input:
    """One thing that a referral may hold, with its classes; the first is "nothing is known".

    ``facts`` are what rules may read of it. ``name`` is that of an answer, or a path. Where some of
    its facts are true of another input as well, ``own_facts`` works them out from the answers.
    """

    name: str
    facts: tuple[str, ...]
    classes: tuple[Class, ...]
    place_of: Callable[[Facts], int] = field(repr=False, compare=False)
    """The class that facts fall into. Raises ``KeyError`` where no referral amounts to them."""
    own_facts: Callable[[Facts], Facts] | None = field(default=None, repr=False, compare=False)
    in_full: bool = False
    """Do rules read more of a questionnaire than its scores, so that items show more than these?"""

    def place(self, facts: Facts, answers: Facts) -> int:
        """The class that a referral falls into, by its facts and the answers they come from."""
        if self.own_facts is None:
            return self.place_of(facts)
        return self.place_of({**facts, **self.own_facts(answers)})

    def where(self, test: Callable[[Facts], bool]) -> list[bool]:
        """For each class, whether a test is true of its facts."""
        return [test(each.facts) for each in self.classes]


def input_of(
    name: str, portions: Iterable[Portion], terms: Mapping[str, Term], asked: Iterable[Compare]
) -> Input:
    """The input of these portions, in classes that the comparisons asked of it tell apart."""
    every = list(portions)
    facts = tuple(dict.fromkeys(fact for one in every for fact in one.facts))
    compared = [one for one in dict.fromkeys(asked) if one.fact in facts]
    found: dict[tuple[bool | None, ...], list[Portion]] = {}
    for one in every:
        found.setdefault(_signature(one.facts, compared), []).append(one)
    classes = tuple(Class(tuple(ones), sum(one.cells for one in ones)) for ones in found.values())
    reading = [fact for fact in facts if any(one.fact == fact for one in compared)]
    return Input(name, facts, classes, _finder(reading, terms, compared, tuple(found)))


def _signature(facts: Facts, compared: Sequence[Compare]) -> tuple[bool | None, ...]:
    """What each comparison is of these facts: true, false, or neither where nothing is known."""
    return tuple(
        one.holds(facts) if one.fact in facts or one.operator == "known" else None
        for one in compared
    )


def _finder(
    reading: Sequence[str],
    terms: Mapping[str, Term],
    compared: Sequence[Compare],
    signatures: Sequence[tuple[bool | None, ...]],
) -> Callable[[Facts], int]:
    """Finds the class of a referral's facts: by a table where one plain fact is read."""
    places = {signature: place for place, signature in enumerate(signatures)}
    if not reading:
        return lambda _facts: 0
    if len(reading) == 1 and terms[reading[0]].kind in _TABLES:
        fact = reading[0]
        return _TABLES[terms[fact].kind](fact, terms[fact], compared, places)
    return lambda facts: places[_signature(facts, compared)]


OF_EITHER = ("totals_differ", "scores_prorated", "scores_incomplete")
"""Facts that are true where they are true of PHQ-9 or of GAD-7."""

Places = Mapping[tuple[bool | None, ...], int]


def _by_value(
    fact: str, term: Term, compared: Sequence[Compare], places: Places
) -> Callable[[Facts], int]:
    values: Sequence[Value] = (False, True) if term.kind is Kind.BOOLEAN else term.choices
    table: dict[Value | None, int] = {
        value: places[_signature({fact: value}, compared)]
        for value in values
        if _signature({fact: value}, compared) in places
    }
    table[None] = places[_signature({}, compared)]
    return lambda facts: table[facts.get(fact)]


def _by_number(
    fact: str, term: Term, compared: Sequence[Compare], places: Places
) -> Callable[[Facts], int]:
    starts = cuts(term, compared)
    table = [places[_signature({fact: start}, compared)] for start in starts]
    unknown = places[_signature({}, compared)]

    def place(facts: Facts) -> int:
        value = facts.get(fact)
        return unknown if value is None else table[max(bisect_right(starts, value) - 1, 0)]

    return place


_TABLES = {Kind.BOOLEAN: _by_value, Kind.CHOICE: _by_value, Kind.NUMBER: _by_number}


def cuts(term: Term, compared: Iterable[Compare]) -> list[int]:
    """The numbers at which a comparison with a number begins or ceases to be true."""
    found = {term.low}
    for one in compared:
        if one.fact == term.name and isinstance(one.wanted, int) and one.operator != "known":
            found.update(one.wanted + step for step in _STEPS[one.operator])
    return sorted(number for number in found if term.low <= number <= term.high)


_STEPS: Mapping[str, tuple[int, ...]] = {
    "is": (0, 1),
    "is_not": (0, 1),
    "at_least": (0,),
    "below": (0,),
    "at_most": (1,),
    "above": (1,),
}
"""For each comparison with a number, where the numbers of which it is true begin or end."""
