"""What a rulebook promises of every referral, whatever its rules say."""

from __future__ import annotations

from dataclasses import dataclass

from triage.domain.conditions import Condition
from triage.domain.rules import Basis


@dataclass(frozen=True, slots=True)
class Exemption:
    """Where a worse answer may be less urgent: a named exception, and on whose authority.

    ``when`` None means everywhere.
    """

    id: str
    title: str
    answer: str
    when: Condition | None
    basis: Basis


@dataclass(frozen=True, slots=True)
class Promises:
    """Where risk is unknown: the least urgency, and the routes that never lead.

    ``exceptions`` are those of "a worse answer is never less urgent".
    """

    unknown_risk_floor: str
    unknown_risk_never: tuple[str, ...]
    basis: Basis
    exceptions: tuple[Exemption, ...] = ()
