"""A referral that was recorded, with the decision on it and what stands of that now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from triage.domain.overriding import DECISION, Override, Stands
from triage.domain.vocabulary import Urgency


class Cancelled(StrEnum):
    """Why whoever sent a referral took it back (R4, RequestStatus)."""

    REVOKED = "revoked"
    ENTERED_IN_ERROR = "entered-in-error"


@dataclass(frozen=True, slots=True)
class Referred:
    """A recorded referral as it stands.

    ``decision`` is the decision as it was sent (contract, section 3), with ``decision_id``,
    ``sequence``, ``decided_at`` and ``reference``. ``referral`` is what the log keeps of the
    referral, as ``Pseudonymised.as_dict``, with people's own words withheld. ``identity`` is what
    names the person (``patient``, ``reference``, ``referrer_name``, ``notes``, ``own_words``), None
    once it was erased. ``stands`` is the route, urgency, team and clock in force, by the decision
    or by the last override; ``cancelled`` is None unless the sender took the referral back.
    ``override`` is the override that stands, where one does.

    ``earlier`` is what stands of the decisions whose place this one took, the newest first, and
    ``later`` the newest that took its own place, with what stands of that. ``findings`` is what was
    found in the message that it came by, each with ``severity``, ``code``, ``expression`` and
    ``says``.
    """

    decision: Mapping[str, Any]
    referral: Mapping[str, Any]
    identity: Mapping[str, Any] | None
    stands: Stands
    cancelled: Cancelled | None = None
    override: Override | None = None
    earlier: tuple[Stands, ...] = ()
    later: tuple[str, Stands] | None = None
    findings: tuple[Mapping[str, str], ...] = ()

    @property
    def id(self) -> str:
        """The id of the decision."""
        return str(self.decision["decision_id"])

    def more_urgent_before(self, urgencies: Mapping[str, Urgency]) -> Stands | None:
        """What stood before it, in danger and more urgent: nobody stands down from that unseen.

        ``urgencies`` are those of a vocabulary; one that it does not know counts as most urgent.
        """

        def order(stands: Stands) -> tuple[int, int]:
            known = urgencies.get(stands.urgency)
            return known.order if known else (-1, 0)

        danger = [one for one in self.earlier if _is_danger(one, urgencies)]
        first = min(danger, key=order, default=None)
        return first if first and order(first) < order(self.stands) else None

    @property
    def is_overridden(self) -> bool:
        """Does an override stand in the place of the decision?"""
        return self.stands.by != DECISION


def _is_danger(stands: Stands, urgencies: Mapping[str, Urgency]) -> bool:
    known = urgencies.get(stands.urgency)
    return known is None or known.danger
