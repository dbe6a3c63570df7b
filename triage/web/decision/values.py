"""Answers and facts as people read them, in the words of the rulebook that decided."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from triage.domain.pseudonymised import WITHHELD
from triage.domain.vocabulary import Kind, Vocabulary
from triage.feedback.moments import date_words
from triage.pages.words import Words

IN_OWN_WORDS = "in the person's own words, which the rules below tell for as long as they are held"


class Values:
    """Says what stands in a referral or a reason, of one rulebook.

    Raises ``LookupError``, ``TypeError`` or ``ValueError`` for what cannot stand there.
    """

    def __init__(self, vocabulary: Vocabulary, declined: frozenset[str]) -> None:
        self._vocabulary, self._declined = vocabulary, declined
        self._words = Words(vocabulary)

    def title(self, name: str) -> str:
        """What a fact is called."""
        return self._words.title(name)

    def said(self, name: str, value: Any) -> str:
        """A value, as JSON has it; None is told as what nobody knows."""
        if value is None:
            return self._absent(name)
        kind = self._vocabulary.terms[name].kind
        if kind is Kind.DATE:
            return date_words(date.fromisoformat(value))
        if kind is Kind.ITEMS:
            return _items(value)
        if isinstance(value, list):
            return self._listed(name, value)
        return self._words.value(name, value)

    def _absent(self, name: str) -> str:
        if name in self._declined:
            return "declined"
        return "not asked" if name in self._vocabulary.answers else "not known"

    def _listed(self, name: str, value: list[str]) -> str:
        plain = tuple(one for one in value if one != WITHHELD)
        said = [self._words.value(name, plain)] if plain else []
        return "; ".join(said + [IN_OWN_WORDS] * (len(plain) < len(value))) or "none"


def _items(scores: list[int | None]) -> str:
    """The scores of a questionnaire by the numbers of their items: the wording is published."""
    told = [
        f"item {number}: {'left out' if score is None else score}"
        for number, score in enumerate(scores, 1)
    ]
    return ", ".join(told)


def own_words(reasoning: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The facts that a decision told with the person's own words put back, by name."""
    return {name: value for reason in reasoning for name, value in reason["facts"].items()}
