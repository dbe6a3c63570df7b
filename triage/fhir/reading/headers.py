"""Reads what a message asks for: a referral, its update or cancellation, or nothing of ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from triage.domain.referred import Cancelled
from triage.fhir import systems
from triage.fhir.findings import Finding
from triage.fhir.reading.elements import coding_of, codings_in
from triage.fhir.reading.message import Asks
from triage.fhir.reading.said import error, warning
from triage.fhir.reading.sent import Resource

EVENTS = frozenset(
    map(
        systems.plain,
        (systems.MESSAGE_EVENTS, "https://fhir.nhs.uk/CodeSystem/message-event-servicerequest"),
    )
)
REASON_SYSTEMS = frozenset(
    map(
        systems.plain,
        (
            systems.MESSAGE_REASONS,
            "https://fhir.nhs.uk/CodeSystem/message-reason-servicerequest",
            "",
        ),
    )
)
"""The systems of events and of reasons: BaRS has published each under two names."""

REQUEST, RESPONSE = "servicerequest-request", "servicerequest-response"

REASONS: Mapping[str, Asks] = {"new": Asks.NEW, "update": Asks.UPDATE, "delete": Asks.CANCEL}

TAKEN_BACK: Mapping[str, Cancelled] = {one.value: one for one in Cancelled}

DOUBTFUL = frozenset({"draft", "on-hold", "unknown"})
"""In which status a request is read, though it may not be meant to be acted on yet."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a message asks for, and what was found of that."""

    asks: Asks
    as_cancelled: Cancelled | None
    findings: tuple[Finding, ...]


def wanted(header: Resource | None, request: Resource | None) -> Wanted:
    """What is asked for by a header together with the status of the request."""
    if header is None:
        return Wanted(Asks.NOTHING_OF_OURS, None, ())
    foreign = _nothing_of_ours(header)
    if foreign:
        return Wanted(Asks.NOTHING_OF_OURS, None, (foreign,))
    reason, said = _reason(header)
    status = request.text("status") if request else None
    cancelled = TAKEN_BACK.get(status or "")
    if reason is Asks.CANCEL:
        cancelled = cancelled or Cancelled.REVOKED
    if cancelled:
        return Wanted(Asks.CANCEL, cancelled, said)
    of_status = tuple(_doubts(request)) if request else ()
    return Wanted(reason, None, (*said, *of_status))


def _nothing_of_ours(header: Resource) -> Finding | None:
    """Why a message is none that is answered here."""
    event = header.part("eventCoding")
    code = event.text("code") if event else None
    if header.json.get("response") is not None:
        return error("not-supported", header.place("response"), A_RESPONSE)
    if event is None or coding_of(event).known_by[0] not in EVENTS or code != REQUEST:
        at = header.place("eventCoding") if event else header.at
        return error("not-supported", at, A_RESPONSE if code == RESPONSE else UNKNOWN_EVENT)
    return None


def _reason(header: Resource) -> tuple[Asks, tuple[Finding, ...]]:
    codings = codings_in(header.part("reason"))
    ours = (one for one in codings if one.known_by[0] in REASON_SYSTEMS)
    known = {REASONS.get(one.code) for one in ours} - {None}
    if not codings:
        return Asks.NEW, (warning("incomplete", header.near("reason"), NO_REASON),)
    if len(known) != 1:
        return Asks.NEW, (error("code-invalid", header.place("reason"), UNKNOWN_REASON),)
    return known.pop() or Asks.NEW, ()


def _doubts(request: Resource) -> Iterator[Finding]:
    status = request.text("status")
    if status == "completed":
        yield error("business-rule", request.place("status"), COMPLETED)
    elif status in DOUBTFUL:
        yield warning("business-rule", request.place("status"), NOT_ACTIVE)


A_RESPONSE = "This message is a response and asks for nothing, so nothing was triaged."

UNKNOWN_EVENT = (
    "The event of this message is not known here, so nothing was triaged; send"
    f" {REQUEST} of {systems.MESSAGE_EVENTS} as MessageHeader.eventCoding."
)

NO_REASON = "This message does not say whether it is new, an update or a deletion: read as new."

UNKNOWN_REASON = "This reason is not known here; send new, update or delete."

COMPLETED = "This request is completed, so there is nothing left to triage; send it while active."

NOT_ACTIVE = (
    "This request is not active. It was triaged all the same; check that it is meant to be."
)
