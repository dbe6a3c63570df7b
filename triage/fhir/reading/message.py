"""A message Bundle as it was read: what it asks for, and the referral in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from triage.domain.referred import Cancelled
from triage.fhir.reading.read import Read


class Asks(StrEnum):
    """What a message asks for."""

    NEW = "new"
    UPDATE = "update"
    CANCEL = "cancel"
    NOTHING_OF_OURS = "nothing_of_ours"


@dataclass(frozen=True, slots=True)
class Message:
    """A message as far as it could be read.

    ``id`` is by what it is known when it comes again: ``Bundle.identifier``, else the id of its
    MessageHeader, else that of the Bundle, else the UUID of the header's ``fullUrl``; None without
    any. ``request_identities`` are by what the sender knows the ServiceRequest: its identifiers as
    ``system|value``, then its id; where it has neither, the UUID of its ``fullUrl``. Another
    message may have only some of them. ``header``, ``request`` and ``patient`` are those resources
    as they were sent, empty where there are none; ``as_cancelled`` says how a cancelling message
    wants the request marked.
    """

    id: str | None
    asks: Asks
    as_cancelled: Cancelled | None
    request_identities: tuple[str, ...]
    header: Mapping[str, Any]
    request: Mapping[str, Any]
    patient: Mapping[str, Any]
    read: Read
