"""What a message is wrapped in: its Bundle, its header, and the request that it is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from triage.fhir.findings import Finding
from triage.fhir.reading.elements import Element
from triage.fhir.reading.modifiers import modified
from triage.fhir.reading.said import error, warning
from triage.fhir.reading.sent import Placed, Resource, Sent

BUNDLE = "Bundle"
FIRST = f"{BUNDLE}.entry[0].resource"
"""Where the header of a message stands (R4, Bundle, invariant bdl-12)."""


ALONE = frozenset(
    {BUNDLE, "Parameters", "QuestionnaireResponse", "ServiceRequest", "Observation", "Patient"}
)
"""The types of what may be sent by itself."""


def placed_alone(value: Any, name: str) -> Placed:
    """What was sent, at the root of its expressions: its type, or ``name`` where it is no other."""
    kind = Resource.of(Element(value, "")).type if isinstance(value, dict) else ""
    return Placed(value, kind if kind in ALONE else name)


@dataclass(frozen=True, slots=True)
class Envelope:
    """A message as it is wrapped. ``bundle`` is empty where none was sent."""

    bundle: Element
    sent: Sent

    @classmethod
    def of(cls, value: Any) -> Envelope:
        """The wrapping of what was sent."""
        placed = placed_alone(value, "")
        bundle = value if placed.expression == BUNDLE else {}
        return cls(Element(bundle, BUNDLE), Sent([placed]))

    @property
    def header(self) -> Resource | None:
        """The header, wherever it stands."""
        return next(iter(self.sent.of("MessageHeader")), None)

    def faults(self) -> Iterator[Finding]:
        """What keeps it from being a message."""
        yield from self.sent.faults
        yield from modified(self.header)
        if not self.bundle.json:
            yield error("structure", "", NO_BUNDLE)
            return
        if self.bundle.json.get("type") != "message":
            yield error("value", self.bundle.near("type"), NO_MESSAGE)
        if self.header is None:
            yield error("required", self.bundle.near("entry"), NO_HEADER)
        elif self.header.at != FIRST:
            yield error("structure", self.header.at, NOT_FIRST)
        elif self.sent.several("MessageHeader"):
            yield error("structure", self.sent.of("MessageHeader")[1].at, SEVERAL_HEADERS)


def find_request(sent: Sent, header: Resource | None) -> tuple[Resource | None, list[Finding]]:
    """The request that a header names, or else the only one; and what is doubtful of that."""
    focus = header.parts("focus") if header else ()
    found = [sent.resolve(one, header) for one in focus] if header else []
    named = [one for one in found if one and one.type == "ServiceRequest"]
    if any(one.json != named[0].json for one in named):
        return named[0], [error("multiple-matches", focus[0].at, SEVERAL_NAMED)]
    doubts = [
        warning("not-found", reference.at, FOCUS_NOT_SENT)
        for reference, one in zip(focus, found, strict=True)
        if one is None
    ]
    if named:
        return named[0], doubts
    if sent.several("ServiceRequest"):
        at = sent.of("ServiceRequest")[1].at
        return None, [*doubts, error("multiple-matches", at, SEVERAL_REQUESTS)]
    return sent.only("ServiceRequest"), doubts


NO_BUNDLE = "A message is a Bundle of type message; send one, or use another operation."

NO_MESSAGE = "This Bundle is no message; send one of type message."

NO_HEADER = "A message begins with a MessageHeader, and there is none; send one as the first entry."

NOT_FIRST = "The MessageHeader of a message is its first entry; put it there."

SEVERAL_HEADERS = "A message has one MessageHeader; take out the others."

SEVERAL_NAMED = "This message is about several ServiceRequests; send one message for each."

FOCUS_NOT_SENT = "What this names was not sent with the message."

SEVERAL_REQUESTS = (
    "There are several ServiceRequests, and it is not said which is meant; name it in"
    " MessageHeader.focus."
)

NO_REQUEST = "There is no ServiceRequest in this message, so nothing can be referred; send one."
