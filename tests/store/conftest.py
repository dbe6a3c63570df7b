"""What tests of whole logs ask for: honest ones, to be tampered with."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.store.lived_logs import LivedLog, lived
from triage.config import Settings
from triage.rulebook import Rulebook


@pytest.fixture(scope="session")
def honest(rulebook: Rulebook, tmp_path_factory: pytest.TempPathFactory) -> LivedLog:
    """A log in SQLite, to be copied before it is tampered with."""
    folder = tmp_path_factory.mktemp("honest")
    settings = Settings(database_url=f"sqlite:///{folder / 'log.db'}", keys=folder / "keys")
    return lived(settings, rulebook, Random(1), 120)


@pytest.fixture
def copied(honest: LivedLog, tmp_path: Path) -> LivedLog:
    """A copy of the honest log."""
    return honest.copied(tmp_path / "copied.db")


@pytest.fixture
def lived_log(log_settings: Settings, rulebook: Rulebook) -> LivedLog:
    """An honest log on either database."""
    return lived(log_settings, rulebook, Random(2), 60)
