"""The sentences in which a rule says why it fired, with the facts filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from triage.domain.vocabulary import Facts, Term

_PLACE = re.compile(r"\{([a-z0-9_]+)\}")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with places for facts, such as ``PHQ-9 is {phq9_total}.``"""

    text: str

    @property
    def reads(self) -> tuple[str, ...]:
        """The facts named in the sentence."""
        return tuple(_PLACE.findall(self.text))

    def filled(self, facts: Facts, terms: Mapping[str, Term]) -> str:
        """The sentence about one referral; a fact nobody asked for reads "not asked"."""
        if "{" not in self.text:
            return self.text
        return _PLACE.sub(lambda place: terms[place[1]].words(facts.get(place[1])), self.text)
