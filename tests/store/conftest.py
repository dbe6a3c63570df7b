"""What tests of whole logs ask for: honest ones, to be tampered with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from tests.databases import KINDS, database, log_settings
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


@pytest.fixture(scope="session", params=KINDS)
def lived_once(
    request: pytest.FixtureRequest, rulebook: Rulebook, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LivedLog]:
    """A log on either database, to be copied before it is tampered with."""
    with log_settings(request.param, tmp_path_factory.mktemp("lived")) as settings:
        yield lived(settings, rulebook, Random(2), 60)


@pytest.fixture
def lived_log(lived_once: LivedLog, tmp_path: Path) -> Iterator[LivedLog]:
    """An honest log on either database."""
    settings = lived_once.settings
    url = str(settings.database_url)
    with database(url.partition(":")[0], tmp_path, like=url) as copied:
        yield replace(lived_once, settings=replace(settings, database_url=copied))
