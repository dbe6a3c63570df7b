"""Sign-off: a clinician has read the rules, word for word, and approves them or sends them back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import orjson

from triage.domain.caller import Caller
from triage.errors import ConflictError
from triage.recording import copy_of
from triage.rulebook import Rulebook
from triage.store.entries import Entry, Identity, Kind, NewEntry
from triage.store.log import DecisionLog, Recorded
from triage.store.sign_offs import unless_said
from triage.wire import canonical_bytes


class Conclusion(StrEnum):
    """What a clinician says of the rules."""

    APPROVED = "approved"
    SENT_BACK = "sent_back"


@dataclass(frozen=True, slots=True)
class Statement:
    """What a clinician says of a rulebook, and the name they sign with, as their issuer has it."""

    conclusion: Conclusion
    note: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """What somebody said of a rulebook, and when: RFC 3339, UTC.

    ``note`` is None where there was none, or it was erased; ``sequence`` is that of its entry.
    """

    sequence: int
    at: str
    by: Caller
    conclusion: Conclusion
    note: str | None
    name: str | None

    @property
    def signed_as(self) -> str:
        """The name that people read: as it was signed, or what the log knows them by."""
        return self.name or str(self.by.subject)


def sign(log: DecisionLog, rulebook: Rulebook, said: Statement, by: Caller) -> Entry:
    """Record that somebody signs a rulebook as it is now; the log keeps it whole.

    Whoever thinks better of it signs again, with the other conclusion. Raises ``ConflictError`` for
    a caller without a name, and for what they have said of these rules already, and
    ``LogUnavailableError``: then nothing is signed.
    """
    if by.subject is None:
        raise ConflictError("a signature needs a name; sign in as yourself, then sign")
    copy = copy_of(rulebook)
    parts = {
        "rulebook": copy.digest,
        "rulebook_id": copy.id,
        "version": copy.version,
        "conclusion": said.conclusion.value,
        "name": said.name,
    }
    words = Identity(canonical_bytes({"note": said.note})) if said.note else None
    once = unless_said(copy.digest, said.conclusion, by)
    return log.append(NewEntry(Kind.SIGN_OFF, by, parts, identity=words, rulebook=copy, guard=once))


def signed(log: DecisionLog, digest: str) -> list[Signature]:
    """Who signed a rulebook, by its digest: the newest first. Raises ``LogUnavailableError``."""
    return [_signature(one) for one in reversed(log.sign_offs(digest))]


def _signature(one: Recorded) -> Signature:
    content = one.entry.content
    return Signature(
        sequence=one.entry.sequence,
        at=one.entry.at,
        by=Caller.of(content["by"]),
        conclusion=Conclusion(content["conclusion"]),
        note=orjson.loads(one.identity.content)["note"] if one.identity else None,
        name=content["name"],
    )
