"""Decides and records: what rules may know goes into the log, what names the person apart.

A recorded decision is sent as canonical JSON (RFC 8785), so that reading it again gives the same
bytes for ever.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from triage import metrics
from triage.decide import Decider
from triage.domain.caller import Caller
from triage.domain.decision import Decision
from triage.domain.overriding import Chain
from triage.domain.referral import Patient, Referral
from triage.domain.referred import Referred
from triage.domain.telling import LETTERS, Telling
from triage.noted import note
from triage.rulebook import Rulebook
from triage.store.entries import Entry, Identity, Kind, NewEntry, Retry, RulebookCopy
from triage.store.keys import PersonKey
from triage.store.log import DecisionLog, Recorded
from triage.wire import canonical_bytes

Path = list[str | int]
Steps = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Sent:
    """What is kept of the message that a referral came by.

    ``requests`` are keyed hashes of all that its sender knows the request by, so that updates and
    cancellations find it; ``findings`` what was found in it, each with ``severity``, ``code``,
    ``expression`` and ``says``.
    """

    requests: tuple[bytes, ...] = ()
    findings: tuple[Mapping[str, str], ...] = ()

    @property
    def parts(self) -> Mapping[str, Any]:
        """What the entry of the log holds of it."""
        return {"findings": list(self.findings)} if self.findings else {}


PLAIN = Sent()
"""A referral that came by no message."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A recorded decision as it leaves. ``repeated``: it was recorded before."""

    recorded: Recorded
    body: bytes
    repeated: bool

    @property
    def decision_id(self) -> str:
        """The id of the decision."""
        return self.recorded.entry.id


class Recorder:
    """Records the decisions of one rulebook in one log. Safe for many threads."""

    def __init__(self, decider: Decider, log: DecisionLog, telling: Telling = LETTERS) -> None:
        self._decider, self._log, self._telling = decider, log, telling
        self._rulebook = copy_of(decider.rulebook)

    @property
    def rulebook(self) -> Rulebook:
        """The rulebook by which it decides."""
        return self._decider.rulebook

    def record(
        self,
        referral: Referral,
        by: Caller,
        retry: Retry | None = None,
        message: Sent = PLAIN,
    ) -> Answered:
        """Decide a referral, and record it; the decision, once it is durable.

        A request that came before gives the decision it gave then. ``message`` is what is kept of
        the message that it came by. Raises ``EngineError``, ``ConflictError`` and
        ``LogUnavailableError``: then nothing is acknowledged.
        """
        known = self._decider.known(referral)
        with metrics.deciding():
            decision = self._decider.conclude(known)
        told = logged = _without_reference(decision.as_dict())
        kept = known.without_own_words(self._decider.rulebook.vocabulary)
        if kept is not known:
            logged = _without_reference(self._decider.conclude(kept).as_dict())
        identity = _identity(referral, list(_differences(logged, told)), self._log.person_key)
        entry = self._log.append(
            NewEntry(
                kind=Kind.DECISION,
                by=by,
                parts={"referral": kept.as_dict(), "decision": logged, **message.parts},
                about=self._superseded(referral),
                identity=identity,
                rulebook=self._rulebook,
                retry=retry,
                deliveries=self._deliveries(referral, decision),
                message_requests=message.requests,
            )
        )
        if entry.repeated:
            return self._again(entry)
        note(decision, recorded=True)
        recorded = Recorded(entry, identity)
        return Answered(recorded, _body(entry, logged, identity), repeated=False)

    def _deliveries(self, referral: Referral, decision: Decision) -> tuple[str, ...]:
        referrer, danger = referral.referrer, decision.urgency.danger
        return self._telling.channels(
            referrer.ods_code, referrer.name, consent=referral.consent_to_share, danger=danger
        )

    def retry(self, by: Caller, key: str | None, body: Any) -> Retry | None:
        """By what a request is known when it comes again; None where the caller gave no key.

        ``body`` is what was sent, as a JSON value: spaces and the order of names do not matter.
        """
        if key is None:
            return None
        said = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        whose = json.dumps([by.issuer, by.client or by.subject, key])
        hashed = self._log.person_key.of_request
        return Retry(hashed(whose.encode()), hashed(said.encode()))

    def _superseded(self, referral: Referral) -> str | None:
        """The decision that a referral says it takes the place of; None where there is none.

        Nor where that is about somebody else.
        """
        named = referral.supersedes
        recorded = self._log.recorded(named, Kind.DECISION) if named else None
        same = recorded and is_about(recorded, referral.patient, self._log.person_key)
        return named if same else None

    def before(self, retry: Retry | None) -> Answered | None:
        """What a request was answered that is sent again; None where it is new, or has no key."""
        recorded = self._log.before(retry) if retry else None
        if recorded is None:
            return None
        return Answered(recorded, decision_of(recorded), repeated=True)

    def otherwise(self, retry: Retry | None) -> str | None:
        """The decision that another request became under the same key, by id; None without one."""
        recorded = self._log.otherwise(retry) if retry else None
        return recorded.entry.id if recorded else None

    def _again(self, entry: Entry) -> Answered:
        recorded = self._log.recorded(entry.id, Kind.DECISION) or Recorded(entry, None)
        return Answered(recorded, decision_of(recorded), repeated=True)


