"""What tests of access ask for: an issuer, a service that believes it, and one of this machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.access.tokens import AnIssuer
from triage.app import create_app
from triage.config import Settings


@pytest.fixture(scope="session")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> AnIssuer:
    """An issuer of tokens."""
    return AnIssuer(tmp_path_factory.mktemp("issuer"))


@pytest.fixture(scope="session")
def guarded(issuer: AnIssuer) -> Flask:
    """A service that believes the issuer, and where people can sign in."""
    return create_app(issuer.settings(client_id="pages"))


@pytest.fixture
def caller(guarded: Flask) -> FlaskClient:
    """Calls that service."""
    return guarded.test_client()


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of what belongs to the service of this machine."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def local_settings(home: Path) -> Settings:
    """Settings of a service of this machine, without an issuer."""
    return Settings(keys=home / "keys", database_url=f"sqlite:///{home / 'log.db'}")


@pytest.fixture(scope="session")
def local_app(local_settings: Settings) -> Flask:
    """A service of this machine, without an issuer."""
    return create_app(local_settings)


@pytest.fixture
def here(local_app: Flask) -> FlaskClient:
    """Calls it from this machine."""
    return local_app.test_client()
