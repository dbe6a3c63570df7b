"""Partial referrals completed at random: what is open is answered, or some of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random

from tests.facts import facts_of
from tests.live_call.calls import answered
from tests.random_things import Drawer
from triage.domain.referral import BIRTH_DATE, SOURCE, Referral
from triage.domain.vocabulary import Value
from triage.rulebook import Rulebook

BIRTH_DATES = (date(2008, 11, 20), date(2008, 11, 21), date(1990, 3, 14))
"""Somebody who turns 18 when the referral is received, who does the day after, and an adult."""

SOURCES = ("A1", "B1")

OF_ITEMS = {"phq9_items": ("phq9_total", "phq9_item9"), "gad7_items": ("gad7_total",)}
"""What a questionnaire's items give."""


class Completer:
    """Completes referrals in the words of one rulebook. Nothing that is settled is unsettled."""

    def __init__(self, rulebook: Rulebook, drawer: Drawer) -> None:
        self._rulebook, self._drawer = rulebook, drawer
        self._answers = rulebook.vocabulary.answers

    def completed(self, partial: Referral, random: Random) -> Referral:
        """The referral with much of what is open answered, and some of the rest declined."""
        much = random.choice((0.4, 0.8, 1.0))
        for name in self.open_answers(partial, by_items=random.random() < 0.5):
            if random.random() < much:
                partial = answered(partial, name, self.value(name, random))
            elif random.random() < 0.2:
                partial = answered(partial, name, None)
        return partial

    def differing_in_one(
        self, partial: Referral, random: Random
    ) -> Iterator[tuple[Referral, Referral, str]]:
        """Two completed referrals that differ in an answer that is open, and its name."""
        for name in self.open_answers(partial, by_items=False):
            completed = self.completed(answered(partial, name, None), random)
            first, second = (answered(completed, name, self.value(name, random)) for _ in "12")
            yield first, second, name

    def open_answers(self, partial: Referral, *, by_items: bool) -> Iterator[str]:
        """What may be answered: questionnaires by their items, where nothing of them is known."""
        known = facts_of(partial, self._rulebook)
        done = {*known, *partial.answers, *partial.declined}
        if known["phq9_impossible"]:
            done.add("phq9_item9")
        if "age" in known:
            done.add(BIRTH_DATE)
        if partial.source is not None:
            done.add(SOURCE)
        for items, scores in OF_ITEMS.items():
            whole = by_items and items not in done and done.isdisjoint(scores)
            done.update(scores if whole else (items,))
        yield from (name for name in (*self._answers, BIRTH_DATE, SOURCE) if name not in done)

    def value(self, name: str, random: Random) -> Value:
        """An answer at random."""
        if name == BIRTH_DATE:
            return random.choice(BIRTH_DATES)
        if name == SOURCE:
            return random.choice(SOURCES)
        return self._drawer.answer(self._answers[name], random, mild=random.random() < 0.5)
