from __future__ import annotations

from pathlib import Path

import pytest

from tests.fhir.api.desk import Desk
from triage.app import create_app
from triage.config import Settings


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A GP system and a service with a log of its own."""
    folder = tmp_path_factory.mktemp("fhir")
    settings = Settings(
        keys=folder / "keys",
        database_url=f"sqlite:///{folder / 'log.db'}",
        rate_limit="999999/second",
    )
    return Desk(create_app(settings).test_client())


@pytest.fixture(scope="session")
def payloads() -> Path:
    """The folder of published examples."""
    folder = Path(__file__).parents[4] / "shared" / "payloads"
    if not folder.is_dir():
        pytest.skip("the published examples are not beside the project")
    return folder
