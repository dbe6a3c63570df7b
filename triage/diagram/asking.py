"""The questions about each input that are still open, and the classes by their answers.

A question is settled when what it asks is known, or its answer was given. It is open while one of
the answers by which it can be given is neither given nor declined. What no question settles, a
clinician's rating for one, is never open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple, Protocol, cast

from triage.diagram.diagram import Diagram
from triage.diagram.inputs import Input
from triage.diagram.questionnaires import (
    GAD7,
    GAD7_HIGHEST,
    PHQ9,
    PHQ9_HIGHEST,
    Stated,
    gad7_facts,
    phq9_facts,
)
from triage.diagram.remaining import Place, Table
from triage.domain.facts import facts as facts_of
from triage.domain.pseudonymised import Pseudonymised
from triage.domain.questionnaires import ITEM_HIGH, Items
from triage.domain.vocabulary import Facts, Vocabulary

KEPT = 1024
"""How many tables of a questionnaire are kept, by the answers given."""


class Question(NamedTuple):
    """What is asked: a fact, with the answers by which it can be given, in order of asking."""

    fact: str
    answers: tuple[str, ...]

    def to_ask(self, referral: Pseudonymised, facts: Facts) -> str | None:
        """The answer to ask for; None where the question is not open."""
        if self.fact in facts or self.fact in referral.answers:
            return None
        done = referral.declined.union(referral.answers)
        return next((name for name in self.answers if name not in done), None)


class Asked(NamedTuple):
    """The classes that an input may still have, and what to ask for; None where nothing is."""

    table: Table
    to_ask: Sequence[str | None]


class Asking(Protocol):
    """How one input is asked about."""

    def asked(self, referral: Pseudonymised, facts: Facts) -> Asked:
        """What is open about the input of a referral that amounts to these facts."""


class Standing(NamedTuple):
    """All that what may still come of a referral depends on.

    ``tables`` are the classes that each input may still have, and ``to_ask`` the questions that are
    open, each with the answer to ask for.
    """

    tables: tuple[Table, ...]
    to_ask: tuple[tuple[Place, str], ...]


class Questions:
    """The questions about every input of a diagram, in the words of its vocabulary."""

    def __init__(self, diagram: Diagram, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._asking = [_asking(one, vocabulary) for one in diagram.space.inputs]

    def standing(self, referral: Pseudonymised, facts: Facts | None = None) -> Standing:
        """Where a referral stands: what is settled and what is open.

        ``facts`` are those of the referral, where they are at hand.
        """
        facts = facts_of(referral, self._vocabulary) if facts is None else facts
        asked = [one.asked(referral, facts) for one in self._asking]
        to_ask = (
            (place, answer)
            for depth, one in enumerate(asked)
            for place, answer in enumerate(one.to_ask, 2 * depth)
            if answer is not None
        )
        return Standing(tuple([one.table for one in asked]), tuple(to_ask))


def _asking(one: Input, vocabulary: Vocabulary) -> Asking:
    """How an input is asked about."""
    questions = {question.fact: question for question in _questions(one, vocabulary)}
    if one.name == PHQ9:
        return _Phq9(one, questions, vocabulary.answers["phq9_items"].may_miss)
    if one.name == GAD7:
        return _Gad7(one, questions["gad7_total"], vocabulary.answers["gad7_items"].may_miss)
    return _Plain(one, next(iter(questions.values()), None))


def _questions(one: Input, vocabulary: Vocabulary) -> Iterator[Question]:
    """Each fact of an input that answers settle."""
    for fact in one.facts:
        derived = vocabulary.derived.get(fact)
        if derived is not None and derived.inputs:
            yield Question(fact, derived.inputs)
        elif fact in vocabulary.answers:
            yield Question(fact, (fact,))


class _Plain:
    """An input that one question settles, or none. What is open may still have any class."""

    def __init__(self, one: Input, question: Question | None) -> None:
        self._place_of, self._question = one.place_of, question
        self._every = _anything(one)

    def asked(self, referral: Pseudonymised, facts: Facts) -> Asked:
        answer = self._question.to_ask(referral, facts) if self._question else None
        if answer is None:
            return Asked(((self._place_of(facts),),), ())
        return Asked(self._every, (answer,))


TOTALS_OF_PHQ9: Sequence[Stated] = (None, *range(PHQ9_HIGHEST + 1))
TOTALS_OF_GAD7: Sequence[Stated] = (None, *range(GAD7_HIGHEST + 1))
SCORES_OF_ITEM9: Sequence[Stated] = (None, *range(ITEM_HIGH + 1))


class _Phq9:
    """PHQ-9, about which there are two questions: its total and its item 9.

    An open one may still be answered by a stated score, beside whatever items were given.
    """

    def __init__(self, one: Input, questions: Mapping[str, Question], may_miss: int) -> None:
        self._one, self._place_of, self._may_miss = one, one.place_of, may_miss
        self._total, self._item9 = questions["phq9_total"], questions["phq9_item9"]
        self._table = lru_cache(KEPT)(self._table_of)

    def asked(self, referral: Pseudonymised, facts: Facts) -> Asked:
        answers = referral.answers
        total, item9 = self._total.to_ask(referral, facts), None
        if total and self._one.in_full:
            return Asked(_anything(self._one, self._one.place(facts, answers)), (total,))
        if not facts["phq9_impossible"]:  # else item 9 was given, and is unknown for all that
            item9 = self._item9.to_ask(referral, facts)
        table = self._table(
            cast("Items | None", answers.get("phq9_items")),
            TOTALS_OF_PHQ9 if total else (cast("Stated", answers.get("phq9_total")),),
            SCORES_OF_ITEM9 if item9 else (cast("Stated", answers.get("phq9_item9")),),
        )
        return Asked(table, (total, item9))

    def _table_of(
        self, items: Items | None, totals: Sequence[Stated], scores: Sequence[Stated]
    ) -> Table:
        return _told_apart(
            [
                [
                    self._place_of(phq9_facts(items, total, item9, self._may_miss))
                    for item9 in scores
                ]
                for total in totals
            ]
        )


class _Gad7:
    """GAD-7, whose total may still be stated beside whatever items were given."""

    def __init__(self, one: Input, total: Question, may_miss: int) -> None:
        self._one, self._place_of, self._may_miss = one, one.place_of, may_miss
        self._total = total
        self._table = lru_cache(KEPT)(self._table_of)

    def asked(self, referral: Pseudonymised, facts: Facts) -> Asked:
        answers = referral.answers
        total = self._total.to_ask(referral, facts)
        if total and self._one.in_full:
            return Asked(_anything(self._one, self._one.place(facts, answers)), (total,))
        totals = TOTALS_OF_GAD7 if total else (cast("Stated", answers.get("gad7_total")),)
        return Asked(self._table(cast("Items | None", answers.get("gad7_items")), totals), (total,))

    def _table_of(self, items: Items | None, totals: Sequence[Stated]) -> Table:
        found = (self._place_of(gad7_facts(items, total, self._may_miss)) for total in totals)
        return _told_apart([[place] for place in found])


def _anything(one: Input, now: int = 0) -> Table:
    """Any class, the present one first.

    Of a questionnaire: where rules read how its scores came about, items may come.
    """
    others = (place for place in range(len(one.classes)) if place != now)
    return ((now,), *((place,) for place in others))


def _told_apart(table: Table) -> Table:
    """The table with one answer for all those to a question that make no difference."""
    rows = list(dict.fromkeys(map(tuple, table)))
    columns = dict.fromkeys(zip(*rows, strict=True))
    return tuple(zip(*columns, strict=True))
