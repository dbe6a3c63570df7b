"""Who may do what at the audit desk, and where it leads."""

from __future__ import annotations

from http import HTTPStatus

from tests.web.audit.asking import send
from tests.web.decision.desk import AUDITOR, CLINICIAN, HANDLER, OPERATOR, Desk

EVERYTHING = {
    "/audit/decisions",
    "/audit/figures",
    "/audit/log",
    "/audit/compare",
    "/audit/replay",
}


def test_the_desk_leads_auditors_and_clinicians_to_everything(desk: Desk) -> None:
    for person in (AUDITOR, CLINICIAN):
        browser = desk.browser(person)
        assert set(browser.page("/audit").links) >= EVERYTHING
        for path in EVERYTHING:
            page = browser.page(path)
            assert page.headings[0] == 1
            assert len(set(page.ids)) == len(page.ids), path


def test_an_operator_sees_how_the_log_is_and_nothing_else(desk: Desk) -> None:
    browser = desk.browser(OPERATOR)
    page = browser.page("/audit")
    assert set(page.links) & EVERYTHING == {"/audit/log"}
    assert "Entries" in page.text
    for path in EVERYTHING - {"/audit/log"}:
        assert browser.get(path).status_code == HTTPStatus.FORBIDDEN


def test_call_handlers_do_not_come_here(desk: Desk) -> None:
    assert desk.browser(HANDLER).get("/audit").status_code == HTTPStatus.FORBIDDEN


def test_a_form_of_another_page_is_refused(desk: Desk) -> None:
    answer = send(desk.browser(AUDITOR), "/audit/log/verify", form="of another page")
    assert answer.status_code == HTTPStatus.FORBIDDEN
