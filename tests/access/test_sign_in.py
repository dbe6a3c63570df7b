"""Signing in to the pages, with a small provider over real HTTP."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from joserfc.jwk import ECKey

from tests.access.browsing import (
    BEYOND,
    come_back,
    page,
    pages_settings,
    refused,
    sent_back,
    sent_to_issuer,
    sign_in,
)
from tests.access.provider import CLIENT, Provider
from tests.access.tokens import a_key, signed
from tests.pages.html import Page
from triage.app import create_app
from triage.domain.caller import ISSUED_ROLES

OTHER = ECKey.generate_key("P-256", {"kid": "one"})


def test_somebody_signs_in_and_is_told_as_whom(browser: FlaskClient) -> None:
    assert (page(browser).status_code, page(browser).location) == (303, "/sign-in")
    answer = sign_in(browser)
    assert (answer.status_code, answer.location) == (303, "/signed-in")
    shown = Page(page(browser).get_data(as_text=True))
    assert "You are signed in as a clinician" in shown.text
    assert "Sign out" in shown.text
    assert all(address.startswith("/static/") for address in shown.loads)


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
    assert asked["scope"] == "openid profile"
    assert asked["prompt"] == "login"
    assert asked["redirect_uri"] == "http://localhost/sign-in/return"
    for name in ("state", "nonce", "code_challenge"):
        assert len(asked[name]) >= 20
        assert asked[name] != again[name]


def test_beyond_this_machine_the_browser_comes_back_over_https(browser: FlaskClient) -> None:
    asked = parse_qs(urlsplit(sent_to_issuer(browser, BEYOND)).query)
    assert asked["redirect_uri"] == ["https://triage.example/sign-in/return"]


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
    without = create_app(pages_settings(provider, tmp_path, secret=None)).test_client()
    refused(sign_in(without))
    provider.secret = None
    assert sign_in(without).status_code == 303


def test_where_nobody_signs_in_there_is_no_page_for_it(here: FlaskClient) -> None:
    for path in ("/sign-in", "/sign-in/return", "/signed-in", "/signed-out"):
        refused(here.get(path), HTTPStatus.NOT_FOUND)
    refused(here.post("/sign-out"), HTTPStatus.NOT_FOUND)
