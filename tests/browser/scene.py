"""A service with made-up people to sign in as, and decisions and calls to look at."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, StorageState

from tests.browser.chromium import started
from tests.browser.made_calls import begun, noted
from tests.browser.visitor import HEIGHT, Visitor
from tests.builders import MILD_ANSWERS
from tests.databases import environment_of, log_settings
from tests.running import Service, running
from triage.config import Settings

HANDLER, SECOND_HANDLER = "Asha Begum", "Tom Price"
CLINICIAN, SECOND_CLINICIAN = "Ruth Okoro", "Ian Walker"
AUDITOR, OPERATOR = "Mei Lin", "Jo Novak"

DESKTOP, PHONE = 1280, 390
"""Widths of a window, in CSS pixels."""

PLACE: Mapping[str, Any] = {"locale": "en-GB", "timezone_id": "Europe/London"}

DECISIONS: Mapping[str, Mapping[str, Any]] = {
    "routine": {"presenting_problem": "depression", "phq9_total": 12},
    "crisis": {"thoughts_of_harm": "frequent", "intent": "strong", "plan": "active"},
    "emergency": {"emergency_now": True},
    "several-teams": {"daily_functioning": "marked", "substance_use": "dependent"},
    "monitoring": {"recent_trigger": "job_loss", "trigger_days_ago": 12},
    "missing": {"thoughts_of_harm": None, "phq9_total": None, "gad7_total": None},
}
"""Referrals by what they are to show, each by the answers that are not the mildest."""


@dataclass(frozen=True)
class Scene:
    """A service that is looked at through one Chromium.

    ``decisions`` and ``calls`` are ids by their names, ``finished`` the addresses of work that was
    done for whoever looks at it.
    """

    service: Service
    settings: Settings
    browser: Browser
    decisions: Mapping[str, str]
    calls: Mapping[str, str]
    finished: dict[object, str] = field(default_factory=dict)
    _signed_in: dict[str, StorageState] = field(default_factory=dict)
    _regulars: dict[tuple[str | None, bool], Visitor] = field(default_factory=dict)

    def visitor(self, name: str | None = None, *, scripts: bool = True) -> Visitor:
        """Somebody in a new browser window: signed in, if they have a name."""
        state = self._of(name) if name else None
        window = self._window(storage_state=state, java_script_enabled=scripts)
        return Visitor.of(window, self.service.url, scripts=scripts)

    def regular(self, name: str | None, *, scripts: bool = True) -> Visitor:
        """The same, in a window that all tests share who only look."""
        found = self._regulars.get((name, scripts))
        if found is None:
            found = self.visitor(name, scripts=scripts)
            self._regulars[name, scripts] = found
        found.begin_anew(DESKTOP)
        return found

    def _of(self, name: str) -> StorageState:
        """What a browser holds once somebody is signed in. They sign in once."""
        if name not in self._signed_in:
            visitor = Visitor.of(self._window(), self.service.url)
            visitor.sign_in(name)
            self._signed_in[name] = visitor.context.storage_state()
            visitor.leave()
        return self._signed_in[name]

    def _window(self, **asked: Any) -> BrowserContext:
        return self.browser.new_context(
            viewport={"width": DESKTOP, "height": HEIGHT}, reduced_motion="reduce", **PLACE, **asked
        )

    @cached_property
    def database(self) -> Path:
        """The file in which everything is recorded."""
        return Path(str(self.settings.database_url).removeprefix("sqlite:///"))


@contextmanager
def a_scene(folder: Path, browser: Browser, *, history: bool = True) -> Iterator[Scene]:
    """A service of one's own in a folder, which begins as every demonstration does.

    Without a history its log holds what is recorded here, and little else.
    """
    with log_settings("sqlite", folder) as settings:
        calls = begun(settings)
        if not history:
            noted(settings)
        surroundings = {**environment_of(settings), "TRIAGE_LETTERS": str(folder / "letters")}
        with running("--demo", environment=surroundings) as service:
            decisions = {name: recorded(service, answers) for name, answers in DECISIONS.items()}
            yield Scene(service, settings, browser, decisions, calls)


@contextmanager
def an_own_scene(folder: Path) -> Iterator[Scene]:
    """The same with a Chromium of its own."""
    with started() as browser, a_scene(folder, browser) as scene:
        yield scene


def recorded(service: Service, answers: Mapping[str, Any]) -> str:
    """The id of a decision that is recorded now."""
    told = {name: value for name, value in {**MILD_ANSWERS, **answers}.items() if value is not None}
    referral = {
        "reference": "made-up",
        "source": "A1",
        "received_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "referrer": {"ods_code": "C86001", "name": "The Surgery"},
        "patient": {"nhs_number": "9990000026", "birth_date": "1985-02-01", "ethnic_category": "A"},
        "answers": told,
    }
    key = {"Content_Type": "application/json", "Idempotency_Key": str(uuid.uuid4())}
    answer = service.ask("POST", "/v1/referrals", json.dumps(referral).encode(), **key)
    assert answer.status == 201, answer.body
    return str(answer.json["decision_id"])
