"""Pages of other origins: those that are listed may make CDS Hooks calls, and nothing more."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.access.cds_client import (
    DISCOVERY,
    FEEDBACK,
    SERVICE,
    URL,
    CdsClient,
    Seen,
    cds_settings,
    hooks_app,
)

NAMED = "Access-Control-Allow-Origin"

LISTED = "https://pages.ehr.example"

OTHERS = [
    "https://elsewhere.example",
    "https://ehr.example",
    "http://pages.ehr.example",
    "https://pages.ehr.example:8443",
    "https://pages.ehr.example.elsewhere.example",
    "https://PAGES.ehr.example",
    "https://pages.ehr.example/",
    "https://pages.ehr.example, https://elsewhere.example",
    "null",
    "*",
    "",
]


@pytest.fixture
def ehr(tmp_path: Path) -> CdsClient:
    """A client with pages."""
    return CdsClient(tmp_path)


@pytest.fixture
def app(tmp_path: Path, ehr: CdsClient) -> Flask:
    """A service that they may call."""
    app = hooks_app(cds_settings(tmp_path, ehr), Seen().first_sight)
    assert ehr.origin == LISTED
    return app


@pytest.fixture
def hooks(app: Flask) -> FlaskClient:
    """Calls it."""
    return app.test_client()


def asking(origin: str) -> dict[str, str]:
    """What a browser asks before a page may call."""
    return {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }


@pytest.mark.parametrize("path", [DISCOVERY, SERVICE, FEEDBACK])
def test_a_listed_page_is_told_what_it_may_send(path: str, hooks: FlaskClient) -> None:
    answer = hooks.options(path, headers=asking(LISTED))
    assert (answer.status_code, answer.data) == (204, b"")
    assert answer.headers[NAMED] == LISTED
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, POST"
    assert answer.headers["Access-Control-Allow-Headers"] == "Authorization, Content-Type"
    assert int(answer.headers["Access-Control-Max-Age"]) > 0
    assert "Content-Type" not in answer.headers
    assert "Origin" in answer.vary


@pytest.mark.parametrize("origin", OTHERS)
def test_another_page_is_told_nothing(origin: str, hooks: FlaskClient, ehr: CdsClient) -> None:
    for answer in (
        hooks.options(SERVICE, headers=asking(origin)),
        hooks.post(SERVICE, headers={"Origin": origin, **ehr.bearer(URL)}),
    ):
        assert not any(name.startswith("Access-Control") for name, _ in answer.headers)
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Origin" in answer.vary


def test_a_listed_page_reads_the_answer(hooks: FlaskClient, ehr: CdsClient) -> None:
    answer = hooks.post(SERVICE, headers={"Origin": LISTED, **ehr.bearer(URL)})
    assert (answer.status_code, answer.headers[NAMED]) == (200, LISTED)
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Origin" in answer.vary


def test_a_listed_page_reads_why_it_was_refused(hooks: FlaskClient) -> None:
    answer = hooks.post(SERVICE, headers={"Origin": LISTED})
    assert (answer.status_code, answer.headers[NAMED]) == (401, LISTED)
    assert "WWW-Authenticate" in answer.headers["Access-Control-Expose-Headers"]


def test_no_cookie_ever_comes_along(hooks: FlaskClient, ehr: CdsClient) -> None:
    for answer in (
        hooks.options(SERVICE, headers=asking(LISTED)),
        hooks.post(SERVICE, headers={"Origin": LISTED, **ehr.bearer(URL)}),
    ):
        assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize("path", ["/cds-servicesandmore", "/v1/triage", "/", "/cds-service"])
def test_only_cds_hooks_calls_are_open_to_pages(path: str, app: Flask) -> None:
    app.register_error_handler(404, lambda _: ("nothing", 404))
    for method in ("OPTIONS", "POST"):
        answer = app.test_client().open(path, method=method, headers=asking(LISTED))
        assert (answer.status_code, NAMED in answer.headers) == (404, False)


def test_a_path_that_is_not_there_is_not_there(hooks: FlaskClient) -> None:
    assert hooks.options(f"{SERVICE}/nothing", headers=asking(LISTED)).status_code == 404


def test_a_call_without_a_page_is_answered_as_ever(hooks: FlaskClient, ehr: CdsClient) -> None:
    answer = hooks.post(SERVICE, headers=ehr.bearer(URL))
    assert (answer.status_code, NAMED in answer.headers) == (200, False)
