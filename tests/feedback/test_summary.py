"""A decision in one line for a card."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.feedback.moments import clock_words
from triage.feedback.summary import Headline
from triage.rulebook import Rulebook, load_rulebook

ROTHERHAM = Path(__file__).parents[2] / "rules" / "rotherham"
PHONE = "01632 960101"


def every(rulebook: Rulebook) -> list[Headline]:
    words = rulebook.vocabulary
    return [
        Headline(route.title, clock_words(urgency), PHONE, urgency.danger, held)
        for route, urgency, held in product(
            words.routes.values(), words.urgencies.values(), (True, False)
        )
    ]


def test_every_route_at_every_urgency_fits_and_is_not_cut(rulebook: Rulebook) -> None:
    headlines = every(rulebook)
    assert len(headlines) == 10 * 6 * 2
    for one in headlines:
        summary = one.summary()
        assert len(summary) < 140
        assert summary.startswith(one.title)
        assert one.clock in summary
        assert one.phone in summary
        assert "…" not in summary
        assert summary.endswith("until a clinician has looked") == one.held


HELD = "book nothing until a clinician has looked"

READ: dict[str, Headline] = {
    "Crisis team within 4 hours: ring 01632 960001 now": Headline(
        "Crisis team", "within 4 hours", "01632 960001", danger=True, held=False
    ),
    "Emergency services now: ring 999": Headline(
        "Emergency services", "now", "999", danger=True, held=False
    ),
    f"Talking therapies, step 2, the same day: 01632 960007; {HELD}": Headline(
        "Talking therapies, step 2", "the same day", "01632 960007", danger=False, held=True
    ),
    "A new route: 01632 960007": Headline(
        "A new route", "", "01632 960007", danger=False, held=False
    ),
}


@pytest.mark.parametrize("summary", READ)
def test_a_summary_reads_as_a_sentence(summary: str) -> None:
    assert READ[summary].summary() == summary


WORDS = st.lists(st.text("abcdefghij-", min_size=1, max_size=200), min_size=1, max_size=40)


@given(WORDS, st.booleans(), st.booleans())
def test_a_long_title_is_never_cut_in_the_middle_of_a_word(
    words: list[str], danger: bool, held: bool
) -> None:
    one = Headline(" ".join(words), "within 4 hours", "01632 960001", danger=danger, held=held)
    summary = one.summary()
    assert len(summary) < 140
    assert one.phone in summary
    assert one.clock in summary
    told = summary.partition(one.clock)[0].rstrip(", ").removesuffix("…").split()
    assert told == words[: len(told)]


@given(WORDS, WORDS)
def test_a_telephone_number_without_end_does_not_break_a_card(
    title: list[str], phone: list[str]
) -> None:
    one = Headline(" ".join(title), "within 4 hours", " ".join(phone), danger=True, held=True)
    assert 0 < len(one.summary()) < 140


def test_the_shipped_overlay_fits_as_well() -> None:
    rotherham = load_rulebook(ROTHERHAM)
    assert all("…" not in one.summary() for one in every(rotherham))
