"""A service whose people are made up, decisions in its log, and browsers that look at them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from tests.builders import MILD_ANSWERS
from tests.databases import log_settings
from tests.pages.html import Page
from triage import app as joining
from triage.store.entries import Kind
from triage.store.log import DecisionLog
from triage.store.opening import open_log

HANDLER, CLINICIAN, SECOND, AUDITOR, OPERATOR = (
    "asha-begum",
    "ruth-okoro",
    "ian-walker",
    "mei-lin",
    "jo-novak",
)
"""People of the demonstration, by what they do."""

IN_CRISIS: Mapping[str, Any] = {
    **MILD_ANSWERS,
    "thoughts_of_harm": "frequent",
    "intent": "strong",
    "plan": "active",
}

BODY: Mapping[str, Any] = {
    "reference": "their-own",
    "source": "A1",
    "referrer": {"ods_code": "C86001", "name": "The Surgery"},
    "patient": {"nhs_number": "9990000026", "birth_date": "1985-02-01", "postcode": "DN1 1AA"},
    "answers": MILD_ANSWERS,
}


@dataclass(frozen=True)
class Browser:
    """A browser in which somebody is signed in."""

    client: FlaskClient

    def get(self, path: str) -> TestResponse:
        """Ask for a page."""
        return self.client.get(path, headers={"Accept": "text/html"})

    def page(self, path: str, status: HTTPStatus = HTTPStatus.OK) -> Page:
        """A page, read."""
        answer = self.get(path)
        assert answer.status_code == status, answer.text
        return Page(answer.text)

    def send(self, path: str, **fields: str) -> TestResponse:
        """Send a form as the page with it would: with all that it hides."""
        sent = {**self._hidden(path), **fields}
        return self.client.post(path, data=sent, headers={"Accept": "text/html"})

    def _hidden(self, path: str) -> dict[str, str]:
        page = re.sub(r"/(confirm|withdraw)$", "", path)
        page = re.sub(r"/override/[0-9a-f-]{36}$", "", page)
        shown = self.get(page).text
        return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', shown))


@dataclass(frozen=True)
class Desk:
    """Refers people at a service, and looks at what it decided."""

    app: Flask
    log: DecisionLog

    def refer(self, **more: Any) -> str:
        """The id of a decision on a referral: a mild one of an adult, unless more is said."""
        answer = self.app.test_client().post("/v1/referrals", json={**BODY, **more})
        assert answer.status_code == HTTPStatus.CREATED, answer.text
        return str(answer.get_json()["decision_id"])

    def browser(self, person: str) -> Browser:
        """A browser in which a person of the demonstration is signed in."""
        client = self.app.test_client()
        answer = client.post("/sign-in", data={"person": person})
        assert answer.status_code == HTTPStatus.SEE_OTHER, answer.text
        return Browser(client)

    def page(self, decision_id: str, person: str = CLINICIAN) -> Page:
        """The page of a decision as a person sees it."""
        return self.browser(person).page(f"/decisions/{decision_id}")

    def looks(self, decision_id: str) -> list[str]:
        """At what of a decision somebody looked, in order."""
        found = self.log.about(decision_id, (Kind.VIEW,))
        return [one.entry.content["what"] for one in found]

    def tamper(self, statement: str, **values: Any) -> None:
        """Change what the database refuses to change, as whoever owns it can."""
        with self.log.database.write() as connection:
            for table in ("entries", "identities", "rulebooks"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_refuses_update"))
            connection.execute(text(statement), values)


@contextmanager
def desk_in(folder: Path) -> Iterator[Desk]:
    """A service with a log of its own."""
    opened: list[DecisionLog] = []

    def opening(*how: Any) -> DecisionLog:
        opened.append(open_log(*how))
        return opened[0]

    with log_settings("sqlite", folder) as settings, pytest.MonkeyPatch.context() as patch:
        patch.setattr(joining, "open_log", opening)
        app = joining.create_app(replace(settings, demo=True))
        try:
            yield Desk(app, opened[0])
        finally:
            opened[0].close()
