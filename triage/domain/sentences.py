"""The sentences in which a rule says why it fired, with the facts filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from triage.domain.vocabulary import Term, Value

_PLACE = re.compile(r"\{([a-z0-9_]+)\}")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with places for facts, such as ``PHQ-9 is {phq9_total}``."""

    text: str
    reads: tuple[str, ...] = field(init=False, compare=False)
    """The facts named in the sentence, in the order of their places."""
    _form: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        parts = _PLACE.split(self.text.replace("%", "%%"))
        object.__setattr__(self, "reads", tuple(parts[1::2]))
        object.__setattr__(self, "_form", "%s".join(parts[::2]))

    def filled(self, facts: Mapping[str, Value | None], terms: Mapping[str, Term]) -> str:
        """The sentence about one referral; a fact nobody asked for reads "not asked"."""
        if not self.reads:
            return self.text
        return self._form % tuple([terms[fact].words(facts.get(fact)) for fact in self.reads])
