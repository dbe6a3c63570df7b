"""What counts where several places answer the same question: never what is less urgent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from triage.domain.rules import LEVELS
from triage.domain.vocabulary import Worse
from triage.fhir.findings import Finding
from triage.fhir.reading.codebook import Codebook
from triage.fhir.reading.consents import TO_SHARE
from triage.fhir.reading.said import Asked, Given, error, information, warning
from triage.fhir.reading.values import is_number

Rank = Callable[[Any], float | None]
"""How bad a value is, the worse the higher; None of what cannot be compared."""


class Scales:
    """Weighs what was given. Made once from a vocabulary; safe for many threads."""

    def __init__(self, book: Codebook) -> None:
        self._ranks = _ranks(book)

    def rank(self, given: Given) -> float | None:
        """How bad a value is by the direction in which its answer gets worse."""
        rank = self._ranks.get(given.asked)
        return rank(given.value) if rank else None

    def chosen(self, givens: Sequence[Given]) -> tuple[Given | None, list[Finding]]:
        """Which of those given to one field counts, if any, and what is to be said of others."""
        strong = [one for one in givens if not one.weak]
        pool = strong or givens
        said = _given_way(strong, givens)
        first = pool[0]
        if all(one.value == first.value or one.value is first.value for one in pool):
            return newest(pool), said
        found, more = self._of_different(pool)
        return found, said + more

    def _of_different(self, pool: Sequence[Given]) -> tuple[Given | None, list[Finding]]:
        ranks = [self.rank(one) for one in pool]
        known = [rank for rank in ranks if rank is not None]
        if len(known) == len(pool):
            worst = max(known)
            bad = [one for one, rank in zip(pool, ranks, strict=True) if rank == worst]
            return _the_worst(newest(bad), pool)
        return _the_newest(pool)


def newest(givens: Sequence[Given]) -> Given:
    """The newest of these; the first of them where none has a date."""
    return max(givens, key=lambda one: one.on.day.toordinal() if one.on else 0)


def is_older(one: Given, other: Given) -> bool:
    """Are both dated, and the one before the other?"""
    return one.on is not None and other.on is not None and one.on.day < other.on.day


def _the_worst(worst: Given, pool: Sequence[Given]) -> tuple[Given, list[Finding]]:
    others = [one for one in pool if one.value != worst.value]
    if all(is_older(one, worst) for one in others):
        return worst, [information("informational", others[0].at, _older(worst))]
    says = f"{worst.asked.path} is given otherwise at {others[0].at}. {WORSE_COUNTS}"
    return worst, [warning("conflict", worst.at, says)]


def _the_newest(pool: Sequence[Given]) -> tuple[Given | None, list[Finding]]:
    latest = newest(pool)
    current = [one for one in pool if not is_older(one, latest)]
    other = next((one for one in current if one.value != latest.value), None)
    if other is None:
        older = next(one for one in pool if is_older(one, latest))
        return latest, [information("informational", older.at, _older(latest))]
    if latest.weak:
        says = f"{latest.asked.path} is given otherwise at {latest.at}. {NONE_COUNTS}"
        return None, [warning("multiple-matches", other.at, says)]
    says = f"{latest.asked.path} is given twice with different values: here, and at {latest.at}."
    return None, [error("conflict", other.at, f"{says} {SEND_ONE}")]


def _older(latest: Given) -> str:
    return f"{latest.asked.path} is given on a later day at {latest.at}, and that counts."


def _given_way(strong: Sequence[Given], givens: Sequence[Given]) -> list[Finding]:
    """What was gathered from something else and says otherwise than an answer."""
    weak = [one for one in givens if strong and one.weak and one.asked.part == "answers"]
    other = next((one for one in weak if one.value != strong[0].value), None)
    if other is None:
        return []
    says = f"{other.asked.path} is answered otherwise at {strong[0].at}, and the answer counts."
    return [information("informational", other.at, says)]


def _ranks(book: Codebook) -> Mapping[Asked, Rank]:
    found = {}
    for name, answer in book.vocabulary.answers.items():
        if answer.worse:
            found[Asked("answers", name)] = RANKS[answer.worse](answer.term.choices)
    for factor in book.vocabulary.factors:
        found[Asked("levels", factor)] = RANKS[Worse.LAST](LEVELS)
    found[TO_SHARE] = RANKS[Worse.FALSE](())
    for item, twin in book.twins.items():
        if twin in found:
            found[item] = found[twin]
    return found


def _place_in(choices: Sequence[str]) -> Rank:
    places = {choice: float(n) for n, choice in enumerate(choices)}
    return lambda value: places.get(value) if isinstance(value, str) else None


RANKS: Mapping[Worse, Callable[[Sequence[str]], Rank]] = {
    Worse.TRUE: lambda _: lambda value: float(value) if isinstance(value, bool) else None,
    Worse.FALSE: lambda _: lambda value: float(not value) if isinstance(value, bool) else None,
    Worse.HIGHER: lambda _: lambda value: value if is_number(value) else None,
    Worse.LAST: _place_in,
}
"""How values are ranked, by the direction in which an answer gets worse."""

WORSE_COUNTS = "The worse counts; check which of them is right."

NONE_COUNTS = "Neither was read; say which of them is the main one."

SEND_ONE = "Send the one that is right, or say of each on what day it was given."
