"""A recorded referral as another rulebook may know it: without what that never asks.

What is recorded was valid under the rulebook of its time. Where another has no such question, or no
such answer to it, it was not asked under that one: this is counted, so that nobody overlooks it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from triage.domain.pseudonymised import WITHHELD, Pseudonymised
from triage.domain.vocabulary import Answer, Kind, Value
from triage.rulebook import Rulebook


def fitted(referral: Pseudonymised, rulebook: Rulebook) -> tuple[Pseudonymised, tuple[str, ...]]:
    """The referral as a rulebook may know it, and the names of what was left out."""
    answers = rulebook.vocabulary.answers
    known = {
        name: value
        for name, value in referral.answers.items()
        if name in answers and _may_be(answers[name], value)
    }
    levels = _among(referral.levels, rulebook.vocabulary.factors)
    found = replace(
        referral,
        answers=known,
        levels=levels,
        declined=referral.declined.intersection(answers),
        person=replace(referral.person, place=_place(referral.person.place, rulebook)),
    )
    return found, (*_left_out(referral.answers, known), *_left_out(referral.levels, levels))


def _may_be(answer: Answer, value: Value) -> bool:
    """Is a value one that a question may be answered by?"""
    term = answer.term
    if term.kind is Kind.CHOICE:
        return value in term.choices
    if term.kind is Kind.NUMBER:
        return isinstance(value, int) and term.low <= value <= term.high
    if term.kind is Kind.LIST and term.choices and isinstance(value, tuple):
        return all(one in (*term.choices, WITHHELD) for one in value)
    return True


def _place(place: str, rulebook: Rulebook) -> str:
    """The place where somebody lives; the rulebook's own where it has none of that name."""
    return place if place in rulebook.directory.places else rulebook.directory.default_place


def _among(values: Mapping[str, str], names: Mapping[str, object]) -> dict[str, str]:
    return {name: value for name, value in values.items() if name in names}


def _left_out(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(name for name in before if name not in after)
