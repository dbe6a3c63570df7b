"""The values of a fact that a comparison is tried with: those it is about, and those beside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from triage.diagram.forest import NO, Node
from triage.diagram.inputs import Class, Portion
from triage.diagram.model import Model
from triage.domain.conditions import Compare
from triage.domain.vocabulary import Kind, Term, Value
from triage.verify.packs.comparisons import word

UNKNOWN = "not known"

ON, BELOW, ABOVE, LOWEST, HIGHEST = "on", "one below", "one above", "lowest", "highest"

WHERE = {
    ON: "on the threshold",
    BELOW: "one below the threshold",
    ABOVE: "one above the threshold",
    LOWEST: "the lowest there is",
    HIGHEST: "the highest there is",
}
"""Where a number stands, in words."""


class Pin(NamedTuple):
    """The very value that an input must give a fact: a class may hold others."""

    depth: int
    fact: str
    value: Value


class Tried(NamedTuple):
    """A value of a fact: what it is called, in words, where referrals have it, and its pin."""

    label: str
    words: str
    where: Node
    pin: Pin | None = None


class Values:
    """Finds the values to try, over one model."""

    def __init__(self, model: Model) -> None:
        self._model = model

    def of(self, one: Compare) -> Iterator[Tried]:
        """Every value that a comparison is tried with, if any referral has it."""
        term = self._model.rulebook.vocabulary.terms[one.fact]
        found = self._numbers(one, term) if term.kind is Kind.NUMBER else self._words(one, term)
        yield from (each for each in found if each.where != NO)
        unknown = self._model.truth(Compare(one.fact, "known", wanted=False))[0]
        if unknown != NO:
            yield Tried(UNKNOWN, f"{term.title} not known", unknown)

    def edge(self, one: Compare) -> Iterator[tuple[Tried, Tried]]:
        """For a comparison with a number: the last that it holds of, the first that it does not."""
        term, wanted = self._model.rulebook.vocabulary.terms[one.fact], one.wanted
        if term.kind is not Kind.NUMBER or not isinstance(wanted, int):
            return
        for true, false in EDGES.get(one.operator, ()):
            numbers = (wanted + true, wanted + false)
            if all(term.low <= each <= term.high for each in numbers):
                last, first = (self._with(one.fact, each, "", "") for each in numbers)
                yield last, first

    def _numbers(self, one: Compare, term: Term) -> Iterator[Tried]:
        found = {LOWEST: term.low, HIGHEST: term.high}
        if type(one.wanted) is int:
            around = {label: one.wanted + step for label, step in _AROUND.items()}
            found = {**around, **found}
        for label, number in found.items():
            if term.low <= number <= term.high:
                words = f"{term.title} {number}, {WHERE[label]}"
                yield self._with(one.fact, number, label, words)

    def _words(self, one: Compare, term: Term) -> Iterator[Tried]:
        if term.kind is Kind.LIST:
            yield from self._listed(one, term)
            return
        for value in (False, True) if term.kind is Kind.BOOLEAN else term.choices:
            words = f"{term.title}: {term.words(value)}"
            yield self._with(one.fact, value, word(value), words)

    def _listed(self, one: Compare, term: Term) -> Iterator[Tried]:
        if one.operator in ("includes", "excludes"):
            for label, operator in (("with", "includes"), ("without", "excludes")):
                where = self._model.truth(Compare(one.fact, operator, one.wanted))[0]
                said = term.labels.get(str(one.wanted), word(one.wanted))
                yield Tried(f"{label} {word(one.wanted)}", f"{term.title} {label} {said}", where)

    def _with(self, fact: str, value: Value, label: str, words: str) -> Tried:
        """Where a fact has a value; what rules conclude has it where they do."""
        depths = self._model.space.depths_of.get(fact, ())
        if len(depths) != 1:
            return Tried(label, words, self._model.truth(Compare(fact, "is", value))[0])
        pin = Pin(depths[0], fact, value)
        classes = self._model.space.inputs[pin.depth].classes
        having = [int(any(_has(portion, pin) for portion in each.portions)) for each in classes]
        where = self._model.forest.node(pin.depth, having)
        return Tried(label, words, where, pin)


EDGES = {
    "at_least": ((0, -1),),
    "below": ((-1, 0),),
    "at_most": ((0, 1),),
    "above": ((1, 0),),
    "is": ((0, 1), (0, -1)),
    "is_not": ((1, 0), (-1, 0)),
}
"""For each comparison of numbers, steps from its number: there it holds, and there it does not."""

_AROUND = {ON: 0, BELOW: -1, ABOVE: 1}


def portion_with(one: Class, pin: Pin) -> Portion:
    """The portion of a class that has the value pinned; of several, that which says least."""
    return min((each for each in one.portions if _has(each, pin)), key=lambda each: len(each.facts))


def _has(portion: Portion, pin: Pin) -> bool:
    first, wanted = portion.facts.get(pin.fact), pin.value
    if portion.last is not None and isinstance(first, int) and isinstance(wanted, int):
        return first <= wanted < first + portion.cells
    return first == wanted
