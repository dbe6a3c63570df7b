"""Signing in to the pages, with a small provider over real HTTP, and what a session opens."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from joserfc.jwk import ECKey
from werkzeug.test import TestResponse

from tests.access.provider import CLIENT, SECRET, Provider, provider_running
from tests.access.tokens import AnIssuer, a_key, bearer, signed
from tests.pages.html import Page
from triage.access.sessions import IDLE_SECONDS, LONGEST_SECONDS, SESSION_KEY
from triage.app import create_app
from triage.config import Settings
from triage.domain.caller import ISSUED_ROLES

HERE, BEYOND = "http://localhost", "https://triage.example"

OTHER = ECKey.generate_key("P-256", {"kid": "one"})


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    """An issuer that signs people in."""
    with provider_running() as provider:
        yield provider


@pytest.fixture
def provider(running: Provider) -> Provider:
    """That issuer, before anybody came."""
    running.reset()
    return running


def settings(provider: Provider, folder: Path, secret: str | None = SECRET) -> Settings:
    """Settings of a service whose people sign in at the provider."""
    issuer = AnIssuer(folder)
    return issuer.settings(
        issuer=provider.issuer, jwks=None, client_id=CLIENT, client_secret=secret
    )


@pytest.fixture(scope="module")
def pages(running: Provider, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """A service whose people sign in at the provider."""
    return create_app(settings(running, tmp_path_factory.mktemp("pages")))


@pytest.fixture
def browser(pages: Flask, provider: Provider) -> FlaskClient:
    """A browser that was never there before."""
    assert provider.asked == []
    return pages.test_client()


@pytest.fixture
def fresh(provider: Provider, tmp_path: Path) -> FlaskClient:
    """A browser, and a service that was just started."""
    return create_app(settings(provider, tmp_path)).test_client()


def sent_to_issuer(browser: FlaskClient, base: str = HERE) -> str:
    """The address that a browser is sent to when somebody signs in."""
    answer = browser.get("/sign-in", base_url=base)
    assert answer.status_code == HTTPStatus.FOUND
    assert answer.location is not None
    return answer.location


def sent_back(location: str) -> str:
    """The address that the issuer sends the browser back to."""
    answer = requests.get(location, allow_redirects=False, timeout=10)
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


def test_somebody_signs_in_and_is_told_as_whom(browser: FlaskClient) -> None:
    assert (page(browser).status_code, page(browser).location) == (303, "/sign-in")
    answer = sign_in(browser)
    assert (answer.status_code, answer.location) == (303, "/signed-in")
    shown = Page(page(browser).get_data(as_text=True))
    assert "You are signed in as a clinician" in shown.text
    assert "Sign out" in shown.text
    assert shown.loads == []


@pytest.mark.parametrize("role", ISSUED_ROLES)
def test_each_role_signs_in(role: str, browser: FlaskClient, provider: Provider) -> None:
    provider.person["roles"] = [role]
    assert sign_in(browser).status_code == 303
    assert role.replace("_", " ").lower() in page(browser).get_data(as_text=True).lower()


def test_the_issuer_is_asked_as_the_standards_say(browser: FlaskClient) -> None:
    first, second = (sent_to_issuer(browser) for _ in range(2))
    asked, again = (
        {name: value for name, (value,) in parse_qs(urlsplit(one).query).items()}
        for one in (first, second)
    )
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert asked["scope"] == "openid"
    assert asked["prompt"] == "login"
    assert asked["redirect_uri"] == "http://localhost/sign-in/return"
    for name in ("state", "nonce", "code_challenge"):
        assert len(asked[name]) >= 20
        assert asked[name] != again[name]


def test_the_page_may_load_nothing_but_its_own_style(browser: FlaskClient) -> None:
    sign_in(browser)
    policy = page(browser).headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
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


def test_beyond_this_machine_the_browser_comes_back_over_https(browser: FlaskClient) -> None:
    asked = parse_qs(urlsplit(sent_to_issuer(browser, BEYOND)).query)
    assert asked["redirect_uri"] == ["https://triage.example/sign-in/return"]


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
    again = create_app(settings(provider, tmp_path)).test_client()
    again.set_cookie("triage", cookie.value)
    assert page(again).status_code == 200


UNTRUE: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "for another sign-in": lambda claims: claims | {"nonce": "another"},
    "for no sign-in": lambda claims: claims | {"nonce": None},
    "for another client": lambda claims: claims | {"aud": "another"},
    "for several, by another": lambda claims: (
        claims | {"aud": [CLIENT, "another"], "azp": "another"}
    ),
    "of another issuer": lambda claims: claims | {"iss": "https://elsewhere.example"},
    "expired": lambda claims: claims | {"exp": 1},
    "of nobody": lambda claims: claims | {"sub": ""},
}


@pytest.mark.parametrize("change", UNTRUE.values(), ids=UNTRUE)
def test_an_id_token_that_is_not_true_signs_nobody_in(
    change: Callable[[dict[str, Any]], dict[str, Any]], browser: FlaskClient, provider: Provider
) -> None:
    provider.id_token = lambda claims: signed(change(claims), a_key())
    refused(sign_in(browser))
    assert page(browser).status_code == 303


FORGED: dict[str, Callable[[dict[str, Any]], str]] = {
    "by somebody else": lambda claims: signed(claims, OTHER),
    "by nobody": lambda claims: f"eyJhbGciOiJub25lIn0.{signed(claims, OTHER).split('.')[1]}.",
    "not at all": lambda _claims: "",
}


@pytest.mark.parametrize("made", FORGED.values(), ids=FORGED)
def test_an_id_token_is_signed_by_the_issuer_whatever_it_says_of_itself(
    made: Callable[[dict[str, Any]], str], browser: FlaskClient, provider: Provider
) -> None:
    provider.id_token = made
    refused(sign_in(browser))


@pytest.mark.parametrize("roles", [[], ["developer"], ["clinician", "auditor"], ["cook"]])
def test_somebody_without_just_one_role_is_not_signed_in(
    roles: list[str], browser: FlaskClient, provider: Provider
) -> None:
    provider.person["roles"] = roles
    answer = sign_in(browser)
    refused(answer, HTTPStatus.FORBIDDEN)
    assert "exactly one of the roles" in answer.get_json(force=True)["detail"]
    assert page(browser).status_code == 303


def test_a_state_of_another_browser_signs_nobody_in(pages: Flask) -> None:
    mine, theirs = pages.test_client(), pages.test_client()
    sent_to_issuer(mine)
    refused(come_back(mine, sent_back(sent_to_issuer(theirs))))
    assert page(mine).status_code == 303


def test_coming_back_twice_signs_nobody_in_twice(browser: FlaskClient) -> None:
    back = sent_back(sent_to_issuer(browser))
    assert come_back(browser, back).status_code == 303
    refused(come_back(browser, back))
    assert page(browser).status_code == 200


@pytest.mark.parametrize("query", ["", "code=a", "state=a", "error=access_denied", "code=a&state="])
def test_coming_back_with_nothing_signs_nobody_in(query: str, browser: FlaskClient) -> None:
    sent_to_issuer(browser)
    refused(browser.get(f"/sign-in/return?{query}"))


def test_a_refusal_of_the_issuer_signs_nobody_in(browser: FlaskClient) -> None:
    state = parse_qs(urlsplit(sent_to_issuer(browser)).query)["state"][0]
    refused(browser.get(f"/sign-in/return?state={state}&error=access_denied"))


def test_a_code_of_another_issuer_is_not_turned_in(
    browser: FlaskClient, provider: Provider
) -> None:
    back = sent_back(sent_to_issuer(browser)).partition("&iss=")[0]
    refused(come_back(browser, f"{back}&iss=https://elsewhere.example"))
    assert "/token" not in provider.asked


def test_without_the_secret_that_began_it_a_code_is_worth_nothing(
    browser: FlaskClient,
) -> None:
    back = sent_back(sent_to_issuer(browser))
    with browser.session_transaction() as session:
        (name,) = [name for name in session if name.startswith("_state_")]
        session[name] = {
            **session[name],
            "data": {**session[name]["data"], "code_verifier": "another"},
        }
    refused(come_back(browser, back))


def test_many_beginnings_leave_a_small_cookie(browser: FlaskClient) -> None:
    for _ in range(20):
        sent_to_issuer(browser)
    cookie = browser.get_cookie("triage")
    assert cookie is not None
    assert len(cookie.value) < 2000
    assert sign_in(browser).status_code == 303


def test_while_the_issuer_is_away_nobody_signs_in(fresh: FlaskClient, provider: Provider) -> None:
    provider.is_down = True
    answer = fresh.get("/sign-in")
    refused(answer, HTTPStatus.SERVICE_UNAVAILABLE)
    assert int(answer.headers["Retry-After"]) > 0
    provider.is_down = False
    back = sent_back(sent_to_issuer(fresh))
    provider.is_down = True
    refused(come_back(fresh, back), HTTPStatus.SERVICE_UNAVAILABLE)


@pytest.mark.parametrize(
    "description",
    [
        {"issuer": "https://elsewhere.example"},
        {"token_endpoint": "http://elsewhere.example/token"},
        {"authorization_endpoint": None},
    ],
    ids=str,
)
def test_an_issuer_that_describes_itself_wrongly_is_sent_nobody(
    description: dict[str, Any], fresh: FlaskClient, provider: Provider
) -> None:
    provider.description |= description
    refused(fresh.get("/sign-in"), HTTPStatus.SERVICE_UNAVAILABLE)


def test_a_client_of_the_issuer_may_have_no_secret(provider: Provider, tmp_path: Path) -> None:
    without = create_app(settings(provider, tmp_path, secret=None)).test_client()
    refused(sign_in(without))
    provider.secret = None
    assert sign_in(without).status_code == 303


def test_where_nobody_signs_in_there_is_no_page_for_it(here: FlaskClient) -> None:
    for path in ("/sign-in", "/sign-in/return", "/signed-in", "/signed-out"):
        refused(here.get(path), HTTPStatus.NOT_FOUND)
    refused(here.post("/sign-out"), HTTPStatus.NOT_FOUND)
