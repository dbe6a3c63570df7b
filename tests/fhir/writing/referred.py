"""Referrals that were decided and recorded, and what may become of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from typing import Any

from tests.builders import a_referral
from tests.recorded import GP
from triage.decide import Decider
from triage.domain.decision import Status
from triage.domain.overriding import Stands
from triage.domain.referral import Patient, Referral
from triage.domain.referred import Cancelled, Referred
from triage.domain.vocabulary import Value
from triage.recording import Recorder, as_decided
from triage.rulebook import Rulebook
from triage.store.log import DecisionLog, Recorded

PUBLIC_URL = "https://triage.example.org"

NHS_NUMBER = "9990000026"

SOMEBODY = Patient(
    nhs_number=NHS_NUMBER,
    birth_date=date(1985, 2, 1),
    ethnic_category="A",
    gender="2",
    postcode="DN1 1AA",
)

OVERRIDE_ID = "6dd08bb6-3a4c-4d85-9a3c-0c5a8f6f4b35"

TOLD = "Talking therapies will be in touch.\nIf it gets worse, call 999."

OF_TWO_TEAMS = {
    "clinician_input": "multidisciplinary",
    "care_coordination": "significant",
    "substance_use": "dependent",
}
"""Answers by which the community mental health team leads and the substance service acts beside."""


@dataclass(frozen=True)
class Desk:
    """Decides and records referrals."""

    decider: Decider
    log: DecisionLog

    @property
    def rulebook(self) -> Rulebook:
        """The rulebook that decides."""
        return self.decider.rulebook

    def refer(self, referral: Referral) -> Referred:
        """A referral, once the decision on it is recorded."""
        return as_decided(Recorder(self.decider, self.log).record(referral, GP).recorded)

    def refer_somebody(self, **answers: Value | None) -> Referred:
        """Somebody's whole, mild referral, with these answers."""
        return self.refer(replace(a_referral(**answers), patient=SOMEBODY))

    def erased(self, referred: Referred) -> Referred:
        """The same once the person was erased from the record."""
        recorded = self.log.recorded(referred.id)
        assert recorded is not None
        return as_decided(Recorded(recorded.entry, None))

    def overridden(self, referred: Referred, route: str, urgency: str) -> Referred:
        """The same once a clinician has decided otherwise."""
        team = self.rulebook.directory.team(route, "doncaster", 40).as_dict()
        by = Stands(route, urgency, team, "2026-11-20T13:30:00Z", OVERRIDE_ID)
        return replace(referred, stands=by)

    def decided(self, referred: Referred, **parts: Any) -> Referred:
        """The same had the decision been another: these parts of it are otherwise."""
        decision = {**referred.decision, **parts}
        route = decision["route"]
        stands = Stands(route["id"], decision["urgency"], route["team"], route["respond_by"])
        return replace(referred, decision=decision, stands=stands)

    def led_by(self, referred: Referred, route: str, urgency: str, status: str) -> Referred:
        """The same had another route led, by another urgency."""
        age = 12 if route == "young_people" else 40
        team = self.rulebook.directory.team(route, "doncaster", age).as_dict()
        title = self.rulebook.vocabulary.routes[route].title
        lead = {**referred.decision["route"], "id": route, "title": title, "team": team}
        return self.decided(referred, route=lead, urgency=urgency, status=status)

    def every_decision(self, referred: Referred) -> Iterator[Referred]:
        """The same by every route, urgency and status that there is."""
        words = self.rulebook.vocabulary
        for route, urgency, status in product(words.routes, words.urgencies, Status):
            yield self.led_by(referred, route, urgency, status.value)

    def whatever_became_of(self, referred: Referred) -> Iterator[Referred]:
        """A referral as it was decided, overridden, taken back, and erased."""
        yield referred
        yield self.overridden(referred, "crisis", "very_urgent")
        for why in Cancelled:
            yield replace(referred, cancelled=why)
        yield replace(referred, identity=None)


def text_of(value: Any) -> Iterator[str]:
    """Every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from text_of(each)


def resources(bundle: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """The resources of a type in a Bundle."""
    found = [entry["resource"] for entry in bundle["entry"]]
    return [each for each in found if each["resourceType"] == kind]


def resource(bundle: dict[str, Any], kind: str) -> dict[str, Any]:
    """The one resource of a type in a Bundle."""
    (found,) = resources(bundle, kind)
    return found
