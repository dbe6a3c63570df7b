"""Referrals as they stand in the record: decided, and perhaps overridden, cancelled or erased."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tests.builders import ReferralBuilder
from triage.decide import Decider
from triage.domain.overriding import Override, Stands
from triage.domain.referral import Referral
from triage.domain.referred import Cancelled, Referred
from triage.rulebook import Rulebook

DECISION_ID = "6f1c2d0a-7f0b-4c54-9a43-2f6c6f0f6c1d"
NHS_NUMBER = "9990000026"
SURGERY = "The Surgery in Doncaster"
REFERENCE = "gp-reference-42"

CRISIS_HELP = "Doncaster crisis resolution and home treatment team, 01632 960001 (at all hours)"

WHOLE = {
    "reference": REFERENCE,
    "patient": {"nhs_number": NHS_NUMBER, "birth_date": "1990-03-14", "postcode": "DN1 1AA"},
    "referrer_name": SURGERY,
    "notes": "a note in somebody's own words",
}
"""All that names a person."""


def recorded(decider: Decider, asked: ReferralBuilder | Referral) -> Referred:
    """A referral that was decided and recorded, as the log keeps it."""
    referral = asked if isinstance(asked, Referral) else asked.build()
    kept = decider.known(referral).without_own_words(decider.rulebook.vocabulary)
    decision = decider.conclude(kept).as_dict()
    told: Mapping[str, Any] = {
        **decision,
        "decision_id": DECISION_ID,
        "sequence": 17,
        "decided_at": "2026-11-20T09:30:02Z",
        "reference": REFERENCE,
    }
    route = decision["route"]
    stands = Stands(route["id"], decision["urgency"], route["team"], route["respond_by"])
    return Referred(told, kept.as_dict(), WHOLE, stands)


def what_if(decider: Decider, asked: ReferralBuilder) -> dict[str, Any]:
    """A decision that nobody recorded, as it is sent."""
    return decider.decide(asked.build()).as_dict()


def override(
    rulebook: Rulebook,
    route: str,
    urgency: str = "soon",
    *,
    reason: str = "needs_judgement",
    role: str = "clinician",
) -> Override:
    """An override that is in force, by an entry of the log."""
    entry = {
        "id": "an-override",
        "route": route,
        "urgency": urgency,
        "reason": reason,
        "lowers": False,
        "from": {"route": "iapt_step_2", "urgency": "routine"},
        "team": rulebook.directory.team(route, "doncaster", 36).as_dict(),
        "respond_by": "2026-11-23T10:00:00Z",
        "by": {"role": role, "subject": "somebody", "client": None, "issuer": None},
    }
    return Override.of_entry(entry)


def overridden(referred: Referred, by: Override) -> Referred:
    """The same once an override stands."""
    return replace(referred, stands=by.stands, override=by)


def cancelled(referred: Referred, why: Cancelled = Cancelled.REVOKED) -> Referred:
    """The same once its sender took it back."""
    return replace(referred, cancelled=why)


def erased(referred: Referred) -> Referred:
    """The same once what names the person was erased."""
    return replace(referred, identity=None)
