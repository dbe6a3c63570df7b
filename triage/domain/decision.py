"""A decision: one route, how soon, and every reason for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from triage.domain.conclusions import LevelFound
from triage.domain.rules import Rule
from triage.domain.services import Service
from triage.domain.vocabulary import RouteTerm, Urgency, Value


class Status(StrEnum):
    """How far a decision can still change as more is answered."""

    ROUTED = "routed"
    PROVISIONAL = "provisional"
    NEEDS_INFORMATION = "needs_information"


@dataclass(frozen=True, slots=True)
class RouteGiven:
    """A route that stands, with its own urgency, its clock (RFC 3339, UTC) and its team."""

    route: RouteTerm
    urgency: Urgency
    respond_by: str
    team: Service
    concurrent: bool = False

    def as_lead(self) -> dict[str, Any]:
        """The route as the part ``route`` of a decision."""
        return {
            "id": self.route.id,
            "title": self.route.title,
            "step": self.route.step,
            "respond_by": self.respond_by,
            "team": self.team.as_dict(),
        }

    def as_also_indicated(self) -> dict[str, Any]:
        """The route as an entry of ``also_indicated``."""
        return {
            "id": self.route.id,
            "title": self.route.title,
            "urgency": self.urgency.id,
            "concurrent": self.concurrent,
            "team": self.team.as_dict(),
        }


class Reason(NamedTuple):
    """A rule that fired: what it says of this referral, and the facts it read."""

    rule: Rule
    because: str
    facts: Mapping[str, Value | None]

    def as_dict(self) -> dict[str, Any]:
        """The reason as an entry of ``reasoning``."""
        rule, basis = self.rule, self.rule.basis
        return {
            "rule": rule.id,
            "ruleset": rule.ruleset,
            "title": rule.title,
            "because": self.because,
            "basis": {
                "source": basis.source.title,
                "where": basis.where,
                "authority": basis.source.authority.value,
            },
            "facts": {
                name: value if isinstance(value, _PLAIN) else _as_json(value)
                for name, value in self.facts.items()
            },
        }


_PLAIN = (str, int, type(None))


def _as_json(value: Value) -> Any:
    return value.isoformat() if isinstance(value, date) else list(value)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Alert:
    """Something a person must see, whatever the route."""

    id: str
    rule: str
    because: str


@dataclass(frozen=True, slots=True)
class Action:
    """Something that must be done, and the day it is due (ISO 8601)."""

    id: str
    due: str
    because: str


@dataclass(frozen=True, slots=True)
class MissingAnswer:
    """A question that has not been asked and could still change something."""

    answer: str
    question: str
    why: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What the rulebook concludes from a referral.

    ``caseness`` is None for a measure whose score is missing.
    """

    reference: str | None
    status: Status
    urgency: Urgency
    booking_held: bool
    route: RouteGiven
    also_indicated: tuple[RouteGiven, ...]
    levels: Mapping[str, LevelFound]
    reasoning: tuple[Reason, ...]
    alerts: tuple[Alert, ...]
    missing: tuple[MissingAnswer, ...]
    actions: tuple[Action, ...]
    caseness: Mapping[str, bool | None]
    measures: tuple[str, ...]
    treatments: tuple[str, ...]
    supports: tuple[str, ...]
    rulebook: Mapping[str, str]

    def as_dict(self) -> dict[str, Any]:
        """The decision in the names and the order that callers rely on."""
        return {
            "reference": self.reference,
            "status": self.status.value,
            "urgency": self.urgency.id,
            "booking_held": self.booking_held,
            "route": self.route.as_lead(),
            "also_indicated": [route.as_also_indicated() for route in self.also_indicated],
            "levels": {
                factor: {"level": found.level, "rules": list(found.rules)}
                for factor, found in self.levels.items()
            },
            "reasoning": [reason.as_dict() for reason in self.reasoning],
            "alerts": [
                {"id": alert.id, "rule": alert.rule, "because": alert.because}
                for alert in self.alerts
            ],
            "missing": [
                {"answer": one.answer, "question": one.question, "why": one.why}
                for one in self.missing
            ],
            "actions": [
                {"id": action.id, "due": action.due, "because": action.because}
                for action in self.actions
            ],
            "caseness": dict(self.caseness),
            "measures": list(self.measures),
            "treatments": list(self.treatments),
            "supports": list(self.supports),
            "rulebook": dict(self.rulebook),
        }
