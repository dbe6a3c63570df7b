"""The findings that are told: of too many the gravest, each with what may have been meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from triage.fhir.findings import Finding, Severity
from triage.fhir.reading.codebook import Codebook
from triage.fhir.reading.said import Misnamed, information
from triage.nearest import nearest

MOST_FINDINGS = 200
"""How many findings are told in all. No message that a practice would send has more."""

MOST_SUGGESTED = 20
"""For how many names the nearest of ours is looked up."""


def gravest(findings: Iterable[Finding], book: Codebook) -> tuple[Finding, ...]:
    """Findings in their order, each once; of too many the gravest, and that there are more."""
    distinct = list(dict.fromkeys(findings))
    if len(distinct) > MOST_FINDINGS:
        order = list(Severity)
        by_gravity = sorted(distinct, key=lambda one: order.index(one.severity))
        distinct = [*by_gravity[: MOST_FINDINGS - 1], information("informational", "", MORE)]
    return tuple(dict.fromkeys(_with_nearest(distinct, book)))


def _with_nearest(findings: Iterable[Finding], book: Codebook) -> Iterator[Finding]:
    looked_up = 0
    for one in findings:
        if not isinstance(one, Misnamed):
            yield one
            continue
        looked_up += 1
        known = book.links if looked_up <= MOST_SUGGESTED else ()
        remedy = nearest(one.word, known) if known else SEE_VOCABULARY
        yield Finding(one.severity, one.code, one.expression, f"{one.says}; {remedy}.")


MORE = "There is more to be said of this than can be told at once; mend what is told first."

SEE_VOCABULARY = "look it up in the vocabulary"
