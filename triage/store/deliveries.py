"""Deliveries: that somebody is told of an entry, through which channel, and how far that is."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from triage.store.entries import Kind


class Channel(StrEnum):
    """How somebody is told."""

    MESSAGE = "message"
    WEBHOOK = "webhook"
    LETTER = "letter"


class State(StrEnum):
    """How far a delivery has come. One is dropped where nothing names the person any more."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"
    DROPPED = "dropped"


TOLD_OF = (
    Kind.DECISION,
    Kind.OVERRIDE,
    Kind.OVERRIDE_CONFIRMATION,
    Kind.CANCELLATION,
)
"""The kinds of entries of which somebody is told."""


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery to be made now. ``attempts`` counts this one; ``sequence`` is of the entry.

    ``channel`` may be one that only a newer version knows. ``leased_until`` tells, with
    ``attempts``, this claim from any other. ``ods_code`` is that of who referred, None where none
    is known.
    """

    id: str
    sequence: int
    channel: str
    attempts: int
    leased_until: str
    ods_code: str | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """A row of the outbox as it stands, with the kind of its entry and the decision of that.

    Times are those of entries: RFC 3339, UTC, with milliseconds.
    """

    id: str
    sequence: int
    decision_id: str
    kind: str
    channel: str
    urgency: str | None
    state: str
    attempts: int
    made_at: str
    due_at: str
    leased_until: str | None
    failure: str | None

    def as_dict(self) -> dict[str, Any]:
        """The same as plain values."""
        return {name: getattr(self, name) for name in self.__slots__}


def delivery_id(entry_id: str, channel: str) -> str:
    """The id of the delivery of an entry through a channel: always the same."""
    return str(uuid.uuid5(uuid.UUID(entry_id), channel))


def waiting(channel: str, entry: Mapping[str, Any]) -> tuple[Any, ...]:
    """The row of a delivery that waits, given the columns of its entry; due at once."""
    at = entry["at"]
    id_, state = delivery_id(entry["id"], channel), State.WAITING.value
    told = (id_, entry["sequence"], Channel(channel).value, entry["urgency"])
    return (*told, at, at, 0, state, None, None, None)
