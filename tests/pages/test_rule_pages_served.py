"""The rules and the call script on the web."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.pages.html import Page
from triage.api.pages import pages_blueprint
from triage.pages import paper_form, rule_page
from triage.rulebook import Rulebook

PATHS = ("/rules", "/rules/call-script")

each_path = pytest.mark.parametrize("path", PATHS)


@pytest.fixture(scope="module")
def client(rulebook: Rulebook) -> FlaskClient:
    """Reads the pages of the shipped rulebook."""
    app = Flask("pages", static_folder=None)
    app.register_blueprint(pages_blueprint(rulebook))
    return app.test_client()


def test_the_pages_are_the_ones_that_are_signed_and_printed(
    client: FlaskClient, rulebook: Rulebook
) -> None:
    assert client.get("/rules").get_data(as_text=True) == rule_page(rulebook)
    assert client.get("/rules/call-script").get_data(as_text=True) == paper_form(rulebook)


@each_path
def test_a_page_is_html_and_may_load_its_own_style_alone(path: str, client: FlaskClient) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.content_type == "text/html; charset=utf-8"
    style = answer.get_data(as_text=True).partition("<style>")[2].partition("</style>")[0]
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'")
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", ["/rules", "/rules/call-script"])
def test_nothing_in_a_page_is_barred_by_its_policy(path: str, client: FlaskClient) -> None:
    html = client.get(path).get_data(as_text=True)
    assert ' style="' not in html
    assert "<script" not in html
    assert Page(html).loads == []


@each_path
def test_a_browser_that_has_a_page_is_told_so(path: str, client: FlaskClient) -> None:
    first = client.get(path)
    assert first.headers["Cache-Control"] == "no-cache"
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")
    other = client.get(path, headers={"If-None-Match": '"another"'})
    assert other.status_code == 200
    assert client.get("/rules").headers["ETag"] != client.get(PATHS[1]).headers["ETag"]


def test_a_link_to_any_rule_leads_somewhere(client: FlaskClient, rulebook: Rulebook) -> None:
    ids = Page(client.get("/rules").get_data(as_text=True)).ids
    assert {f"rule-{rule.id}" for rule in rulebook.rules} <= set(ids)


@each_path
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_page_is_only_read(path: str, method: str, client: FlaskClient) -> None:
    assert client.open(path, method=method).status_code == 405
