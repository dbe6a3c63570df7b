"""Somebody at a browser of their own, and what that browser asked of whom and complained of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from re import Pattern
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    WebError,
    expect,
)

LONGEST_WAIT_MS = 20_000
"""How long a page may take to do what is waited for: the machine may be slow."""

HEIGHT = 900
"""How high a window is, in CSS pixels."""

BAD_INPUT = "status of 422"
"""What Chromium complains of where a form comes back with what is wrong; that is meant."""

expect.set_options(timeout=LONGEST_WAIT_MS)


@dataclass(eq=False)
class Visitor:
    """A browser window at a service. ``url`` is where the service is; ``scripts`` may be off.

    ``status`` is that of the page that was opened last.
    ``complaints`` are errors of the console and of scripts, ``strayed`` what was asked of any other
    host. ``borne`` are parts of complaints that a test is about, ``pages`` what was opened: that a
    page itself is refused is no fault of the page.
    """

    url: str
    context: BrowserContext
    page: Page
    scripts: bool = True
    status: int | None = None
    complaints: list[str] = field(default_factory=list)
    strayed: list[str] = field(default_factory=list)
    borne: list[str] = field(default_factory=lambda: [BAD_INPUT])
    pages: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, context: BrowserContext, url: str, *, scripts: bool = True) -> Visitor:
        """Somebody who opens a window."""
        context.set_default_timeout(LONGEST_WAIT_MS)
        made = cls(url, context, context.new_page(), scripts)
        context.on("request", made._asked)
        context.on("response", made._answered)
        context.on("console", made._told)
        context.on("weberror", made._failed)
        return made

    def begin_anew(self, width: int) -> None:
        """Let go of what was before: the window is so wide, and nothing was complained of yet."""
        self.page.set_viewport_size({"width": width, "height": HEIGHT})
        for each in (self.complaints, self.strayed, self.pages):
            each.clear()

    def go(self, path: str) -> None:
        """Open the page at a path."""
        self.page.goto(f"{self.url}{path}")

    def sign_in(self, name: str) -> None:
        """Choose whom to be."""
        self.go("/sign-in")
        self.press(f"Go on as {name}")

    def press(self, words: str | Pattern[str]) -> None:
        """Press the button of these words."""
        self.page.get_by_role("button", name=words).click()

    def follow(self, words: str | Pattern[str]) -> None:
        """Follow the link of these words."""
        self.page.get_by_role("link", name=words).first.click()

    def leave(self) -> None:
        """Close the browser. Fails where it asked anything of another host, or complained."""
        self.context.close()
        self.is_content()

    def is_content(self) -> None:
        """Fail where the browser asked anything of another host, or complained."""
        self.no_outside_request()
        self.no_console_errors()

    def no_outside_request(self) -> None:
        """Everything was asked of the service itself."""
        assert not self.strayed, self.strayed

    def no_console_errors(self) -> None:
        """The browser complained of nothing but what is borne."""
        borne = (*self.borne, *(f"({page})" for page in self.pages))
        found = [each for each in self.complaints if not any(part in each for part in borne)]
        assert not found, found

    def _asked(self, request: Request) -> None:
        if urlsplit(request.url).netloc != urlsplit(self.url).netloc:
            self.strayed.append(request.url)

    def _answered(self, response: Response) -> None:
        if response.request.is_navigation_request():
            self.status = response.status
            self.pages.append(response.url)

    def _told(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            where: Mapping[str, Any] = message.location
            self.complaints.append(f"{message.text} ({where.get('url')})")

    def _failed(self, error: WebError) -> None:
        self.complaints.append(str(error.error))
