"""Entries of the log: what is to be recorded, the bytes it becomes, and how it is found again."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import Connection

from triage.domain.caller import Caller
from triage.wire import canonical_bytes

FORMAT = 1
"""The version of the shape of entries, described in ``docs/log-format.md``."""

COMMITS_TO = b"\x02"
"""What sets the hash of an identity apart from those of leaves and nodes."""

SALT_BYTES = 32


class Kind(StrEnum):
    """What an entry records."""

    DECISION = "decision"
    OVERRIDE = "override"
    OVERRIDE_CONFIRMATION = "override_confirmation"
    OVERRIDE_WITHDRAWAL = "override_withdrawal"
    VIEW = "view"
    SEARCH = "search"
    EXPORT = "export"
    ERASURE = "erasure"
    CANCELLATION = "cancellation"
    CARD_FEEDBACK = "card_feedback"
    SIGN_OFF = "sign_off"
    CALL = "call"


STANDS = (Kind.OVERRIDE, Kind.OVERRIDE_CONFIRMATION)
"""The kinds after which another route or urgency may stand than was decided."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What names a person, or may hold somebody's own words: apart from the entry, and erasable.

    ``content`` is canonical JSON; ``person`` the keyed hash of an NHS number, to be found by.
    """

    content: bytes
    person: bytes | None = None
    ethnic_category: str | None = None
    gender: str | None = None
    salt: bytes = field(default_factory=lambda: secrets.token_bytes(SALT_BYTES))

    @property
    def commitment(self) -> str:
        """What the entry holds in its place."""
        return committed(self.salt, self.content)


def committed(salt: bytes, content: bytes) -> str:
    """What stands for an identity: SHA-256 over salt and content, in hexadecimal."""
    return sha256(COMMITS_TO + salt + content).hexdigest()


@dataclass(frozen=True, slots=True)
class RulebookCopy:
    """A rulebook whole, to be kept under its digest. ``content`` is JSON."""

    digest: str
    id: str
    version: str
    content: str


@dataclass(frozen=True, slots=True)
class Retry:
    """By what a request is known when it comes again: keyed hashes.

    ``key`` is that of whose request it is and of the key they gave it, ``request`` of its body.
    """

    key: bytes
    request: bytes


Guard = Callable[[Connection], None]
"""Looks, while nobody else can append, whether an entry may still be recorded; raises if not."""


def nothing_forbids(_connection: Connection) -> None:
    """The guard of an entry that may always be recorded."""


Also = Callable[[Connection], None]
"""Does what an entry tells of, once the entry stands and in the same transaction."""


def nothing_more(_connection: Connection) -> None:
    """What an entry that only tells of something does."""


@dataclass(frozen=True, slots=True)
class NewEntry:
    """Something to be recorded. ``parts`` are what its kind holds beside what every entry does.

    ``deliveries`` are the channels by which somebody is to be told of the entry, each a row of the
    outbox. ``message_requests`` are keyed hashes of all that its sender knows the service request
    by on which a decision was made.
    """

    kind: Kind
    by: Caller
    parts: Mapping[str, Any]
    about: str | None = None
    identity: Identity | None = None
    rulebook: RulebookCopy | None = None
    retry: Retry | None = None
    deliveries: tuple[str, ...] = ()
    message_requests: tuple[bytes, ...] = ()
    guard: Guard = nothing_forbids
    also: Also = nothing_more
    id: str = field(default_factory=lambda: str(uuid.uuid4()))

    def leaf(self, sequence: int, at: str) -> tuple[dict[str, Any], bytes]:
        """The entry that this becomes at a place in the log, and its bytes."""
        entry = {
            "format": FORMAT,
            "kind": self.kind.value,
            "sequence": sequence,
            "id": self.id,
            "at": at,
            "by": self.by.as_dict(),
            "about": self.about,
            "commitment": self.identity.commitment if self.identity else None,
            **self.parts,
        }
        return entry, canonical_bytes(entry)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it stands in the log. ``repeated``: it was there already when it was sent."""

    sequence: int
    id: str
    at: str
    leaf: bytes
    repeated: bool = False

    @property
    def content(self) -> dict[str, Any]:
        """What the entry says."""
        content: dict[str, Any] = orjson.loads(self.leaf)
        return content


def columns(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The columns by which an entry is found: each repeats what the entry says.

    ``route`` and ``urgency`` are what stands from the entry on: of a decision, an override in force
    or a confirmation, and None of an override that waits for a second person. ``rulebook`` is the
    one that decided, or was signed.
    """
    decided = entry["kind"] == Kind.DECISION
    signed = entry["rulebook"] if entry["kind"] == Kind.SIGN_OFF else None
    stands = entry if entry["kind"] in STANDS and not entry.get("lowers") else {}
    decision, referral = entry.get("decision", {}), entry.get("referral", {})
    return {
        "sequence": entry["sequence"],
        "id": entry["id"],
        "kind": entry["kind"],
        "at": entry["at"],
        "about": entry["about"],
        "route": decision["route"]["id"] if decided else stands.get("route"),
        "urgency": decision["urgency"] if decided else stands.get("urgency"),
        "source": referral.get("source"),
        "ods_code": referral.get("ods_code"),
        "rulebook": decision["rulebook"]["digest"] if decided else signed,
    }


def rules_fired(entry: Mapping[str, Any]) -> list[str]:
    """The rules that an entry says fired, each once."""
    reasoning = entry["decision"]["reasoning"] if entry["kind"] == Kind.DECISION else ()
    return list(dict.fromkeys(reason["rule"] for reason in reasoning))


def now() -> str:
    """The time as entries and heads have it."""
    return written(datetime.now(UTC))


def written(moment: datetime) -> str:
    """A moment as entries have it, in order as text: RFC 3339, UTC, with milliseconds."""
    return f"{moment.astimezone(UTC).isoformat(timespec='milliseconds')[:23]}Z"
