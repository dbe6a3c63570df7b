"""The vocabulary in which one referral can be given to several rulebooks.

It holds the answers, derived facts and factors of all. Of an answer that several know it holds the
choices and numbers that all know: a referral with another could not be given to every one of them.
An answer that one alone knows the others do not read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, NoReturn, TypeVar

from triage.diagram.portions import PROFESSIONAL, SELF
from triage.domain.vocabulary import Answer, Term, Vocabulary
from triage.errors import RulebookError, RuleFault
from triage.rulebook import Rulebook
from triage.rulebook.files import VOCABULARY

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Joint:
    """The vocabulary of several rulebooks, and in words what could not be taken into it."""

    vocabulary: Vocabulary
    left_out: tuple[str, ...]


def joint_of(rulebooks: Sequence[Rulebook]) -> Joint:
    """The joint vocabulary, in the order of the first rulebook.

    Raises ``RulebookError`` where rulebooks ask for the same in ways that have nothing in common.
    """
    vocabularies = [one.vocabulary for one in rulebooks]
    _check_meanings(vocabularies)
    every = [each for one in vocabularies for each in one.answers.values()]
    answers = {name: _common(_of(name, every)) for name in dict.fromkeys(a.name for a in every)}
    last_first = list(reversed(vocabularies))
    terms = _merged([each.terms for each in last_first])
    joint = replace(
        vocabularies[0],
        answers=answers,
        derived=_merged([each.derived for each in last_first]),
        factors={name: one for each in vocabularies for name, one in each.factors.items()},
        terms=terms | {name: one.term for name, one in answers.items()},
        **_names(vocabularies),
    )
    return Joint(joint, tuple(_left_out(answers, every)))


NAMES = ("routes", "urgencies", "sources_of_referral")


def _names(vocabularies: Sequence[Vocabulary]) -> dict[str, Any]:
    """What is concluded or told by name: all that any of them names, as the first that does."""
    last_first = list(reversed(vocabularies))
    found = {part: _merged([getattr(each, part) for each in last_first]) for part in NAMES}
    sections = vocabularies[0].named
    named = {name: _merged([each.named[name] for each in last_first]) for name in sections}
    return {**found, "named": named}


def _merged(parts: Sequence[Mapping[str, T]]) -> dict[str, T]:
    return {name: one for part in parts for name, one in part.items()}


def _of(name: str, every: Sequence[Answer]) -> list[Answer]:
    return [one for one in every if one.name == name]


def _common(known: Sequence[Answer]) -> Answer:
    """The answer with what every rulebook that asks for it knows."""
    return reduce(_of_both, known)


def _of_both(one: Answer, other: Answer) -> Answer:
    mine, theirs = one.term, other.term
    if (one.length, one.may_miss) != (other.length, other.may_miss):
        _refuse(one.name, "is scored by other numbers of items in one than in the other")
    found = _narrowed(mine, theirs)
    if found.low > found.high or (mine.choices and theirs.choices and not found.choices):
        _refuse(one.name, "has no answer that both know")
    if one.name in TABLED and (mine.low, mine.high) != (theirs.low, theirs.high):
        _refuse(one.name, "has another range in one than in the other")
    return replace(one, term=found)


TABLED = ("phq9_item9", "phq9_total", "phq9_items", "gad7_total", "gad7_items")
"""Answers whose every combination is known beforehand."""


def _narrowed(mine: Term, theirs: Term) -> Term:
    """What both know of a term; a list that is free in one knows the words of the other."""
    choices = tuple(each for each in mine.choices if each in theirs.choices or not theirs.choices)
    return replace(
        mine,
        low=max(mine.low, theirs.low),
        high=min(mine.high, theirs.high),
        choices=choices if mine.choices else theirs.choices,
    )


def _left_out(answers: Mapping[str, Answer], every: Sequence[Answer]) -> Iterator[str]:
    """The answers that not every rulebook knows, in words."""
    for name, joint in answers.items():
        term, known = joint.term, _of(name, every)
        choices = dict.fromkeys(each for one in known for each in one.term.choices)
        words = [each for each in choices if each not in term.choices]
        if words:
            yield f"{name}: {', '.join(words)}"
        low, high = min(one.term.low for one in known), max(one.term.high for one in known)
        for first, last in ((low, term.low - 1), (term.high + 1, high)):
            if first <= last:
                yield f"{name}: {first} to {last}" if first < last else f"{name}: {first}"


def _check_meanings(vocabularies: Sequence[Vocabulary]) -> None:
    """Does every name stand for the same sort of thing wherever it is known?"""
    first = vocabularies[0]
    for other in vocabularies[1:]:
        for name in first.terms.keys() & other.terms.keys():
            one, two = _sort(name, first), _sort(name, other)
            if one != two and name not in TABLED:
                _refuse(name, f"is {one} in one and {two} in the other")
            if first.terms[name].kind is not other.terms[name].kind:
                kinds = first.terms[name].kind, other.terms[name].kind
                _refuse(name, f"is a {kinds[0]} in one and a {kinds[1]} in the other")
        for source in (PROFESSIONAL, SELF):
            ways = [each.sources_of_referral.get(source) for each in (first, other)]
            if len({way and way.self_referral for way in ways}) > 1:
                _refuse(source, "is a self-referral in one and not in the other")


def _sort(name: str, vocabulary: Vocabulary) -> str:
    if name in vocabulary.concluded:
        return "concluded"
    return "worked out" if name in vocabulary.derived else "asked"


def _refuse(name: str, problem: str) -> NoReturn:
    ends = f"{problem}; rulebooks that ask differently cannot be compared"
    raise RulebookError([RuleFault(VOCABULARY, 1, ends, name)])
