"""What a clinician rates: the level of each factor, as they judge it."""

from __future__ import annotations

from collections.abc import Iterator

from triage.domain.vocabulary import Vocabulary
from triage.pages.words import Words
from triage.web.call.boxes import Box
from triage.web.call.fields import Field

LEVELS = "levels"
"""The part of a body that holds the ratings."""

INTRODUCTION = (
    "For what a clinician has judged. A rating stands where answers are missing, and raises a lower"
    " level that answers give. It never lowers one."
)
"""What is said above the ratings."""

OF_RISK = (
    "A rating of risk can only raise: it never stands for a question about safety that was not"
    " asked."
)


def ratings(vocabulary: Vocabulary) -> Iterator[Field]:
    """A field for each factor, in the order of the matrix."""
    words = Words(vocabulary)
    for name, factor in vocabulary.factors.items():
        rated = vocabulary.terms[f"rated_{name}"]
        yield Field(
            (LEVELS, name),
            rated.title,
            factor.title,
            Box.CHOICE,
            OF_RISK if name == "risk" else "",
            tuple((one, words.value(rated.name, one)) for one in rated.choices[1:]),
            left="Not rated",
        )
