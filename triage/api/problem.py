"""An error as the outside sees it: RFC 9457 problem details, with what triage adds to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from triage.danger import Danger
from triage.errors import Fault

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Problem:
    """One error. ``safety_net`` is what to do in danger, and stands on every error there is."""

    status: HTTPStatus
    detail: str
    safety_net: str
    faults: Sequence[Fault] = ()
    danger: Danger | None = None

    def as_dict(self) -> dict[str, Any]:
        """The problem in the names and the order that callers rely on."""
        told: dict[str, Any] = {
            "type": "about:blank",
            "title": self.status.phrase,
            "status": self.status.value,
            "detail": self.detail,
            "safety_net": self.safety_net,
        }
        if self.danger:
            told["safety"] = self.danger.as_dict()
        if self.faults:
            told["errors"] = [{"field": one.field, "problem": one.problem} for one in self.faults]
        return told
