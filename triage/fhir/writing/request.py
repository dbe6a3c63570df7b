"""A referral as the message that a GP system would send: the other way round from reading one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from triage.fhir import systems
from triage.fhir.writing.bars import (
    ACT_CODES,
    CONSENT_CATEGORIES,
    CONSENT_SCOPES,
    REFERRAL,
    REQUEST,
    REQUEST_DEFINITION,
)
from triage.fhir.writing.elements import (
    Element,
    coding,
    concept,
    identifier,
    plain_or_none,
    present,
)
from triage.fhir.writing.items import Answered, ItemWriter
from triage.fhir.writing.people import patient
from triage.fhir.writing.terms import Terms
from triage.rulebook import Rulebook
from triage.wire import canonical_bytes

HEADER, REQUESTED, PERSON = "MessageHeader", "ServiceRequest", "Patient"
REFERRER, ANSWERS, CONSENT = "Organization", "QuestionnaireResponse", "Consent"

CONSENTS: Mapping[bool, tuple[str, str, str]] = {
    True: ("active", "OPTIN", "permit"),
    False: ("rejected", "OPTOUT", "deny"),
}
"""Consent given or refused: its status, its directive (v3-ActCode) and its provision, in R4."""

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Sent:
    """A referral that is being sent: its body, when, and by what its resources are known."""

    body: Json
    at: str
    ids: Mapping[str, str]

    def to(self, name: str) -> Element:
        return {"reference": f"urn:uuid:{self.ids[name]}"}

    def part(self, name: str) -> Json:
        found: Json = self.body.get(name) or {}
        return found


class RequestWriter:
    """Writes referrals as messages in the words of one rulebook.

    ``endpoint`` is where the sender listens, ``name`` what it is called.
    """

    def __init__(self, rulebook: Rulebook, endpoint: str, name: str = "A GP system") -> None:
        self._terms, self._items = Terms(rulebook, ""), ItemWriter(rulebook.vocabulary)
        self._endpoint, self._name = endpoint, name

    def message_of(self, body: Json, at: datetime, id_: str | None = None) -> Element:
        """The message Bundle of a referral that is right (contract, section 1), sent at a moment.

        Its ids come from ``id_``, else from the reference of the referral, else from all of it:
        the same gives the same.
        """
        seed = id_ or plain_or_none(body.get("reference")) or canonical_bytes(body).decode()
        names = (HEADER, REQUESTED, PERSON, REFERRER, ANSWERS, CONSENT, "Bundle")
        base = uuid5(NAMESPACE_URL, self._terms.own.base)
        ids = {name: str(uuid5(base, f"{name} {seed}")) for name in names}
        sent = _Sent(body, _moment(at), ids)
        return {
            "resourceType": "Bundle",
            "id": ids["Bundle"],
            "identifier": identifier(systems.UUIDS, f"urn:uuid:{ids['Bundle']}"),
            "type": "message",
            "timestamp": sent.at,
            "entry": [_entry(each) for each in self._resources(sent) if each],
        }

    def _resources(self, sent: _Sent) -> list[Element | None]:
        return [
            self._header(sent),
            self._request(sent),
            patient(_person(sent), sent.ids[PERSON], self._terms),
            _referrer(sent),
            self._answers(sent),
            _consent(sent),
        ]

    def _header(self, sent: _Sent) -> Element:
        return {
            "resourceType": HEADER,
            "id": sent.ids[HEADER],
            "eventCoding": REQUEST,
            "sender": _organisation(sent) or {"type": REFERRER, "display": self._name},
            "source": {"name": self._name, "endpoint": self._endpoint},
            "reason": {"coding": [coding(systems.MESSAGE_REASONS, "new")]},
            "focus": [sent.to(REQUESTED)],
            "definition": REQUEST_DEFINITION,
        }

    def _request(self, sent: _Sent) -> Element:
        notes = plain_or_none(sent.body.get("notes"))
        return present(
            {
                "resourceType": REQUESTED,
                "id": sent.ids[REQUESTED],
                "identifier": self._identifiers(sent),
                "replaces": self._superseded(sent),
                "status": "active",
                "intent": "order",
                "category": [concept(REFERRAL)],
                "subject": sent.to(PERSON),
                "authoredOn": _received_at(sent),
                "requester": _organisation(sent),
                "supportingInfo": [sent.to(ANSWERS)],
                "note": [{"text": notes}] if notes else None,
            }
        )

    def _identifiers(self, sent: _Sent) -> list[Element]:
        """By what the sender knows the referral, where it gave a reference."""
        reference = plain_or_none(sent.body.get("reference"))
        system = self._terms.own.identifier("reference")
        return [identifier(system, reference)] if reference else []

    def _superseded(self, sent: _Sent) -> list[Element] | None:
        before = sent.body.get("supersedes")
        if not before:
            return None
        by_id = identifier(self._terms.own.identifier("decision"), before)
        return [{"type": REQUESTED, "identifier": by_id}]

    def _answers(self, sent: _Sent) -> Element:
        rulebook = self._terms.rulebook.stamp
        answered = Answered(
            answers=sent.part("answers"),
            declined=sent.body.get("declined") or (),
            levels=sent.part("levels"),
            source=sent.body.get("source"),
            age=sent.part("patient").get("age"),
        )
        return present(
            {
                "resourceType": ANSWERS,
                "id": sent.ids[ANSWERS],
                "questionnaire": self._terms.questionnaire({"version": rulebook.version}),
                "status": "completed",
                "subject": sent.to(PERSON),
                "item": self._items.answers_as_items(answered),
            }
        )


def _received_at(sent: _Sent) -> str:
    received = sent.body.get("received_at")
    return _moment(datetime.fromisoformat(received.upper())) if received else sent.at


def _entry(resource: Element) -> Element:
    return {"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource}


def _person(sent: _Sent) -> Json:
    """The patient, whose NHS number is ten digits and nothing between them."""
    told = sent.part("patient")
    number = told.get("nhs_number")
    return {**told, "nhs_number": re.sub("[ -]", "", number)} if number else told


def _organisation(sent: _Sent) -> Element | None:
    return sent.to(REFERRER) if _referrer(sent) else None


def _referrer(sent: _Sent) -> Element | None:
    """Who refers; None where nobody is named."""
    told = sent.part("referrer")
    code, name = told.get("ods_code"), plain_or_none(told.get("name"))
    if not code and not name:
        return None
    return present(
        {
            "resourceType": REFERRER,
            "id": sent.ids[REFERRER],
            "identifier": [identifier(systems.ODS_CODE, code)] if code else None,
            "name": name,
        }
    )


def _consent(sent: _Sent) -> Element | None:
    """Whether the person lets it be shared; None where they were not asked."""
    given = sent.body.get("consent_to_share")
    if given is None:
        return None
    status, directive, provision = CONSENTS[given]
    return {
        "resourceType": CONSENT,
        "id": sent.ids[CONSENT],
        "status": status,
        "scope": {"coding": [coding(CONSENT_SCOPES, "patient-privacy")]},
        "category": [{"coding": [coding(CONSENT_CATEGORIES, "DRC", "Direct Care")]}],
        "patient": sent.to(PERSON),
        "dateTime": sent.at,
        "policyRule": {"coding": [coding(ACT_CODES, directive)]},
        "provision": {"type": provision},
    }


def _moment(moment: datetime) -> str:
    """A moment as R4 has it: in UTC, for it knows fewer offsets than there are."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
