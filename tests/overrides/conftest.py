"""What tests of overrides ask for: a desk on each database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.databases import KINDS, log_settings
from tests.overrides.desk import Desk
from triage import app as joining
from triage.store.log import DecisionLog
from triage.store.opening import open_log


@pytest.fixture(scope="session", params=KINDS)
def desk(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    """A service with a log that these tests share, once on SQLite and once on PostgreSQL."""
    opened: list[DecisionLog] = []

    def opening(*how: Any) -> DecisionLog:
        opened.append(open_log(*how))
        return opened[0]

    folder = tmp_path_factory.mktemp("overrides")
    with log_settings(request.param, folder) as settings, pytest.MonkeyPatch.context() as patch:
        patch.setattr(joining, "open_log", opening)
        client = joining.create_app(settings).test_client()
        yield Desk(client, opened[0], folder / "keys")
        opened[0].close()
