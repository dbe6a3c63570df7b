"""What tests of the outside ask for: the app in this process, and the service as it really runs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

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
