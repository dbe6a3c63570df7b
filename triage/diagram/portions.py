"""How everything that a referral may hold amounts to facts: one builder for each kind of input."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from typing import cast

from triage.diagram.inputs import OF_EITHER, UNKNOWN, Input, Portion, cuts, input_of
from triage.diagram.questionnaires import (
    GAD7,
    GAD7_PARTS,
    PHQ9,
    PHQ9_PARTS,
    facts_of_answers,
    gad7_portions,
    phq9_portions,
)
from triage.domain.conditions import Compare
from triage.domain.referral import BIRTH_DATE, SOURCE
from triage.domain.rules import LEVELS, RATED, rated_fact
from triage.domain.vocabulary import Answer, Facts, Kind, Term, Vocabulary
from triage.errors import TangledError

MOMENT = datetime(2026, 1, 2, 12, tzinfo=UTC)
"""When the referrals that stand for others are received: days are counted back from it."""

NHS_NUMBER = "patient.nhs_number"

RIGHT_NUMBER, WRONG_NUMBER = "9990000026", "9990000027"
"""NHS numbers of the range that is never issued: the check digit of one is right."""

PROFESSIONAL, SELF = "A1", "B1"
"""Sources of referral: a general practitioner, and people themselves."""

Asked = Mapping[str, Sequence[Compare]]
"""For each fact that rules read, the comparisons made of it."""


class InputMaker:
    """Makes the inputs that certain comparisons read, for one vocabulary."""

    def __init__(self, vocabulary: Vocabulary, asked: Asked) -> None:
        self._vocabulary, self._asked = vocabulary, asked
        self._terms = vocabulary.terms

    def inputs(self) -> Iterator[Input]:
        """The inputs that rules read: answers in their order, then what else a referral holds."""
        for name, read, portions in self._every():
            if any(fact in self._asked for fact in read):
                compared = [one for fact in read for one in self._asked.get(fact, ())]
                made = input_of(name, portions(), self._terms, compared)
                in_full = name in _PARTS and _reads_more(self._asked, _PARTS[name])
                yield replace(made, own_facts=self._own_facts(name), in_full=in_full)

    def _own_facts(self, name: str) -> Callable[[Facts], Facts] | None:
        """What works out the facts of a questionnaire that are true of the other as well."""
        answers = self._vocabulary.answers
        if name not in (PHQ9, GAD7) or not any(fact in self._asked for fact in OF_EITHER):
            return None
        may_miss = answers[f"{name}_items"].may_miss
        return lambda given: facts_of_answers(name, given, may_miss)

    def _every(self) -> Iterator[tuple[str, Sequence[str], Callable[[], Iterable[Portion]]]]:
        """Each input: its name, the facts that come of it, and its portions."""
        yield from self._answers()
        for factor in self._vocabulary.factors:
            rated = rated_fact(factor)
            yield f"levels.{factor}", (rated,), lambda rated=rated: _ratings(rated)  # type: ignore[misc]
        yield BIRTH_DATE, ("age", "ages_differ"), self._ages
        yield SOURCE, ("self_referred",), _sources
        yield NHS_NUMBER, ("nhs_number_fails",), _nhs_numbers

    def _answers(self) -> Iterator[tuple[str, Sequence[str], Callable[[], Iterable[Portion]]]]:
        answers = self._vocabulary.answers
        for name, answer in answers.items():
            if name in _OF_PHQ9:
                if name == next(each for each in answers if each in _OF_PHQ9):
                    yield PHQ9, PHQ9_PARTS, self._phq9
            elif name in _OF_GAD7:
                if name == next(each for each in answers if each in _OF_GAD7):
                    yield GAD7, GAD7_PARTS, self._gad7
            else:
                facts = (name, *_WORKED_OUT.get(name, ()))
                yield name, facts, lambda answer=answer: self._of_answer(answer)  # type: ignore[misc]

    def _phq9(self) -> Iterable[Portion]:
        answer = self._vocabulary.answers["phq9_items"]
        return phq9_portions(answer.may_miss, in_full=_reads_more(self._asked, _PARTS[PHQ9]))

    def _gad7(self) -> Iterable[Portion]:
        answer = self._vocabulary.answers["gad7_items"]
        return gad7_portions(answer.may_miss, in_full=_reads_more(self._asked, _PARTS[GAD7]))

    def _of_answer(self, answer: Answer) -> Iterable[Portion]:
        term = answer.term
        if term.kind is Kind.DATE:
            worked_out = [self._terms[fact].high for fact in _WORKED_OUT.get(term.name, ())]
            return (UNKNOWN, *_dates(term, self._asked, max(worked_out, default=0)))
        return (UNKNOWN, *_BY_KIND[term.kind](term, self._asked))

    def _ages(self) -> Iterator[Portion]:
        """Every age, and where rules read it, whether a stated age differs from the birthday's."""
        yield Portion({"ages_differ": False}, {})
        for one in _numbers(self._terms["age"], self._asked, path="patient.age"):
            yield one._replace(facts={**one.facts, "ages_differ": False})
        if "ages_differ" in self._asked:
            for one in _numbers(self._terms["age"], self._asked, path="patient.age"):
                yield _of_two_ages(one)


_PARTS: Mapping[str, Sequence[str]] = {PHQ9: PHQ9_PARTS, GAD7: GAD7_PARTS}
"""The facts of each questionnaire."""

_OF_PHQ9 = ("phq9_item9", "phq9_total", "phq9_items")
_OF_GAD7 = ("gad7_total", "gad7_items")

