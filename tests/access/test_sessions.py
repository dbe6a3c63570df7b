"""What somebody who signed in may do, how long, and what their cookie is worth."""

from __future__ import annotations

import time
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.access.browsing import (
    BEYOND,
    page,
    pages_settings,
    refused,
    sign_in,
)
from tests.access.provider import Provider
from tests.access.tokens import AnIssuer, a_key, bearer, signed
from triage.access.sessions import IDLE_SECONDS, LONGEST_SECONDS, SESSION_KEY
from triage.app import create_app


def test_the_page_may_load_nothing_but_files_of_this_service(browser: FlaskClient) -> None:
    sign_in(browser)
    policy = page(browser).headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy
    assert page(browser).headers["Cache-Control"] == "no-store"


def cookie_of(answer: TestResponse) -> str:
    """The cookie that an answer sets."""
    (found,) = answer.headers.getlist("Set-Cookie")
    return found


def test_beyond_this_machine_the_cookie_is_kept_to_https_and_the_host(
    browser: FlaskClient,
) -> None:
    cookie = cookie_of(sign_in(browser, BEYOND))
    assert cookie.startswith("__Host-triage=")
    for attribute in ("; Secure", "; HttpOnly", "; Path=/", "; SameSite=Lax"):
        assert attribute in cookie
    assert "Domain" not in cookie
    assert page(browser, BEYOND).status_code == 200


def test_on_this_machine_the_cookie_needs_no_https(browser: FlaskClient) -> None:
    cookie = cookie_of(sign_in(browser))
    assert cookie.startswith("triage=")
    assert "Secure" not in cookie
    for attribute in ("; HttpOnly", "; SameSite=Lax"):
        assert attribute in cookie


def test_a_session_opens_no_call(browser: FlaskClient, provider: Provider) -> None:
    sign_in(browser)
    assert page(browser).status_code == 200
    for method, path in (("GET", "/v1/vocabulary"), ("POST", "/v1/triage")):
        answer = browser.open(path, method=method, json={})
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="referral-triage"'
    token = bearer(provider.token())
    assert browser.get("/v1/vocabulary", headers=token).status_code == 200


def test_an_id_token_opens_no_call(browser: FlaskClient, provider: Provider) -> None:
    kept: list[str] = []

    def keep(claims: dict[str, Any]) -> str:
        kept.append(signed(claims, a_key()))
        return kept[0]

    provider.id_token = keep
    sign_in(browser)
    assert browser.get("/v1/vocabulary", headers=bearer(kept[0])).status_code == 401


def form_of(browser: FlaskClient) -> dict[str, str]:
    """What the form on the page sends."""
    text = page(browser).get_data(as_text=True)
    return {"form": text.partition('name="form" value="')[2].partition('"')[0]}


def test_somebody_signs_out(browser: FlaskClient) -> None:
    sign_in(browser)
    answer = browser.post("/sign-out", data=form_of(browser))
    assert (answer.status_code, answer.location) == (303, "/signed-out")
    assert "You are signed out" in browser.get("/signed-out").get_data(as_text=True)
    assert (page(browser).status_code, page(browser).location) == (303, "/sign-in")


@pytest.mark.parametrize("sent", [{}, {"form": ""}, {"form": "another"}, {"form": "é"}])
def test_a_form_that_is_not_ones_own_does_nothing(
    sent: dict[str, str], browser: FlaskClient
) -> None:
    sign_in(browser)
    refused(browser.post("/sign-out", data=sent), HTTPStatus.FORBIDDEN)
    assert page(browser).status_code == 200


def test_a_form_of_nobody_is_refused(browser: FlaskClient) -> None:
    refused(browser.post("/sign-out", data={"form": ""}), HTTPStatus.UNAUTHORIZED)


def ago(browser: FlaskClient, **seconds: int) -> None:
    """Let the session of a browser have begun, or have been used, so long ago."""
    with browser.session_transaction() as session:
        for name, value in seconds.items():
            session[name] = int(time.time()) - value


def test_a_session_ends_when_it_is_idle(browser: FlaskClient) -> None:
    sign_in(browser)
    ago(browser, seen=IDLE_SECONDS - 60)
    assert page(browser).status_code == 200
    ago(browser, seen=IDLE_SECONDS + 1)
    assert page(browser).status_code == 303
    assert page(browser).status_code == 303


def test_a_session_ends_at_the_end_of_a_working_day(browser: FlaskClient) -> None:
    sign_in(browser)
    ago(browser, since=LONGEST_SECONDS - 60)
    assert page(browser).status_code == 200
    ago(browser, since=LONGEST_SECONDS + 1)
    assert page(browser).status_code == 303


def test_a_session_in_use_goes_on(browser: FlaskClient) -> None:
    sign_in(browser)
    ago(browser, seen=IDLE_SECONDS - 60)
    assert "Set-Cookie" in page(browser).headers
    assert "Set-Cookie" not in page(browser).headers
    with browser.session_transaction() as session:
        assert time.time() - session["seen"] < 60


def test_a_cookie_that_was_changed_is_nothing(browser: FlaskClient) -> None:
    sign_in(browser)
    cookie = browser.get_cookie("triage")
    assert cookie is not None
    browser.set_cookie("triage", f"{cookie.value[:-4]}AAAA")
    assert page(browser).status_code == 303


def test_a_cookie_of_another_service_is_nothing(browser: FlaskClient, tmp_path: Path) -> None:
    sign_in(browser)
    cookie = browser.get_cookie("triage")
    assert cookie is not None
    (tmp_path / "another").mkdir()
    elsewhere = create_app(AnIssuer(tmp_path / "another").settings(client_id="pages"))
    other = elsewhere.test_client()
    other.set_cookie("triage", cookie.value)
    assert page(other).status_code == 303


def test_the_key_of_sessions_is_kept_for_the_next_start(
    fresh: FlaskClient, provider: Provider, tmp_path: Path
) -> None:
    sign_in(fresh)
    cookie = fresh.get_cookie("triage")
    assert cookie is not None
    assert (tmp_path / "keys" / SESSION_KEY).stat().st_mode & 0o777 == 0o600
    again = create_app(pages_settings(provider, tmp_path)).test_client()
    again.set_cookie("triage", cookie.value)
    assert page(again).status_code == 200
