"""What tests of CDS Hooks ask for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.cds_hooks.desk import EHR, Desk, desk_of
from tests.cds_hooks.fhir_server import FhirServer, a_fhir_server
from tests.running import LONGEST_WAIT
from triage.cds_hooks import fetching
from triage.config import Settings
from triage.decide import Decider


@pytest.fixture(scope="package", autouse=True)
def _patience() -> Iterator[None]:
    """Nothing is done without because a machine is slow."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fetching, "EACH_SECONDS", LONGEST_WAIT)
        patch.setattr(fetching, "ALL_SECONDS", LONGEST_WAIT)
        yield


@pytest.fixture
def server() -> Iterator[FhirServer]:
    """A FHIR server on this machine."""
    with a_fhir_server() as server:
        yield server


@pytest.fixture(scope="package")
def _desk(decider: Decider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("cards")
    settings = Settings(database_url=f"sqlite:///{folder}/log.db", keys=folder / "keys")
    with desk_of(decider, settings) as desk:
        yield desk


@pytest.fixture
def desk(_desk: Desk) -> Desk:
    """A service by the shipped rules, and no FHIR server that is listed for anybody yet."""
    _desk.listed.servers.clear()
    return replace(_desk, caller=EHR)
