"""Answers given together, on a day of their own: those of a questionnaire, or those on risk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from triage.domain.vocabulary import Answer, Kind, Vocabulary
from triage.fhir.findings import Finding
from triage.fhir.reading.days import day_of
from triage.fhir.reading.said import Asked, Dated, Given, Said


@dataclass(frozen=True, slots=True)
class Instrument:
    """What is answered together, and the answer that says on what day.

    ``scores`` are parts of one count, so that they are only ever read from one day; ``singles``
    say something each on its own.
    """

    on: Asked
    scores: frozenset[Asked]
    singles: frozenset[Asked]

    @property
    def members(self) -> frozenset[Asked]:
        """Everything that its day is the day of."""
        return self.scores | self.singles


def instruments_of(vocabulary: Vocabulary) -> tuple[Instrument, ...]:
    """The instruments among the answers, one for each day that has been.

    ``phq9_on`` is the day of every answer whose name begins ``phq9_``. Where no other does, as with
    ``risk_asked_on``, it is the day of the graded answers of its group.
    """
    answers = vocabulary.answers.values()
    days = [one for one in answers if one.term.kind is Kind.DATE and not one.may_be_ahead]
    return tuple(_instrument(day, answers) for day in days)


def _instrument(day: Answer, answers: Iterable[Answer]) -> Instrument:
    begins = day.name.removesuffix("on")
    named = [one for one in answers if one.name.startswith(begins) and one is not day]
    graded = [one for one in answers if one.group == day.group and one.term.kind is Kind.CHOICE]
    scores = {_asked(one) for one in named if one.worse is None}
    singles = {_asked(one) for one in named if one.worse} if named else map(_asked, graded)
    return Instrument(_asked(day), frozenset(scores), frozenset(singles))


def _asked(answer: Answer) -> Asked:
    return Asked("answers", answer.name)


class Days:
    """Which day an answer is the day of."""

    def __init__(self, instruments: Iterable[Instrument]) -> None:
        self.instruments = tuple(instruments)
        self._on = {each: one.on for one in self.instruments for each in one.members}

    def within(self, said: Iterable[Said], on: Dated | None) -> Iterator[Said]:
        """What one resource says, by the days that it gives; ``on`` is that of the whole."""
        found = list(said)
        stated = {
            one.asked: _stated(one)
            for one in found
            if isinstance(one, Given) and any(one.asked == each.on for each in self.instruments)
        }
        if on is None and not stated:
            return iter(found)
        return (self._dated(one, stated, on) for one in found)

    def _dated(self, one: Said, stated: Mapping[Asked, Dated | None], on: Dated | None) -> Said:
        if isinstance(one, Finding):
            return one
        asked = self._on.get(one.asked.whole, one.asked)
        return replace(one, on=stated.get(asked, on))


def _stated(given: Given) -> Dated | None:
    day = day_of(given.value)
    return Dated(day, given.at) if day else None
