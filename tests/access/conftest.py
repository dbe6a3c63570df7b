"""What tests of access ask for: an issuer, a service that believes it, and one of this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.access.browsing import pages_settings
from tests.access.provider import Provider, provider_running
from tests.access.tokens import AnIssuer
from tests.running import LONGEST_WAIT
from triage.access import published
from triage.app import create_app
from triage.config import Settings


@pytest.fixture(scope="package", autouse=True)
def _patience() -> Iterator[None]:
    """No issuer is given up because a machine is slow."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(published, "TIMEOUT_SECONDS", LONGEST_WAIT)
        yield


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


@pytest.fixture(scope="session")
def running() -> Iterator[Provider]:
    """An issuer that signs people in."""
    with provider_running() as provider:
        yield provider


@pytest.fixture
def provider(running: Provider) -> Provider:
    """That issuer, before anybody came."""
    running.reset()
    return running


@pytest.fixture(scope="session")
def pages(running: Provider, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """A service whose people sign in at the provider."""
    return create_app(pages_settings(running, tmp_path_factory.mktemp("pages")))


@pytest.fixture
def browser(pages: Flask, provider: Provider) -> FlaskClient:
    """A browser that was never there before."""
    assert provider.asked == []
    return pages.test_client()


@pytest.fixture
def fresh(provider: Provider, tmp_path: Path) -> FlaskClient:
    """A browser, and a service that was just started."""
    return create_app(pages_settings(provider, tmp_path)).test_client()
