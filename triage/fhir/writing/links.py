"""By what the resources of one referral are known, and how they point at one another.

A resource is named here by its type and, where a referral has several of that type, by what sets
it apart: ``ServiceRequest``, ``Task lead``, ``Organization doncaster-cmht``. From the name come
its id, its ``fullUrl`` in a message, and every reference to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from triage.domain.referred import Referred

SERVICE_REQUEST, GUIDANCE, PATIENT = "ServiceRequest", "GuidanceResponse", "Patient"
TASK = "Task"
LEAD, COMMUNICATION, PROVENANCE = "Task lead", "Communication", "Provenance"
ANSWERS, OUTCOME = "QuestionnaireResponse", "OperationOutcome"

BY_DECISION_ID = (SERVICE_REQUEST, GUIDANCE)
"""The resources that have the decision's own id, so that they can be read by it."""

NOT_SERVED = ("Patient", "Organization", "QuestionnaireResponse")
"""Types that nobody can read here: outside a message they are named by identifiers alone."""


def task_of_route(route: str) -> str:
    """The name of the task of a route that is concurrent with the lead."""
    return f"Task {route}"


def task_of_action(place: int) -> str:
    """The name of the task of an action, by its place among the actions of the decision."""
    return f"Task action {place}"


def organisation(team: str) -> str:
    """The name of a team, by its id."""
    return f"Organization {team}"


def concurrent(referred: Referred) -> list[Mapping[str, Any]]:
    """The routes on which another team must act beside the one that leads."""
    return [
        one
        for one in referred.decision["also_indicated"]
        if one["concurrent"] and one["id"] != referred.stands.route
    ]


def teams(referred: Referred) -> dict[str, Mapping[str, Any]]:
    """Every team that a referral speaks of, by its id; the one that it stands with comes first."""
    decision = referred.decision
    routes = (decision["route"], *decision["also_indicated"])
    listed = (referred.stands.team, *(one["team"] for one in routes))
    found: dict[str, Mapping[str, Any]] = {}
    for one in listed:
        found.setdefault(str(one["id"]), one)
    return found


def tasks(referred: Referred) -> list[str]:
    """The names of a referral's tasks: the lead, concurrent routes, actions."""
    actions = range(len(referred.decision["actions"]))
    beside = [task_of_route(one["id"]) for one in concurrent(referred)]
    return [LEAD, *beside, *map(task_of_action, actions)]


def names(referred: Referred) -> list[str]:
    """The names of everything that is written of a referral, in the order of a message."""
    told = [GUIDANCE, SERVICE_REQUEST, *tasks(referred), COMMUNICATION, PROVENANCE]
    told += map(organisation, teams(referred))
    return [*told, *([PATIENT] if referred.identity else []), ANSWERS]


@dataclass(frozen=True, slots=True)
class Links:
    """The links among named resources of one decision.

    ``uuids`` has the UUID of each by its name. ``in_message``: they stand together in a message,
    where each is known by a UUID; elsewhere by the address that it can be read at.
    """

    decision_id: str
    uuids: Mapping[str, str]
    in_message: bool

    @classmethod
    def among(cls, named: Iterable[str], decision_id: str, *, in_message: bool) -> Links:
        """The links among resources of these names; the UUIDs are always the same."""
        of = UUID(decision_id)
        uuids = {name: str(uuid5(of, name)) for name in named}
        return cls(decision_id, uuids, in_message)

    def id(self, name: str) -> str:
        """The id of a resource. That of a task begins with the id of its decision."""
        if name in BY_DECISION_ID:
            return self.decision_id
        type_, _, apart = name.partition(" ")
        if type_ != TASK:
            return self.uuids[name]
        return f"{self.decision_id}.{re.sub('[ _]', '-', apart)}"

    def full_url(self, name: str) -> str:
        """By what a message knows a resource."""
        return f"urn:uuid:{self.uuids[name]}"

    def to(self, name: str) -> dict[str, str]:
        """A reference to a resource; empty where there is nothing that could be followed."""
        if name not in self.uuids:
            return {}
        if self.in_message:
            return {"reference": self.full_url(name)}
        type_ = name.partition(" ")[0]
        return {} if type_ in NOT_SERVED else {"reference": f"{type_}/{self.id(name)}"}
