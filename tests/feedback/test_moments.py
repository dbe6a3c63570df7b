"""Clocks, moments and days in words."""

from __future__ import annotations

from datetime import date

import pytest

from triage.domain.vocabulary import Urgency
from triage.feedback.moments import clock_words, day_words, how_fast, moment_words
from triage.rulebook import Rulebook


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (0, "now"),
        (1, "within 1 hour"),
        (4, "within 4 hours"),
        (24, "within 24 hours"),
        (72, "within 72 hours"),
        (96, "within 4 days"),
        (100, "within 100 hours"),
        (168, "within 1 week"),
        (672, "within 4 weeks"),
        (None, "the same day"),
    ],
)
def test_a_clock_reads_in_the_largest_unit_that_is_exact(hours: int | None, words: str) -> None:
    assert clock_words(Urgency("any", "Any", 1, hours)) == words


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2026-11-20T14:15:00Z", "14:15 on Friday 20 November 2026"),
        ("2026-07-01T23:30:00Z", "00:30 on Thursday 2 July 2026"),
        ("2026-10-25T00:30:00Z", "01:30 on Sunday 25 October 2026"),
        ("2026-10-25T01:30:00Z", "01:30 on Sunday 25 October 2026"),
    ],
)
def test_a_moment_reads_by_the_clock_on_the_wall_in_the_united_kingdom(
    moment: str, words: str
) -> None:
    assert moment_words(moment) == words


def test_a_day_has_its_name() -> None:
    assert day_words(date(2026, 12, 4)) == "Friday 4 December 2026"


def test_each_urgency_of_the_rulebook_says_how_fast(rulebook: Rulebook) -> None:
    told = {
        name: how_fast(urgency, "2026-11-20T23:59:59Z")
        for name, urgency in rulebook.vocabulary.urgencies.items()
    }
    by = "by 23:59 on Friday 20 November 2026"
    assert told == {
        "emergency": "now",
        "very_urgent": f"within 4 hours, {by}",
        "urgent": f"within 24 hours, {by}",
        "same_day": f"the same day, {by}",
        "soon": f"within 72 hours, {by}",
        "routine": f"within 4 weeks, {by}",
    }


def test_an_urgency_that_is_not_known_leaves_the_moment() -> None:
    assert how_fast(None, "2026-11-20T14:15:00Z") == "by 14:15 on Friday 20 November 2026"
