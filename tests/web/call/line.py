"""Somebody who takes calls: what they press and type, and what the pages then say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from http import HTTPStatus

from werkzeug.test import TestResponse

from tests.pages.html import Page
from tests.web.decision.desk import Browser
from triage.domain.vocabulary import Kind, Value, Vocabulary

PARTS = ("day", "month", "year")


def boxes(vocabulary: Vocabulary, name: str, value: Value) -> dict[str, str]:
    """What stands in the boxes of a question for an answer."""
    answer = vocabulary.answers[name]
    if answer.term.kind is Kind.ITEMS and isinstance(value, tuple):
        given = enumerate(value, 1)
        return {f"answers.{name}.{at}": "" if one is None else str(one) for at, one in given}
    return {f"answers.{name}": str(value).lower() if isinstance(value, bool) else str(value)}


def day(path: str, *parts: int | str) -> dict[str, str]:
    """What stands in the boxes of a date: day, month and year."""
    return {f"{path}.{part}": str(typed) for part, typed in zip(PARTS, parts, strict=True)}


@dataclass
class Call:
    """A call that somebody has begun, and the page of it that they look at."""

    browser: Browser
    vocabulary: Vocabulary
    path: str
    page: str = field(default="", repr=False)

    @property
    def asked(self) -> str:
        """The name of the question that is asked; empty where none is."""
        found = re.search(r'action="[^"]*/question/([^"]+)" id="asking"', self.page)
        return found[1] if found else ""

    @property
    def words(self) -> str:
        """The words of the page."""
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", self.page)).split())

    def press(self, button: str, name: str = "", /, **typed: str) -> TestResponse:
        """Press a button beside a question, as htmx sends it; the page is then what is answered."""
        sent = {**self._hidden, "do": button, **typed}
        path = f"{self.path}/question/{name or self.asked}"
        headers = {"HX-Request": "true", "Accept": "text/html"}
        answer = self.browser.client.post(path, data=sent, headers=headers)
        self.page = answer.text
        return answer

    def say(self, **answers: Value) -> None:
        """Answer questions, each by its name, whatever is asked."""
        for name, value in answers.items():
            answer = self.press("save", name, **boxes(self.vocabulary, name, value))
            assert answer.status_code == HTTPStatus.OK, answer.text

    def look(self, at: str = "", status: HTTPStatus = HTTPStatus.OK) -> Page:
        """Look at a page of the call as it is now."""
        answer = self.browser.get(f"{self.path}{at}")
        assert answer.status_code == status, answer.text
        self.page = answer.text
        return Page(answer.text)

    def send(self, to: str, /, **typed: str) -> TestResponse:
        """Send a form of the call without scripts, with what the page in view hides."""
        answer = self.browser.client.post(
            f"{self.path}/{to}", data={**self._hidden, **typed}, headers={"Accept": "text/html"}
        )
        if answer.status_code != HTTPStatus.SEE_OTHER:
            self.page = answer.text
        return answer

    def record(self) -> TestResponse:
        """Look at all of it, and record it."""
        self.look("/check")
        return self.send("record")

    @property
    def _hidden(self) -> Mapping[str, str]:
        return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', self.page))


def begin(browser: Browser, vocabulary: Vocabulary, **typed: str) -> Call:
    """Begin a call at the desk; with nothing said, of somebody who rings for themselves."""
    shown = browser.get("/call").text
    token = re.findall(r'name="form" value="([^"]*)"', shown)[0]
    sent = {"form": token, "source": "B1", **typed}
    answer = browser.client.post("/call", data=sent, headers={"Accept": "text/html"})
    assert answer.status_code == HTTPStatus.SEE_OTHER, answer.text
    assert answer.location is not None
    call = Call(browser, vocabulary, answer.location)
    at = "/form" if typed.get("way") == "form" else ""
    call.look(at)
    return call
