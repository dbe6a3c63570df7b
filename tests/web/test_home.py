"""The first page leads everybody where they work."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.web.decision.desk import AUDITOR, CLINICIAN, HANDLER, Desk, desk_in


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A service at which people sign in."""
    with desk_in(tmp_path_factory.mktemp("home")) as desk:
        yield desk


def test_the_first_page_leads_where_somebody_may_go(desk: Desk) -> None:
    for person, areas in (
        (HANDLER, {"/call", "/rules"}),
        (CLINICIAN, {"/call", "/audit", "/rules"}),
        (AUDITOR, {"/audit", "/rules"}),
    ):
        links = desk.browser(person).page("/").links
        assert areas == set(links) & {"/call", "/audit", "/rules"}


def test_nobody_signed_in_is_asked_to_sign_in(desk: Desk) -> None:
    answer = desk.app.test_client().get("/", headers={"Accept": "text/html"})
    assert answer.location == "/sign-in"


def test_signing_out_says_so_and_leads_back(desk: Desk) -> None:
    browser = desk.browser(HANDLER)
    assert "You are signed in as a call handler" in browser.page("/signed-in").text
    sent = dict(re.findall(r'name="(form)" value="([^"]+)"', browser.get("/signed-in").text))
    assert browser.client.post("/sign-out", data=sent).location == "/signed-out"
    assert "/sign-in" in browser.page("/signed-out").links
