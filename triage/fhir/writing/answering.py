"""What an answer takes from the message that it answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from triage.fhir import systems
from triage.fhir.reading.message import Message
from triage.fhir.writing.elements import plain, plain_or_none

INTENTS = (
    "proposal",
    "plan",
    "directive",
    "order",
    "original-order",
    "reflex-order",
    "filler-order",
    "instance-order",
    "option",
)
"""R4, RequestIntent."""

REASONS = ("new", "update", "delete")
"""Why a message was sent, in BaRS."""

_ID = re.compile(r"[A-Za-z0-9.-]{1,64}")
_URL = re.compile(r"\S+")

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answering:
    """The message that is answered, as far as an answer repeats it; None is not known.

    ``message_id`` is by what the message is known, which may be ``system|value``; ``header_id`` the
    id of its header (R4, id); ``endpoint`` where its sender listens; ``reason`` why it was sent;
    ``intent`` that of its request, and ``identifiers`` the systems and values by which its sender
    knows that. ``delivery`` is the id of a delivery of the outbox, where the answer is one.
    """

    message_id: str | None = None
    header_id: str | None = None
    endpoint: str | None = None
    reason: str | None = None
    intent: str | None = None
    identifiers: tuple[tuple[str | None, str], ...] = ()
    delivery: str | None = None

    @classmethod
    def to(cls, message: Message) -> Answering:
        """The answer to a message. What is not as R4 wants it is left out."""
        return cls(
            message_id=plain_or_none(message.id),
            header_id=_header_id(message),
            endpoint=_fitting(_URL, _part(message.header, "source").get("endpoint")),
            reason=_reason(message.header),
            intent=_one_of(INTENTS, message.request.get("intent")),
            identifiers=tuple(dict.fromkeys(_identifiers(message.request))),
        )


NOTHING_KNOWN = Answering()
"""What is known where no message is answered."""


def _header_id(message: Message) -> str | None:
    """The id of the header; the bare UUID or value of the message's own id where it has none."""
    own = _fitting(_ID, message.header.get("id"))
    if own or message.id is None:
        return own
    return _fitting(_ID, message.id.split("|")[-1].removeprefix("urn:uuid:"))


def _reason(header: Json) -> str | None:
    codings = _part(header, "reason").get("coding")
    for one in codings if isinstance(codings, list) else ():
        if isinstance(one, dict) and one.get("system") in (None, systems.MESSAGE_REASONS):
            return _one_of(REASONS, one.get("code"))
    return None


def _identifiers(request: Json) -> Iterator[tuple[str | None, str]]:
    listed = request.get("identifier")
    for one in listed if isinstance(listed, list) else ():
        value = one.get("value") if isinstance(one, dict) else None
        if isinstance(value, str) and value.strip():
            yield _fitting(_URL, one.get("system")), plain(value)


def _part(holder: Json, name: str) -> Json:
    found = holder.get(name)
    return found if isinstance(found, dict) else {}


def _fitting(pattern: re.Pattern[str], value: object) -> str | None:
    return value if isinstance(value, str) and pattern.fullmatch(value) else None


def _one_of(codes: tuple[str, ...], value: object) -> str | None:
    return value if isinstance(value, str) and value in codes else None
