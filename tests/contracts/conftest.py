"""What tests of the outside ask for: the app in this process, and the service as it really runs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.contracts.desks import Desk, desk_of
from tests.databases import KINDS
from tests.running import Service, running
from triage.app import create_app
from triage.config import Settings


@pytest.fixture(scope="session")
def app() -> Flask:
    """The service in this process, with the shipped rules."""
    return create_app(Settings())


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Calls the service in this process."""
    return app.test_client()


@pytest.fixture(scope="session")
def service() -> Iterator[Service]:
    """The service under gunicorn with two workers, at a free port."""
    with running() as service:
        yield service


@pytest.fixture(scope="session", params=KINDS)
def desk(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    """A service with a log, once on SQLite and once on PostgreSQL, to record at."""
    with desk_of(request.param, tmp_path_factory.mktemp("desk")) as desk:
        yield desk
