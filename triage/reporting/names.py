"""What rows and columns are called, in the words of the rulebook of today."""

from __future__ import annotations

from triage.domain.search import AGE_BANDS
from triage.domain.vocabulary import Vocabulary
from triage.feedback.moments import date_words
from triage.reporting.figures import NOT_KNOWN
from triage.reporting.grids import Names
from triage.reporting.period import Period

NOT_ASKED = "99"
"""The ethnic category of whom nobody knows one, or asked (NHS Data Dictionary)."""


def routes(vocabulary: Vocabulary) -> Names:
    """The routes, the mildest first: so the most frequent stand at the foot of a column."""
    return {one.id: one.title for one in [*vocabulary.routes.values()][::-1]}


def weeks(period: Period) -> Names:
    """The weeks, each by its Monday."""
    return {day.isoformat(): date_words(day) for day in period.weeks()}


def sources(vocabulary: Vocabulary) -> Names:
    """The sources of referral: several codes have one title, so the code stands before it."""
    known = {name: f"{name} {one.title}" for name, one in vocabulary.sources_of_referral.items()}
    return {**known, NOT_KNOWN: "Not stated"}


def ages() -> Names:
    """The age bands."""
    words = {band: f"{band.replace('-', ' to ')} years" for band in AGE_BANDS}
    return {**words, "<18": "Under 18 years", "65+": "65 years and over", NOT_KNOWN: "Not known"}


def ethnic_categories(vocabulary: Vocabulary) -> Names:
    """The national codes; who declined to say and who was not asked are kept apart."""
    asked = {
        code: f"{code} {one.title}"
        for code, one in vocabulary.ethnic_categories.items()
        if code != NOT_ASKED
    }
    return {**asked, NOT_ASKED: f"{NOT_ASKED} Not known, not asked, or erased"}


def urgencies(vocabulary: Vocabulary) -> Names:
    """The urgencies, the most urgent first."""
    return {name: one.title for name, one in vocabulary.urgencies.items()}
