"""What every test may ask for: the shipped rulebook and a decider made ready once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import databases
from tests.databases import KINDS
from tests.edited_rules import EditedRules
from tests.kept import KEPT
from tests.without_gaps import decider_without_gaps
from triage.config import Settings
from triage.decide import Decider
from triage.rulebook import Rulebook, load_rulebook

settings.register_profile("ours", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ours")  # nothing fails because a machine is slow


@pytest.fixture(scope="session", autouse=True)
def _data_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing that tests do reaches the log, the keys and the diagrams of whoever runs them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session", autouse=True)
def _kept() -> Iterator[None]:
    """What was made once for all tests is gone after them."""
    with KEPT:
        yield


@pytest.fixture(params=KINDS)
def log_settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """The settings of a log of its own, once on SQLite and once on PostgreSQL."""
    with databases.log_settings(request.param, tmp_path) as settings:
        yield settings


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


@pytest.fixture(scope="session")
def quick_decider(rulebook: Rulebook) -> Iterator[Decider]:
    """The same for very many referrals: it does not look for what is still missing."""
    made = decider_without_gaps(rulebook)
    yield made
    made.close()


@pytest.fixture
def edited_rules(tmp_path: Path) -> EditedRules:
    """A copy of the shipped rule files, to be edited and loaded."""
    directory = tmp_path / "rules"
    directory.mkdir()
    return EditedRules(directory)
