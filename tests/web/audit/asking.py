"""Auditors at work: forms that are sent as their pages would, and work that is waited for."""

from __future__ import annotations

import re
import time
from http import HTTPStatus

from werkzeug.test import TestResponse

from tests.pages.html import Page
from tests.web.decision.desk import AUDITOR, Browser, Desk

LONGEST_SECONDS = 300
"""How long work may take on a slow machine."""


def send(browser: Browser, path: str, **fields: str) -> TestResponse:
    """Send a form of the audit desk."""
    shown = re.search(r'name="form" value="([^"]+)"', browser.get("/audit").text)
    assert shown
    data = {"form": shown[1], **fields}
    return browser.client.post(path, data=data, headers={"Accept": "text/html"})


def begun(browser: Browser, path: str, **fields: str) -> str:
    """The address of work that was begun."""
    answer = send(browser, path, **fields)
    assert answer.status_code == HTTPStatus.SEE_OTHER, answer.text
    return str(answer.location)


def ended(browser: Browser, address: str) -> Page:
    """The page of work once it has ended."""
    until = time.monotonic() + LONGEST_SECONDS
    while 'id="progress"' in (answer := browser.get(address)).text:
        assert time.monotonic() < until, answer.text
        time.sleep(0.05)
    if answer.location:
        return browser.page(answer.location)
    return Page(answer.text)


def done(desk: Desk, path: str, **fields: str) -> Page:
    """What comes of work that an auditor begins."""
    browser = desk.browser(AUDITOR)
    return ended(browser, begun(browser, path, **fields))
