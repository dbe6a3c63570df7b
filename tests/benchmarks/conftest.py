"""What the benchmarks share: referrals to decide, and a way to print a figure."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.benchmarks.figures import referrals_to_decide
from triage.decide import Decider
from triage.domain.referral import Referral
from triage.rulebook import load_rulebook

Say = Callable[[str], None]


@pytest.fixture(scope="session")
def referrals() -> list[Referral]:
    return referrals_to_decide()


@pytest.fixture(scope="session")
def ready() -> Iterator[Decider]:
    """A decider of the shipped rulebook, warmed up."""
    made = Decider(load_rulebook())
    for referral in referrals_to_decide() * 20:
        made.decide(referral)
    yield made
    made.close()


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """Prints a line of figures whatever pytest captures."""

    def saying(line: str) -> None:
        with capsys.disabled():
            print(f"\n  {line}", end="")  # noqa: T201

    return saying
