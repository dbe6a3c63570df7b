"""A browser that signs in: what it does, and what it is told."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path

import requests
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.access.provider import CLIENT, SECRET, Provider
from tests.access.tokens import AnIssuer
from tests.running import LONGEST_WAIT
from triage.config import Settings

HERE, BEYOND = "http://localhost", "https://triage.example"


def pages_settings(provider: Provider, folder: Path, secret: str | None = SECRET) -> Settings:
    """Settings of a service whose people sign in at the provider."""
    issuer = AnIssuer(folder)
    return issuer.settings(
        issuer=provider.issuer, jwks=None, client_id=CLIENT, client_secret=secret
    )


def sent_to_issuer(browser: FlaskClient, base: str = HERE) -> str:
    """The address that a browser is sent to when somebody signs in."""
    answer = browser.get("/sign-in", base_url=base)
    assert answer.status_code == HTTPStatus.FOUND
    assert answer.location is not None
    return answer.location


def sent_back(location: str) -> str:
    """The address that the issuer sends the browser back to."""
    answer = requests.get(location, allow_redirects=False, timeout=LONGEST_WAIT)
    assert answer.status_code == HTTPStatus.FOUND, answer.text
    return answer.headers["Location"]


def come_back(browser: FlaskClient, address: str, base: str = HERE) -> TestResponse:
    """The answer to a browser that comes back."""
    assert address.startswith(f"{base}/sign-in/return?")
    return browser.get(address.removeprefix(base), base_url=base)


def sign_in(browser: FlaskClient, base: str = HERE) -> TestResponse:
    """The answer to a browser that went to the issuer and back."""
    return come_back(browser, sent_back(sent_to_issuer(browser, base)), base)


def page(browser: FlaskClient, base: str = HERE) -> TestResponse:
    """The page of who is signed in."""
    return browser.get("/signed-in", base_url=base)


def refused(answer: TestResponse, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> None:
    """Nobody was signed in, and that is said."""
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
