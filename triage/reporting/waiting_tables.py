"""Sheets of waiting: how long ago referrals were received, and whose time to respond has ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from triage.domain.clock import stamp
from triage.domain.vocabulary import RouteTerm, Vocabulary
from triage.feedback.moments import moment_words
from triage.reporting import names
from triage.reporting.figures import RUN_OUT, RUNS, Figures, Key, Part
from triage.reporting.grids import ALL, Names, grid
from triage.reporting.sheets import Drawn, Sheet
from triage.reporting.standards import BANDS, STANDARDS

NO_APPOINTMENT = (
    "No appointment is recorded here: this service does not hear whether anybody was seen. A clock"
    " is what has passed since receipt, and says neither that somebody waits nor that they do not."
)

_BANDS: Names = {str(place): words for place, words in enumerate(BANDS)}

_WITHIN = (*(one.title for one in STANDARDS), "Beyond all of these")


def waiting_sheet(figures: Figures, vocabulary: Vocabulary) -> Sheet:
    """How long ago referrals to talking therapies were received, beside the standards."""
    steps = _routes(vocabulary, lambda route: route.step is not None)
    found = grid(_waiting(figures, steps), _BANDS, steps)
    rows = zip(_WITHIN, found.rows, strict=True)
    return Sheet(
        "waiting",
        "Talking therapies: days since receipt",
        f"Referrals that stand at talking therapies, by the days since receipt, {_at(figures)}.",
        ("Days since receipt", "Still within", *found.columns, ALL),
        tuple((words, within, *cells) for within, (words, *cells) in rows),
        Drawn.PARTS,
        tuple(range(2, len(steps) + 2)),
        notes=(NO_APPOINTMENT, *(f"{one.title}: {one.source}." for one in STANDARDS)),
        wordy=2,
    )


def waiting_elsewhere_sheet(figures: Figures, vocabulary: Vocabulary) -> Sheet:
    """The same for every other route, which those standards are not about."""
    others = _routes(vocabulary, lambda route: route.step is None)
    counts: Counter[Key] = Counter()
    for (band, route), count in _waiting(figures, others).items():
        counts[route, band] = count
    found = grid(counts, others, _BANDS)
    return Sheet(
        "waiting-elsewhere",
        "Other routes: days since receipt",
        f"Referrals that stand at another route, by the days since receipt, {_at(figures)}.",
        ("Route", *found.columns, ALL),
        found.rows,
        Drawn.PARTS,
        tuple(range(1, len(BANDS) + 1)),
        notes=(
            NO_APPOINTMENT,
            "The standards of 14 and 28 days, 6 and 18 weeks are not for these.",
        ),
    )


def clocks_sheet(figures: Figures, vocabulary: Vocabulary) -> Sheet:
    """Whose time to respond has ended, by urgency."""
    ends = {RUNS: "Still runs", RUN_OUT: "Has ended"}
    found = grid(figures.counts[Part.CLOCK], names.urgencies(vocabulary), ends)
    return Sheet(
        "clocks",
        "Time to respond, by urgency",
        f"Whether the time to respond by has ended, by the urgency that stands, {_at(figures)}.",
        ("Urgency", *found.columns, ALL),
        found.rows,
        Drawn.PARTS,
        (1, 2),
        notes=(NO_APPOINTMENT,),
    )


def _routes(vocabulary: Vocabulary, fit: Callable[[RouteTerm], bool]) -> Names:
    titles = names.routes(vocabulary)
    return {name: title for name, title in titles.items() if fit(vocabulary.routes[name])}


def _waiting(figures: Figures, routes: Names) -> Counter[Key]:
    """Counts by band and route, of these routes."""
    counts = figures.counts[Part.WAITING]
    return Counter({key: count for key, count in counts.items() if key[1] in routes})


def _at(figures: Figures) -> str:
    return f"as of {moment_words(stamp(figures.as_of))}"
