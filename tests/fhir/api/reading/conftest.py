"""What tests of reading ask for: a service on each database, and one of a test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import KINDS
from tests.fhir.api.reading.desk import Desk, desk_of
from triage.decide import Decider


@pytest.fixture(scope="session", params=KINDS)
def desk(
    request: pytest.FixtureRequest, decider: Decider, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    """A service with a log that these tests share, once on SQLite and once on PostgreSQL."""
    with desk_of(request.param, tmp_path_factory.mktemp("reading"), decider) as desk:
        yield desk


@pytest.fixture
def own_desk(decider: Decider, tmp_path: Path) -> Iterator[Desk]:
    """A service with an empty log of a test's own."""
    with desk_of("sqlite", tmp_path, decider) as desk:
        yield desk
