"""Waits grow and are spread, and there is an end to them after about three days."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from triage.deliver.backoff import Backoff

MOST, HALF = Backoff(draw=lambda: 1.0), Backoff(draw=lambda: 0.5)

SIX_HOURS = timedelta(hours=6)


def test_the_longest_wait_doubles_up_to_six_hours() -> None:
    found = [MOST.wait(attempt).total_seconds() / 60 for attempt in range(1, 12)]
    assert found == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]


def test_it_is_given_up_after_about_three_days() -> None:
    whole = sum((HALF.wait(one) for one in range(1, HALF.attempts)), timedelta())
    assert timedelta(days=2.5) < whole < timedelta(days=3.5)


@given(st.integers(1, 10_000), st.floats(0, 1), st.floats(0, 1e12))
def test_every_wait_is_within_what_was_drawn_and_what_was_asked(
    attempt: int, drawn: float, asked: float
) -> None:
    backoff = Backoff(draw=lambda: drawn)
    found = backoff.wait(attempt, asked)
    least = min(timedelta(seconds=min(asked, 21_600)), SIX_HOURS)
    assert least <= found <= max(least, MOST.wait(attempt)) <= SIX_HOURS


def test_who_fails_together_does_not_come_back_together() -> None:
    assert len({Backoff().wait(5) for _ in range(50)}) > 40
