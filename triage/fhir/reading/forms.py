"""Questionnaires as far as they are known here, and what their links stand for."""

from __future__ import annotations

from dataclasses import dataclass

from triage.domain.vocabulary import KnownQuestionnaire
from triage.fhir.reading.codebook import Codebook
from triage.fhir.reading.said import Asked
from triage.fhir.reading.sent import Resource


@dataclass(frozen=True, slots=True)
class Form:
    """A questionnaire as far as it is known here.

    ``url`` is its canonical URL without the version, empty where it was not said. Of one that is
    ``foreign``, links that merely look like ours are taken for ours only where the value fits,
    unless they ask about danger.
    """

    book: Codebook
    url: str
    known: KnownQuestionnaire | None

    @classmethod
    def of(cls, response: Resource, book: Codebook) -> Form:
        """The questionnaire of a response."""
        url = (response.text("questionnaire") or "").partition("|")[0]
        return cls(book, url, book.questionnaire(url))

    @property
    def ours(self) -> bool:
        """Is it one of ours?"""
        return self.book.is_ours(self.url)

    @property
    def foreign(self) -> bool:
        """Is it somebody else's?"""
        return bool(self.url) and not self.ours

    def own(self, link: str) -> Asked | None:
        """What a link stands for if it is ours."""
        return None if self.known else self.book.links.get(link)

    def others(self, link: str) -> Asked | None:
        """What a link stands for that is theirs, or a code with or without a path before it."""
        target = self.known.links.get(link) if self.known else None
        if target:
            return Asked("answers", target.answer, target.item)
        return self.book.by_loinc(link.rpartition("/")[2])
