"""Sheets of overrides: how often and why clinicians decide otherwise, and which way."""

from __future__ import annotations

from collections import Counter

from triage.domain.vocabulary import Vocabulary
from triage.reporting import names
from triage.reporting.figures import Figures, Key, Part
from triage.reporting.grids import OTHER, listed
from triage.reporting.sheets import Drawn, Sheet
from triage.reporting.suppression import share

IN_FORCE = "An override that waits for a second person is not in force, and does not count."

CHANGES = {
    "raised": "More urgent than was decided",
    "same": "In the same class of urgency",
    "lowered": "Less urgent than was decided",
}


def overrides_sheet(figures: Figures, vocabulary: Vocabulary) -> Sheet:
    """How often each route that was decided is overridden."""
    decided, overridden = figures.counts[Part.DECIDED], figures.counts[Part.OVERRIDDEN]
    rows, total = listed(names.routes(vocabulary), decided, overridden)
    return Sheet(
        "overrides",
        "Overrides by the route decided",
        "Of the decisions on each route, how many a clinician has decided otherwise about.",
        ("Route decided", "Decided", "Overridden", "Rate"),
        tuple((*row, share(row[2], row[1])) for row in rows),
        Drawn.BARS,
        (2,),
        notes=(IN_FORCE, "The rate is worked out from the numbers shown here."),
        totals=((*total, share(total[2], total[1])),),
    )


def reasons_sheet(figures: Figures, vocabulary: Vocabulary) -> Sheet:
    """Why clinicians decide otherwise."""
    reasons = {name: one.title for name, one in vocabulary.override_reasons.items()}
    rows, total = listed(reasons, figures.counts[Part.REASON])
    return Sheet(
        "override-reasons",
        "Overrides by reason",
        "The reason that was given for the override that stands.",
        ("Reason", "Overridden"),
        rows,
        Drawn.BARS,
        (1,),
        notes=(IN_FORCE,),
        totals=(total,),
    )


def changes_sheet(figures: Figures, vocabulary: Vocabulary) -> Sheet:
    """Whether overrides raise or lower the urgency."""
    counts: Counter[Key] = Counter()
    for (decided, stands), count in figures.counts[Part.CHANGE].items():
        counts[_change(decided, stands, vocabulary),] += count
    rows, total = listed(CHANGES, counts)
    return Sheet(
        "override-urgency",
        "Overrides by what they do to the urgency",
        "Whether the override that stands is more or less urgent than what the rules decided.",
        ("Urgency that stands", "Overridden"),
        rows,
        Drawn.BARS,
        (1,),
        notes=("Urgent and the same day are one class of urgency.", IN_FORCE),
        totals=(total,),
    )


def _change(decided: str, stands: str, vocabulary: Vocabulary) -> str:
    before, now = (vocabulary.urgencies.get(one) for one in (decided, stands))
    if before is None or now is None:
        return OTHER
    if before.rank == now.rank:
        return "same"
    return "raised" if now.rank < before.rank else "lowered"
