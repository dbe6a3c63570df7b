"""What the sender of a message is told of what was made of it, beside the decision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from triage.domain.referred import Referred
from triage.domain.vocabulary import Urgency
from triage.fhir.findings import Finding, Severity
from triage.fhir.reading.message import Message

REASON = "Bundle.entry[0].resource.reason"
FOCUS = "Bundle.entry[0].resource.focus"

PRIORITIES = ("routine", "urgent", "asap", "stat")
"""How soon a request is wanted, the least urgent first (R4, RequestPriority)."""


def _warning(code: str, expression: str, says: str) -> Finding:
    return Finding(Severity.WARNING, code, expression, says)


NEW_TO_US = _warning(
    "not-found",
    REASON,
    "This is an update of a referral that was never received here, so it was taken as a new one.",
)

SENT_BEFORE = _warning(
    "duplicate",
    REASON,
    "This ServiceRequest was sent before by another message, so this was taken as an update of it.",
)

OF_SOMEBODY_ELSE = _warning(
    "conflict",
    FOCUS,
    "A ServiceRequest by this name was sent before about somebody else, by the NHS number or the"
    " date of birth. This was taken as a new referral, and that one is as it was. Check whose it"
    " is, and give each request a name of its own.",
)

TAKES_NO_PLACE = _warning(
    "not-found",
    "Bundle.entry.resource.ofType(ServiceRequest).replaces",
    "What this request is to replace is no decision on a referral of this person from you, so it"
    " takes nobody's place.",
)

SAME_ID = Finding(
    Severity.ERROR,
    "duplicate",
    "Bundle.entry[0].resource",
    "A message with this id was answered before, and said something else. What was decided then"
    " stands; send what has changed under a new id, as an update.",
)

NOTHING_TO_CANCEL = Finding(
    Severity.ERROR,
    "not-found",
    FOCUS,
    "No referral with this identifier was received here from you, so none was cancelled. Send the"
    " identifier of the ServiceRequest as it was first sent, or ring the team.",
)

CANCELS_SOMEBODY_ELSE = Finding(
    Severity.ERROR,
    "conflict",
    FOCUS,
    "The referral by this name is about somebody else, by the NHS number or the date of birth, so"
    " it was not cancelled. Check whose it is; ring the team if a referral must be stopped.",
)


def of_what_came_of_it(
    message: Message, referred: Referred, urgencies: Mapping[str, Urgency]
) -> Iterator[Finding]:
    """What the sender must know of how urgent the decision is, beside what they asked for."""
    before = referred.more_urgent_before(urgencies)
    if before:
        title = urgencies[before.urgency].title if before.urgency in urgencies else before.urgency
        yield _warning("business-rule", REASON, f"{_BEFORE} ({title}). {_NOBODY_STANDS_DOWN}")
    stands = urgencies.get(referred.stands.urgency)
    wanted, given = message.request.get("priority"), stands.priority if stands else None
    if wanted in PRIORITIES and given in PRIORITIES and _rank(wanted) > _rank(given):
        yield _warning("business-rule", _PRIORITY, _LESS_URGENT)


def _rank(priority: Any) -> int:
    return PRIORITIES.index(priority)


_BEFORE = "What was decided before on this referral was more urgent"

_NOBODY_STANDS_DOWN = (
    "Nobody stands down from that by a message: a clinician looks at both first. Ring the team."
)

_PRIORITY = "Bundle.entry.resource.ofType(ServiceRequest).priority"

_LESS_URGENT = (
    "The priority that was asked for is more urgent than what the answers conclude, and the rules"
    " do not read it. If you know why it is urgent, ring the team now."
)
