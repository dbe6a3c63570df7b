"""What every test may ask for: the shipped rulebook and a decider made ready once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from triage.decide import Decider
from triage.rulebook import Rulebook, load_rulebook


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    """The shipped rulebook."""
    return load_rulebook()


@pytest.fixture(scope="session")
def decider(rulebook: Rulebook) -> Iterator[Decider]:
    """The shipped rulebook made ready to decide."""
    made = Decider(rulebook)
    yield made
    made.close()
