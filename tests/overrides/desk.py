"""A service in this process, and people who call it, each by a token of their own."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.access.tokens import a_local_token, bearer
from triage.api.examples import REFERRAL
from triage.domain.caller import Role
from triage.store.log import DecisionLog

TODAY = {name: value for name, value in REFERRAL.items() if name != "received_at"}
"""A referral received now: talking therapies at step 2, routine."""

NOBODY = str(uuid.UUID(int=1))
"""An id that nothing has."""


@dataclass(frozen=True)
class Desk:
    """Calls the service. ``by`` names who calls; None is a developer on the machine itself."""

    client: FlaskClient
    log: DecisionLog
    keys: Path

    def refer(self, **more: Any) -> str:
        """A decision on a referral received now, by its id."""
        answer = self.client.post("/v1/referrals", json={**TODAY, **more})
        assert answer.status_code == 201, answer.data
        return str(answer.get_json()["decision_id"])

    def override(
        self,
        decision_id: str,
        route: str,
        urgency: str | None = None,
        by: str | None = "first",
        **more: Any,
    ) -> TestResponse:
        """Ask for an override."""
        asked = {
            "route": route,
            "urgency": urgency,
            "reason": "risk_judgement",
            "comment": "Worse.",
        }
        body = {**asked, **more}
        return self.post(f"/v1/decisions/{decision_id}/override", by, json=body)

    def confirm(
        self, decision_id: str, override_id: str, by: str | None = "second"
    ) -> TestResponse:
        """Confirm an override."""
        return self.post(f"/v1/decisions/{decision_id}/override/{override_id}/confirm", by)

    def withdraw(
        self, decision_id: str, override_id: str, by: str | None = "first"
    ) -> TestResponse:
        """Withdraw an override."""
        return self.post(f"/v1/decisions/{decision_id}/override/{override_id}/withdraw", by)

    def history(self, decision_id: str, role: Role = Role.AUDITOR) -> dict[str, Any]:
        """The history of a decision, as a role sees it."""
        answer = self.get(f"/v1/decisions/{decision_id}/history", "reader", role)
        assert answer.status_code == 200, answer.data
        told: dict[str, Any] = answer.get_json()
        return told

    def standing(self, decision_id: str) -> tuple[str, str]:
        """The route and the urgency that stand."""
        stands = self.history(decision_id)["standing"]
        return stands["route"], stands["urgency"]

    def post(
        self, path: str, by: str | None, role: Role = Role.CLINICIAN, **more: Any
    ) -> TestResponse:
        """Post as somebody."""
        return self.client.post(path, headers=self._headers(by, role), **more)

    def get(self, path: str, by: str | None, role: Role = Role.CLINICIAN) -> TestResponse:
        """Get as somebody."""
        return self.client.get(path, headers=self._headers(by, role))

    def _headers(self, by: str | None, role: Role) -> Mapping[str, str]:
        return bearer(a_local_token(self.keys, role, by)) if by else {}


def made(answer: TestResponse, status: int = 201) -> dict[str, Any]:
    """The override in an answer."""
    assert answer.status_code == status, answer.data
    told: dict[str, Any] = answer.get_json()
    return told


def refused(answer: TestResponse, status: int, words: str = "") -> dict[str, Any]:
    """The problem in an answer."""
    assert answer.status_code == status, answer.data
    assert answer.content_type == "application/problem+json"
    problem: dict[str, Any] = answer.get_json(force=True)
    assert "call 999" in problem["safety_net"]
    assert words in problem["detail"]
    return problem
