"""The sentences in which a rule says why it fired, with the facts filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from triage.domain.vocabulary import Facts, Term

_PLACE = re.compile(r"\{([a-z0-9_]+)\}")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with places for facts, such as ``PHQ-9 is {phq9_total}.``"""

    text: str
    _parts: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_parts", tuple(_PLACE.split(self.text)))

    @property
    def reads(self) -> tuple[str, ...]:
        """The facts named in the sentence."""
        return self._parts[1::2]

    def filled(self, facts: Facts, terms: Mapping[str, Term]) -> str:
        """The sentence about one referral; a fact nobody asked for reads "not asked"."""
        parts = self._parts
        if len(parts) == 1:
            return self.text
        filled = list(parts)
        for place in range(1, len(parts), 2):
            filled[place] = terms[parts[place]].words(facts.get(parts[place]))
        return "".join(filled)
