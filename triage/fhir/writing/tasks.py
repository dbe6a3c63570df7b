"""What teams have to do by when: the one that leads, those that act beside it, single actions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from triage.domain.clock import stamp
from triage.fhir.writing.bars import FULFIL
from triage.fhir.writing.draft import Draft
from triage.fhir.writing.elements import Element, coding, concept, plain, present
from triage.fhir.writing.links import (
    LEAD,
    SERVICE_REQUEST,
    concurrent,
    task_of_action,
    task_of_route,
)
from triage.fhir.writing.terms import day_in_words, moment_in_words

HELD = ("booking-held", "Held: a clinician reviews the risk before anything is booked")
CANCELLED = ("cancelled", "Cancelled: whoever referred has taken the referral back")
NOT_YET = (
    "review-before-standing-down",
    "Taken back by whoever referred: a clinician looks before anybody stands down",
)
WAS_MORE_URGENT = (
    "review-before-standing-down",
    "What was decided before was more urgent: a clinician looks before anybody stands down",
)
GAVE_WAY = ("superseded", "A later decision on the same referral took its place")
NOT_YET_SUPERSEDED = (
    "review-before-standing-down",
    "A later decision is less urgent: a clinician looks before anybody stands down",
)
"""How far a task has come, where no clock says it: a code of ours, and its words."""

State = tuple[str, str]
Json = Mapping[str, Any]


def tasks(draft: Draft) -> list[Element]:
    """Every Task of a referral: the lead, one for each concurrent route, one for each action."""
    beside = [_beside(draft, each) for each in concurrent(draft.referred)]
    actions = enumerate(draft.referred.decision["actions"])
    return [_lead(draft), *beside, *[_action(draft, *each) for each in actions]]


def _lead(draft: Draft) -> Element:
    stands, terms = draft.referred.stands, draft.terms
    return _task(
        draft,
        LEAD,
        _lead_state(draft),
        priority=draft.priority,
        code=concept(FULFIL),
        owner=draft.team(stands.team),
        reasonCode=concept(terms.route(stands.route)),
        restriction=_period(draft.received_at, stands.respond_by),
    )


def _beside(draft: Draft, also: Json) -> Element:
    """The task of a team that acts beside the lead, by its own urgency."""
    terms, urgency = draft.terms, also["urgency"]
    known = terms.vocabulary.urgencies.get(urgency)
    received = datetime.fromisoformat(draft.received_at)
    end = stamp(known.respond_by(received)) if known else None
    return _task(
        draft,
        task_of_route(also["id"]),
        ("to-be-answered", terms.clock(urgency)),
        priority=terms.priority(urgency),
        code=concept(FULFIL),
        owner=draft.team(also["team"]),
        reasonCode=concept(terms.route(also["id"])),
        restriction=_period(draft.received_at, end),
    )


def _action(draft: Draft, place: int, action: Json) -> Element:
    """The task of an action, a part of the lead; it may have been due before the referral came."""
    stands, due = draft.referred.stands, action["due"]
    return _task(
        draft,
        task_of_action(place),
        ("to-be-done", f"To be done by {day_in_words(date.fromisoformat(due))}"),
        partOf=[draft.links.to(LEAD)],
        priority=draft.terms.priority(stands.urgency),
        code=concept(draft.terms.action(action["id"])),
        description=plain(action["because"]),
        owner=draft.team(stands.team),
        reasonCode=concept(draft.terms.route(stands.route)),
        restriction=_period(None, due),
    )


def _task(draft: Draft, name: str, state: State, **own: Any) -> Element:
    """A task; ``own`` are the elements in which tasks differ."""
    status, (code, said) = _status(draft), _taken_back(draft) or state
    return present(
        {
            "resourceType": "Task",
            "id": draft.links.id(name),
            "partOf": own.get("partOf"),
            "status": status,
            "businessStatus": concept(
                coding(draft.terms.own.system("business-status"), code, said)
            ),
            "intent": "order",
            "priority": own["priority"],
            "code": own["code"],
            "description": own.get("description"),
            "focus": draft.links.to(SERVICE_REQUEST),
            "for": draft.subject(),
            "authoredOn": draft.decided_at,
            "owner": own["owner"],
            "reasonCode": own["reasonCode"],
            "restriction": own["restriction"],
        }
    )


def _status(draft: Draft) -> str:
    """The status (R4, TaskStatus). Nobody stands down by a message where there may be danger."""
    if draft.referred.cancelled is None:
        return "cancelled" if draft.gave_way else "requested"
    return "on-hold" if draft.is_danger else "cancelled"


def _taken_back(draft: Draft) -> State | None:
    """How far tasks have come of a referral that was taken back, or gave way; None of another."""
    if draft.referred.cancelled is None:
        return GAVE_WAY if draft.gave_way else None
    return NOT_YET if draft.is_danger else CANCELLED


def _lead_state(draft: Draft) -> State:
    """How far the lead has come. A hold on the booking keeps nobody from answering danger."""
    stands, terms = draft.referred.stands, draft.terms
    if draft.referred.later or draft.before:
        return NOT_YET_SUPERSEDED if draft.referred.later else WAS_MORE_URGENT
    if draft.referred.decision["booking_held"] and not terms.is_danger(stands.urgency):
        return HELD
    if draft.referred.is_overridden:
        return "to-be-answered", f"To be answered by {moment_in_words(stands.respond_by)}"
    return "to-be-answered", terms.clock(stands.urgency)


def _period(start: str | None, end: str | None) -> Element:
    return {"period": present({"start": start, "end": end})}
