"""Sheets of where referrals go: by route, week, source, age band and ethnic category."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from triage.domain.vocabulary import Vocabulary
from triage.reporting import names
from triage.reporting.figures import COUNTED, Figures, Key, Part
from triage.reporting.grids import ALL, Names, grid, listed, with_a_number
from triage.reporting.sheets import Drawn, Sheet
from triage.store.figures import LeftOut


def received_sheet(figures: Figures, _vocabulary: Vocabulary) -> Sheet:
    """How many referrals were received, and how many of them count."""
    words = {
        COUNTED: "Counted in these figures",
        LeftOut.CANCELLED: "Left out: taken back by whoever sent it",
        LeftOut.SUPERSEDED: "Left out: a later decision took its place",
    }
    rows, total = listed(words, figures.counts[Part.RECEIVED])
    return Sheet(
        "received",
        "Referrals received",
        "Referrals by the day they were received, and which of them count.",
        ("What became of it", "Referrals"),
        rows,
        Drawn.BARS,
        (1,),
        totals=(total,),
    )


def routes_sheet(figures: Figures, vocabulary: Vocabulary) -> Sheet:
    """Each route as it stands, and beside it as it was decided."""
    counts = figures.counts
    rows, total = listed(names.routes(vocabulary), counts[Part.STANDS], counts[Part.DECIDED])
    return Sheet(
        "routes",
        "Routes as they stand, and as they were decided",
        "Referrals by route: what stands now, after overrides, beside what the rules decided.",
        ("Route", "Stands now", "As decided"),
        rows,
        Drawn.PAIRS,
        (1, 2),
        notes=("The chart shows what was decided only where it differs.",),
        totals=(total,),
    )


def weeks_sheet(figures: Figures, vocabulary: Vocabulary) -> Sheet:
    """Routes by week."""
    note = "The first and the last week may have fewer than seven days in the period."
    counts = figures.counts[Part.WEEK]
    return _mix(_WEEKS, counts, names.weeks(figures.period), vocabulary, note)


def sources_sheet(figures: Figures, vocabulary: Vocabulary) -> Sheet:
    """Routes by source of referral; the many of which no number is told are not listed."""
    note = "A source is listed where at least one number of it is shown."
    counts = figures.counts[Part.SOURCE]
    found = _mix(_SOURCES, counts, names.sources(vocabulary), vocabulary, note)
    return replace(found, rows=with_a_number(found.rows))


def ages_sheet(figures: Figures, vocabulary: Vocabulary) -> Sheet:
    """Routes by age band."""
    note = "Age in completed years on the day of receipt; the bands are those of national figures."
    return _mix(_AGES, figures.counts[Part.AGE], names.ages(), vocabulary, note)


def ethnicities_sheet(figures: Figures, vocabulary: Vocabulary) -> Sheet:
    """Routes by ethnic category."""
    note = (
        "National codes of 2001; a second character, which is local, is passed over. Z, asked and"
        " declined, is kept apart from not known. Of whoever was erased nothing is known any more."
    )
    counts = _by_national_code(figures.counts[Part.ETHNICITY], vocabulary)
    return _mix(_ETHNICITIES, counts, names.ethnic_categories(vocabulary), vocabulary, note)


@dataclass(frozen=True, slots=True)
class _By:
    """By what routes are mixed: the id of the sheet, its words, and how it is drawn."""

    id: str
    what: str
    heading: str
    drawn: Drawn = Drawn.PARTS


_WEEKS = _By("weeks", "week", "Week beginning", Drawn.COLUMNS)
_SOURCES = _By("sources", "source of referral", "Source of referral")
_AGES = _By("ages", "age band", "Age band")
_ETHNICITIES = _By("ethnicities", "ethnic category", "Ethnic category")


def _mix(by: _By, counts: Counter[Key], rows: Names, vocabulary: Vocabulary, note: str) -> Sheet:
    found = grid(counts, rows, names.routes(vocabulary))
    return Sheet(
        by.id,
        f"Routes by {by.what}",
        f"Referrals by {by.what} and by the route that stands now, after overrides.",
        (by.heading, *found.columns, ALL),
        found.rows,
        by.drawn,
        tuple(range(1, len(found.columns) + 1)),
        notes=(note,),
    )


def _by_national_code(counts: Counter[Key], vocabulary: Vocabulary) -> Counter[Key]:
    """The same by the national code: the whole of what was given, or its first character."""
    found: Counter[Key] = Counter()
    for (given, route), count in counts.items():
        code = given if given in vocabulary.ethnic_categories else given[:1]
        found[code or names.NOT_ASKED, route] += count
    return found
