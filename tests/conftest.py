"""What every test may ask for: the shipped rulebook and a decider made ready once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.edited_rules import EditedRules
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


@pytest.fixture
def edited_rules(tmp_path: Path) -> EditedRules:
    """A copy of the shipped rule files, to be edited and loaded."""
    directory = tmp_path / "rules"
    directory.mkdir()
    return EditedRules(directory)
