"""Finds the decision that a message is about: on the same request, of the same sender."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from triage.domain.caller import Caller
from triage.domain.referral import Patient
from triage.fhir.findings import Finding
from triage.fhir.reading.message import Asks, Message
from triage.messaging.said import NEW_TO_US, OF_SOMEBODY_ELSE, SENT_BEFORE, TAKES_NO_PLACE
from triage.recording import is_about
from triage.store import message_requests
from triage.store.entries import Kind
from triage.store.log import DecisionLog, Recorded


@dataclass(frozen=True, slots=True)
class Link:
    """The decision whose place a referral takes, None where it is a new one; and what to say."""

    decision_id: str | None = None
    findings: tuple[Finding, ...] = ()


class Links:
    """Links messages to decisions of one log. Safe for many threads."""

    def __init__(self, log: DecisionLog) -> None:
        self._log = log

    def keys(self, message: Message, by: Caller) -> tuple[bytes, ...]:
        """By what the sender's own request is known here: keyed hashes, which name nobody."""
        return self._hashed(message.request_identities, by)

    def earlier(self, message: Message, by: Caller) -> Recorded | None:
        """The newest decision on the same request of the same sender.

        A message that says it is new is only held against names that are used nowhere else.
        """
        names = message.request_identities
        if message.asks is Asks.NEW:
            names = tuple(one for one in names if _is_unique(one, message))
        found = message_requests.newest(self._log.database, self._hashed(names, by))
        return self._log.recorded(found, Kind.DECISION) if found else None

    def _hashed(self, names: Sequence[str], by: Caller) -> tuple[bytes, ...]:
        whose = [by.issuer, by.client or by.subject]
        named = (json.dumps([*whose, each]).encode() for each in names)
        return tuple(map(self._log.person_key.of_request, named))

    def of(self, message: Message, by: Caller, patient: Patient) -> Link:
        """The decision that a referral takes the place of, as its message has it."""
        named = message.read.body.get("supersedes")
        if named is not None:
            recorded = self._log.recorded(str(named), Kind.DECISION)
            fits = recorded and _is_from(recorded, by) and self._is_about(recorded, patient)
            return Link(str(named)) if fits else Link(None, (TAKES_NO_PLACE,))
        earlier = self.earlier(message, by)
        if earlier is None:
            return Link(None, (NEW_TO_US,) if message.asks is Asks.UPDATE else ())
        if not self._is_about(earlier, patient):
            return Link(None, (OF_SOMEBODY_ELSE,))
        return Link(earlier.entry.id, (SENT_BEFORE,) if message.asks is Asks.NEW else ())

    def _is_about(self, recorded: Recorded, patient: Patient) -> bool:
        return is_about(recorded, patient, self._log.person_key)


def _is_unique(name: str, message: Message) -> bool:
    """Is it a name of this request alone: an identifier with a system, or an id that is a UUID?"""
    system, bar, _ = name.partition("|")
    is_id = name == message.request.get("id")
    return bool(bar and system) or (is_id and bool(_UUID.match(name)))


_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")


def _is_from(recorded: Recorded, by: Caller) -> bool:
    sender = recorded.entry.content["by"]
    return (sender["issuer"], sender["client"]) == (by.issuer, by.client)