def is_about(recorded: Recorded, patient: Patient, key: PersonKey) -> bool:
    """Is a recorded decision about this patient, for all that is known of both?"""
    identity = recorded.identity
    if identity is None:
        return True  # they were erased since
    number = key.hash(patient.nhs_number) if patient.nhs_number else None
    born = orjson.loads(identity.content)["patient"]["birth_date"]
    date = patient.birth_date.isoformat() if patient.birth_date else None
    known = ((identity.person, number), (born, date))
    return all(one == other for one, other in known if one and other)


def copy_of(rulebook: Rulebook) -> RulebookCopy:
    """A rulebook as the log keeps it whole."""
    stamp, content = rulebook.stamp, json.dumps(rulebook.content, ensure_ascii=False)
    return RulebookCopy(stamp.digest, stamp.id, stamp.version, content)


def decision_of(recorded: Recorded) -> bytes:
    """A recorded decision as it was sent; without the person's own words where they were erased."""
    return _body(recorded.entry, recorded.entry.content["decision"], recorded.identity)


def channels_of(recorded: Recorded, telling: Telling, *, danger: bool) -> tuple[str, ...]:
    """How whoever referred hears of what came after a decision; not at all of who was erased."""
    if recorded.identity is None:
        return ()
    referral = recorded.entry.content["referral"]
    name = orjson.loads(recorded.identity.content)["referrer_name"]
    consent = referral["consent_to_share"]
    return telling.channels(referral["ods_code"], name, consent=consent, danger=danger)


def as_decided(recorded: Recorded, body: bytes | None = None) -> Referred:
    """A recorded referral as it stood when it was decided, whatever came after it.

    ``body`` is the decision as it was sent, where that is at hand.
    """
    entry, identity = recorded.entry, recorded.identity
    content = entry.content
    return Referred(
        decision=orjson.loads(body or decision_of(recorded)),
        referral=content["referral"],
        identity=orjson.loads(identity.content) if identity else None,
        stands=Chain.begun_by(content).stands,
        findings=tuple(content.get("findings", ())),
    )


def _identity(referral: Referral, words: list[tuple[Path, Any]], key: PersonKey) -> Identity:
    patient = referral.patient
    content = {
        "reference": referral.reference,
        "patient": {
            "nhs_number": patient.nhs_number,
            "birth_date": patient.birth_date.isoformat() if patient.birth_date else None,
            "age": patient.age,
            "ethnic_category": patient.ethnic_category,
            "gender": patient.gender,
            "postcode": patient.postcode,
        },
        "referrer_name": referral.referrer.name,
        "notes": referral.notes,
        "own_words": [list(one) for one in words],
    }
    return Identity(
        content=canonical_bytes(content),
        person=key.hash(patient.nhs_number) if patient.nhs_number else None,
        ethnic_category=patient.ethnic_category,
        gender=patient.gender,
    )


def _without_reference(decision: dict[str, Any]) -> dict[str, Any]:
    del decision["reference"]
    return decision


def _body(entry: Entry, decision: Mapping[str, Any], identity: Identity | None) -> bytes:
    """The decision as it is sent, with what was withheld from the log put back."""
    told = {
        **decision,
        "decision_id": entry.id,
        "sequence": entry.sequence,
        "decided_at": entry.at,
        "reference": None,
    }
    if identity:
        held = orjson.loads(identity.content)
        told["reference"] = held["reference"]
        if held["own_words"]:
            told = orjson.loads(canonical_bytes(told))  # the log's own copy is left alone
            for path, value in held["own_words"]:
                _put(told, path, value)
    return canonical_bytes(told)


def _put(told: Any, path: Path, value: Any) -> None:
    *parents, last = path
    for step in parents:
        told = told[step]
    told[last] = value


def _differences(one: Any, other: Any, at: Steps = ()) -> Iterator[tuple[Path, Any]]:
    """The places where another value of the same shape differs, and what stands there."""
    if one is other:
        return
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        for name, value in one.items():
            yield from _differences(value, other[name], (*at, name))
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for place, value in enumerate(one):
            yield from _differences(value, other[place], (*at, place))
    elif one != other:
        yield list(at), other
