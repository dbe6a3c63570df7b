"""A service in this process with a log of its own, and systems that call it, each by a token."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.access.tokens import ISSUER, AnIssuer
from tests.databases import log_settings
from triage import app as joining
from triage.api.examples import REFERRAL
from triage.config import Settings
from triage.domain.caller import Role
from triage.store.log import DecisionLog
from triage.store.opening import open_log

NOW = {name: value for name, value in REFERRAL.items() if name != "received_at"}
"""A referral received when it comes in."""

SYSTEM = "a-gp-system"
"""The software that calls unless a test names another."""


@dataclass(frozen=True)
class Desk:
    """Calls a service. ``system`` is the software that calls. Safe for many threads."""

    app: Flask
    log: DecisionLog
    issuer: AnIssuer

    def refer(
        self, body: Any = REFERRAL, key: str | None = None, *, system: str = SYSTEM
    ) -> TestResponse:
        """Ask for a referral to be recorded: bytes as they are, all else as JSON."""
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = self._headers(Role.GP_SYSTEM, system)
        if key is not None:
            headers["Idempotency-Key"] = key
        client = self.app.test_client()
        return client.post(
            "/v1/referrals", data=sent, content_type="application/json", headers=headers
        )

    def triage(self, body: Any) -> TestResponse:
        """Ask what would be decided."""
        client = self.app.test_client()
        return client.post("/v1/triage", json=body, headers=self._headers(Role.GP_SYSTEM, SYSTEM))

    def get(
        self,
        path: str,
        role: Role = Role.GP_SYSTEM,
        *,
        system: str = SYSTEM,
        query: dict[str, str] | None = None,
    ) -> TestResponse:
        """Read something."""
        client = self.app.test_client()
        return client.get(path, headers=self._headers(role, system), query_string=query)

    def size(self) -> int:
        """How many entries the log has."""
        return self.log.head().head.size

    def _headers(self, role: Role, system: str) -> dict[str, str]:
        return self.issuer.bearer(role, client_id=system, sub=f"{role} of {system}")


@contextmanager
def desk_of(kind: str, folder: Path) -> Iterator[Desk]:
    """A service on one of the databases."""
    issuer, opened = AnIssuer(folder), list[DecisionLog]()

    def opening(settings: Settings, *more: Any) -> DecisionLog:
        opened.append(open_log(settings, *more))
        return opened[0]

    with log_settings(kind, folder) as settings, pytest.MonkeyPatch.context() as patch:
        patch.setattr(joining, "open_log", opening)
        guarded = replace(settings, issuer=ISSUER, jwks=str(issuer.jwks))
        app = joining.create_app(guarded)
        try:
            yield Desk(app, opened[0], issuer)
        finally:
            opened[0].close()


def recorded(answer: TestResponse) -> dict[str, Any]:
    """The decision in an answer that says that it stands."""
    assert answer.status_code == 201, answer.data
    told: dict[str, Any] = answer.get_json()
    return told


def refused(answer: TestResponse, status: int) -> dict[str, Any]:
    """The problem in an answer."""
    assert answer.status_code == status, answer.data
    assert answer.content_type == "application/problem+json"
    problem: dict[str, Any] = answer.get_json(force=True)
    assert "call 999" in problem["safety_net"]
    return problem
