"""Figures of a period: at once where the log is short, else counted meanwhile and kept."""

from __future__ import annotations

from http import HTTPStatus

import pytest

from tests.pages.html import Page
from tests.web.audit.asking import done
from tests.web.audit.test_replaying import days
from tests.web.decision.desk import AUDITOR, Desk

FIGURES = "/audit/figures"


def test_every_sheet_comes_with_its_file_and_its_decisions(desk: Desk) -> None:
    browser = desk.browser(AUDITOR)
    page = browser.page(FIGURES)
    assert "Inappropriate referrals by practice" in page.text
    assert "Numbers under 5 are not" in page.text
    assert any("/audit/decisions?" in one and "overridden=true" in one for one in page.links)
    (file,) = [one for one in page.links if one.startswith(f"{FIGURES}/routes.csv?")]
    assert browser.get(file).text.splitlines()[0].startswith("Route,")
    assert browser.get(file.replace("routes", "nothing")).status_code == HTTPStatus.NOT_FOUND


def test_days_that_are_not_right_are_told(desk: Desk) -> None:
    answer = desk.browser(AUDITOR).get(f"{FIGURES}?from=2026-02-02&to=2026-02-01")
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "#to" in Page(answer.text).links
    assert 'value="2026-02-02"' in answer.text
    for typed in ("from=9999-12-01&to=9999-12-31", "from=0001-01-01&to=0001-01-02"):
        answer = desk.browser(AUDITOR).get(f"{FIGURES}?{typed}")
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_of_a_long_log_figures_are_counted_meanwhile_and_kept(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("triage.web.audit.figures.AT_ONCE", 0)
    browser = desk.browser(AUDITOR)
    assert "Count them" in browser.page(f"{FIGURES}?from=2026-01-01&to=2026-01-31").text
    counted = done(desk, FIGURES, **days())
    assert "Count them anew" in counted.text
    (file,) = [one for one in counted.links if one.startswith(f"{FIGURES}/routes.csv?")]
    assert browser.get(file).status_code == HTTPStatus.OK
