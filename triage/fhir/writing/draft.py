"""A referral that is being written: in whose words, for which message, and whom it names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from triage.domain.overriding import Stands
from triage.domain.referred import Referred
from triage.fhir import systems
from triage.fhir.writing.answering import NOTHING_KNOWN, Answering
from triage.fhir.writing.elements import Element, identifier, plain_or_none, present
from triage.fhir.writing.links import PATIENT, Links, organisation
from triage.fhir.writing.terms import Terms

NOT_NAMED = "Not named: the person was erased from the record"
NO_NUMBER = "The person referred; no NHS number was given"
OF_A_WHAT_IF = "The person whom the answers are about"
"""How somebody is called who cannot be named."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A referral that is being written, with how its resources point at one another."""

    referred: Referred
    terms: Terms
    links: Links
    answering: Answering = NOTHING_KNOWN

    @property
    def patient(self) -> Mapping[str, Any]:
        """What names the person; empty once they were erased."""
        identity = self.referred.identity
        return identity["patient"] if identity else {}

    @property
    def received_at(self) -> str:
        """When the referral was received."""
        return str(self.referred.referral["received_at"])

    @property
    def decided_at(self) -> str:
        """When the decision was recorded; of a what-if, when it was asked."""
        return str(self.referred.decision.get("decided_at", self.received_at))

    @property
    def is_recorded(self) -> bool:
        """Is there a record of it, rather than a what-if?"""
        return "decision_id" in self.referred.decision

    @property
    def before(self) -> Stands | None:
        """What stood before it, in danger and more urgent."""
        return self.referred.more_urgent_before(self.terms.vocabulary.urgencies)

    @property
    def is_danger(self) -> bool:
        """May somebody be in danger, by what stands or by what stood before it?"""
        return self.before is not None or self.terms.is_danger(self.referred.stands.urgency)

    @property
    def gave_way(self) -> bool:
        """Has a later decision taken its place, and nobody need look first?"""
        later = self.referred.later
        if later is None:
            return False
        soonest = self.terms.sooner(self.referred.stands.urgency, later[1].urgency)
        return not self.is_danger or soonest == later[1].urgency

    @property
    def priority(self) -> str:
        """How soon it is wanted: as soon as anything that nobody has stood down from."""
        before, stands = self.before, self.referred.stands
        return self.terms.priority(before.urgency if before else stands.urgency)

    def subject(self) -> Element:
        """Whom it is about, by the NHS number where one was given."""
        number = self.patient.get("nhs_number")
        known = identifier(systems.NHS_NUMBER, number) if number else None
        return present(
            {
                **self.links.to(PATIENT),
                "type": "Patient",
                "identifier": known,
                "display": None if known else self._unnamed,
            }
        )

    @property
    def _unnamed(self) -> str:
        if not self.is_recorded:
            return OF_A_WHAT_IF
        return NO_NUMBER if self.referred.identity else NOT_NAMED

    def team(self, team: Mapping[str, Any]) -> Element:
        """A team."""
        return {
            **self.links.to(organisation(str(team["id"]))),
            "type": "Organization",
            "identifier": identifier(self.terms.own.identifier("team"), str(team["id"])),
            "display": str(team["name"]),
        }

    def referrer(self) -> Element:
        """Who refers, by ODS code, or the person themselves; empty where nobody is named."""
        referral, identity = self.referred.referral, self.referred.identity or {}
        code, name = referral["ods_code"], plain_or_none(identity.get("referrer_name"))
        if code or name:
            known = identifier(systems.ODS_CODE, code) if code else None
            return present({"type": "Organization", "identifier": known, "display": name})
        return self.subject() if referral["self_referred"] else {}
