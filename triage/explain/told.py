"""Reasons and changes as people and systems are told them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from triage.domain.pseudonymised import Pseudonymised
from triage.domain.rules import NO_INDICATORS, RATED, rated_fact
from triage.domain.vocabulary import RouteTerm, Value, Vocabulary

RISK_RATED = rated_fact("risk")


@dataclass(frozen=True, slots=True)
class Told:
    """What an answer or another fact of a referral is, or would be, by name and in words.

    ``value`` is None where it is not known.
    """

    answer: str
    title: str
    value: Value | None
    words: str

    def as_dict(self) -> dict[str, Any]:
        """The same as the API gives it."""
        value = self.value.isoformat() if isinstance(self.value, date) else self.value
        told = {"answer": self.answer, "title": self.title, "words": self.words}
        return {**told, "value": list(value) if isinstance(value, tuple) else value}


@dataclass(frozen=True, slots=True)
class Known(Told):
    """A part of a reason: something that is known, or known not to have been asked.

    Any number from the first of ``same`` to the last would do the same.
    """

    same: tuple[int, int] | None = None

    @property
    def sentence(self) -> str:
        """What it says, without a full stop."""
        if self.value is None:
            return f"“{self.title}” was {self.words}"
        low, high = self.same or (0, 0)
        also = f" (any from {low} to {high} would do the same)" if low < high else ""
        return f"“{self.title}” is {self.words}{also}"

    def as_dict(self) -> dict[str, Any]:
        """The same as the API gives it."""
        low, high = self.same or (None, None)
        return {**Told.as_dict(self), "from": low, "to": high}


class Sufficient(NamedTuple):
    """What alone decides the lead route and the urgency, whatever is or is not known beside it.

    None of it can be spared.
    """

    answers: tuple[Known, ...]

    @property
    def words(self) -> str:
        """What it is made of, without a full stop."""
        return "; ".join(one.sentence for one in self.answers) or "every referral is decided so"

    @property
    def because(self) -> str:
        """The reason in one sentence."""
        return f"This alone decides it: {self.words}."

    def as_dict(self) -> dict[str, Any]:
        """The reason as the API gives it."""
        return {"because": self.because, "answers": [one.as_dict() for one in self.answers]}


class Change(NamedTuple):
    """Another route that would lead, and the fewest answers that would have to be otherwise."""

    route: RouteTerm
    answers: tuple[Told, ...]

    @property
    def words(self) -> str:
        """The change in one sentence."""
        wanted = [f"“{one.title}” were {one.words}" for one in self.answers]
        return f"Would be {self.route.title} if {_and(wanted)}."

    def as_dict(self) -> dict[str, Any]:
        """The change as the API gives it."""
        route = {"route": self.route.id, "title": self.route.title, "words": self.words}
        return {**route, "answers": [one.as_dict() for one in self.answers]}


def _and(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)


class Telling:
    """Says facts in the words of one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def told(self, fact: str, value: Value) -> Told:
        """What a fact would be."""
        return Told(fact, self._vocabulary.terms[fact].title, value, self._words(fact, value))

    def known(
        self, fact: str, value: Value | None, same: tuple[int, int] | None, of: Pseudonymised
    ) -> Known:
        """What a fact of a referral is, or that it is not known, and why not."""
        words = self._absent(fact, of) if value is None else self._words(fact, value)
        return Known(fact, self._vocabulary.terms[fact].title, value, words, same)

    def _words(self, fact: str, value: Value) -> str:
        """A value in words; the lowest level of risk is no prediction, and never reads as one."""
        if (fact, value) == (RISK_RATED, "low"):
            return NO_INDICATORS
        return self._vocabulary.terms[fact].words(value)

    def _absent(self, fact: str, referral: Pseudonymised) -> str:
        derived = self._vocabulary.derived.get(fact)
        answers = {fact, *(derived.inputs if derived else ())} & self._vocabulary.answers.keys()
        if fact.startswith(RATED):
            return "not given"
        if not answers or answers & referral.answers.keys():
            return "not known"
        return "declined" if answers & referral.declined else "not asked"
