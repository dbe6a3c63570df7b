"""What tests of the decision page ask for: a desk that they share, and one to tamper with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web.decision.desk import Desk, desk_in


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A service with a log that nobody tampers with."""
    with desk_in(tmp_path_factory.mktemp("decisions")) as desk:
        yield desk


@pytest.fixture(scope="session")
def tampered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A service whose database somebody changes behind its back."""
    with desk_in(tmp_path_factory.mktemp("tampered")) as desk:
        yield desk
