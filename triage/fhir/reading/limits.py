"""How much of a message is read, so that none takes longer than a second."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from triage.fhir.findings import Finding
from triage.fhir.reading.said import Said, error

MOST = 1_000
"""How many entries of one list are read: more than any practice would send."""

MOST_ITEMS = 2_000
"""How many items of a QuestionnaireResponse are read."""

MOST_SAID = 10_000
"""How many answers and findings are read in all."""


def too_many(at: str, most: int) -> Finding:
    """That what stands beyond a number of entries was not read."""
    return error("too-costly", at, f"There are more than {most:,} here. {NOT_READ}")


def within_limit(said: Iterable[Said], at: str) -> Iterator[Said]:
    """As much of what is said as is read; an error where there is more."""
    for n, one in enumerate(said):
        if n == MOST_SAID:
            yield too_many(at, MOST_SAID)
            return
        yield one


NOT_READ = "Those beyond were not read, so nothing can be decided; send fewer."
