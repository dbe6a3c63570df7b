"""What tests of searching ask for: a log of some thousand entries on each database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from schemas.searched import searched_schema
from tests.access.tokens import a_local_token, bearer
from tests.bulk import fill
from tests.databases import KINDS, log_settings
from tests.search.plain import Plain
from triage import app as joining
from triage.config import Settings
from triage.domain.caller import Caller, Role
from triage.store.entries import Identity, Kind, NewEntry
from triage.store.log import DecisionLog
from triage.store.opening import open_log
from triage.store.search import last_entry

AUDITOR = Caller(Role.AUDITOR, "an-auditor", "pages", "https://issuer.example")

HALF = 1500
"""After so many entries of the log, its clock was put back by a year."""


@dataclass(frozen=True)
class Searched:
    """A log, its settings, and the same log in memory."""

    settings: Settings
    log: DecisionLog
    plain: Plain


@pytest.fixture(scope="session", params=KINDS)
def searched(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Searched]:
    """A log that these tests share and only read, once on SQLite and once on PostgreSQL."""
    with log_settings(request.param, tmp_path_factory.mktemp("searched")) as settings:
        for seed in range(2):
            fill(settings, HALF, seed=seed)
        with closing(open_log(settings)) as log:
            yield Searched(settings, log, Plain.of(log))


@dataclass(frozen=True)
class Desk:
    """Calls a service, as a developer on the machine itself or by the token of a role."""

    client: FlaskClient
    log: DecisionLog
    keys: Path

    def post(self, what: str, body: object, role: str | None = None) -> TestResponse:
        """Search or export."""
        headers = bearer(a_local_token(self.keys, role)) if role else {}
        return self.client.post(f"/v1/decisions/{what}", json=body, headers=headers)

    def found(self, body: object) -> dict[str, Any]:
        """What a search is answered with, which must be as the document says."""
        answer = self.post("search", body)
        assert answer.status_code == 200, answer.data
        told: dict[str, Any] = answer.get_json()
        assert searched_schema().validate(told) == {}
        return told

    def faults(self, what: str, body: object) -> dict[str, str]:
        """What is wrong with a body, by field."""
        answer = self.post(what, body)
        assert answer.status_code == 422, answer.data
        return {one["field"]: one["problem"] for one in answer.get_json()["errors"]}

    def last(self) -> dict[str, Any]:
        """The last entry of the log."""
        entry = self.log.entry(last_entry(self.log))
        assert entry is not None
        return entry.content


@pytest.fixture(scope="session", params=KINDS)
def desk(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    """A service with a log that these tests share, once on SQLite and once on PostgreSQL."""
    folder = tmp_path_factory.mktemp("desk")
    with log_settings(request.param, folder) as settings, pytest.MonkeyPatch.context() as patch:
        fill(settings, 500)
        with closing(open_log(settings)) as log:
            patch.setattr(joining, "open_log", lambda *_settings: log)
            yield Desk(joining.create_app(settings).test_client(), log, folder / "keys")


def a_decision(log: DecisionLog, like: int = 1, number: str | None = None) -> NewEntry:
    """A decision like one in the log, about a person or about nobody."""
    entry = log.entry(like)
    assert entry is not None
    parts = {name: entry.content[name] for name in ("referral", "decision")}
    identity = Identity(b"{}", log.person_key.hash(number) if number else None)
    return NewEntry(Kind.DECISION, AUDITOR, parts, identity=identity)


@pytest.fixture
def small_log(log_settings: Settings) -> Iterator[DecisionLog]:
    """A log of its own of some three hundred entries, to append to."""
    fill(log_settings, 300)
    with closing(open_log(log_settings)) as log:
        yield log
