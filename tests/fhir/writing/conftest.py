"""What tests of writing ask for: a log in which decisions really stand, and a writer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.fhir.writing.referred import PUBLIC_URL, Desk
from triage.config import Settings
from triage.decide import Decider
from triage.fhir.writing import DecisionWriter
from triage.rulebook import Rulebook
from triage.store.opening import open_log


@pytest.fixture(scope="session")
def desk(decider: Decider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Decides and records referrals."""
    folder = tmp_path_factory.mktemp("writing")
    settings = Settings(database_url=f"sqlite:///{folder}/log.db", keys=folder / "keys")
    with closing(open_log(settings)) as log:
        yield Desk(decider, log)


@pytest.fixture(scope="session")
def writer(rulebook: Rulebook) -> DecisionWriter:
    """A writer in the words of the shipped rulebook."""
    return DecisionWriter(rulebook, PUBLIC_URL)