_WORKED_OUT: Mapping[str, tuple[str, ...]] = {
    "phq9_on": ("phq9_age_days",),
    "gad7_on": ("gad7_age_days",),
    "risk_asked_on": ("risk_age_days",),
    "monitoring_review_on": ("monitoring_review_passed",),
    "long_term_conditions": ("has_long_term_condition",),
    "adjustments": ("needs_adjustments",),
}
"""The facts that are worked out from one answer alone."""


def _reads_more(asked: Asked, parts: Sequence[str]) -> bool:
    """Do rules read more of a questionnaire than its total and its item 9?"""
    return any(
        part in asked for part in parts if part not in ("phq9_total", "phq9_item9", "gad7_total")
    )


def _yes_or_no(term: Term, _asked: Asked) -> Iterator[Portion]:
    for value in (False, True):
        yield Portion({term.name: value}, {f"answers.{term.name}": value})


def _choices(term: Term, _asked: Asked) -> Iterator[Portion]:
    for value in term.choices:
        yield Portion({term.name: value}, {f"answers.{term.name}": value})


def _numbers(term: Term, asked: Asked, path: str = "") -> Iterator[Portion]:
    """The runs of numbers between those at which a comparison turns."""
    path = path or f"answers.{term.name}"
    starts = cuts(term, asked.get(term.name, ()))
    for start, following in zip(starts, [*starts[1:], term.high + 1], strict=True):
        last = {path: following - 1} if following - 1 > start else None
        yield Portion({term.name: start}, {path: start}, following - start, last)


def _dates(term: Term, asked: Asked, highest: int) -> Iterator[Portion]:
    """Days by what is worked out from them: how long ago they were, or whether they have passed."""
    worked_out = next(iter(_WORKED_OUT.get(term.name, ())), None)
    if worked_out is None:
        yield Portion({term.name: _day(0)}, {f"answers.{term.name}": _day(0)})
        return
    if worked_out == "monitoring_review_passed":
        for days, passed in ((1, False), (-1, True)):
            day = _day(-days)
            yield Portion({term.name: day, worked_out: passed}, {f"answers.{term.name}": day})
        return
    compared = asked.get(worked_out, ())
    ago = Term(worked_out, "", Kind.NUMBER, 0, highest)
    for one in _numbers(ago, {worked_out: compared}):
        days = _number(one, worked_out)
        at = f"answers.{term.name}"
        last = {at: _day(days + one.cells - 1)} if one.last else None
        yield Portion({term.name: _day(days), worked_out: days}, {at: _day(days)}, one.cells, last)


def _number(one: Portion, fact: str) -> int:
    """The first number of a portion of numbers."""
    return cast("int", one.facts[fact])


def _day(ago: int) -> date:
    return MOMENT.date() - timedelta(days=ago)


MOST_WORDS = 10
"""How many words of one list rules may look for: each may be in it or not."""


def _lists(term: Term, asked: Asked) -> Iterator[Portion]:
    """An empty list, every choice of the words that rules look for, and lists of other words."""
    looked_for = (str(one.wanted) for one in asked.get(term.name, ()) if one.operator == "includes")
    known = (word for word in looked_for if word in term.choices or not term.choices)
    wanted = tuple(dict.fromkeys(known))
    if len(wanted) > MOST_WORDS:
        raise TangledError(2 ** len(wanted))
    others = [word for word in term.choices if word not in wanted] or ["another"]
    for size in range(len(wanted) + 1):
        for words in combinations(wanted, size):
            for named in (words, (*words, others[0])):
                yield _list(term.name, named)


def _items(term: Term, _asked: Asked) -> Iterator[Portion]:
    yield Portion({term.name: (term.low,)}, {f"answers.{term.name}": (term.low,)})


def _list(name: str, words: Collection[str]) -> Portion:
    facts: dict[str, tuple[str, ...] | bool] = {name: tuple(words)}
    for fact in _WORKED_OUT.get(name, ()):
        facts[fact] = bool(words)
    return Portion(facts, {f"answers.{name}": tuple(words)})


_BY_KIND: Mapping[Kind, Callable[[Term, Asked], Iterator[Portion]]] = {
    Kind.BOOLEAN: _yes_or_no,
    Kind.CHOICE: _choices,
    Kind.NUMBER: _numbers,
    Kind.LIST: _lists,
    Kind.ITEMS: _items,
}


def _ratings(rated: str) -> Iterator[Portion]:
    yield UNKNOWN
    for level in LEVELS[1:]:
        yield Portion({rated: level}, {f"levels.{rated.removeprefix(RATED)}": level})


def _sources() -> Iterator[Portion]:
    yield UNKNOWN
    yield Portion({"self_referred": False}, {SOURCE: PROFESSIONAL})
    yield Portion({"self_referred": True}, {SOURCE: SELF})


def _nhs_numbers() -> Iterator[Portion]:
    yield UNKNOWN
    yield Portion({"nhs_number_fails": False}, {NHS_NUMBER: RIGHT_NUMBER})
    yield Portion({"nhs_number_fails": True}, {NHS_NUMBER: WRONG_NUMBER})


def _of_two_ages(one: Portion) -> Portion:
    """The same age by the date of birth, beside a stated age that is another."""
    age = _number(one, "age")
    born = date(MOMENT.year - age - 1, 12, 31)
    given = {BIRTH_DATE: born, "patient.age": age - 1 if age else 1}
    return Portion({"age": age, "ages_differ": True}, given, one.cells)
