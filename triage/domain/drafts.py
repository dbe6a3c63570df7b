"""Calls in progress: a referral that somebody is still taking down, kept until it is decided.

A draft is no part of the decision log: it changes with every answer, and goes once it is recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from triage.domain.caller import Caller


class Way(StrEnum):
    """How a referral is taken down: question by question, or from a letter, on one form."""

    CALL = "call"
    FORM = "form"


@dataclass(frozen=True, slots=True)
class Draft:
    """A referral as far as it has been taken down.

    ``body`` is what ``POST /v1/referrals`` would be sent so far (contract, section 1). ``asked``
    are the questions that were answered or declined, in that order; ``skipped`` those put off.
    ``version`` counts changes: whoever changes a draft says which version they saw. ``holder`` has
    the call, and pages call them ``held_as``; None where nobody says how. Where it is ``offered``,
    a colleague is asked to take it. ``route`` and ``urgency``
    are what the rules say so far, so that the most urgent calls stand first; ``warned`` is the most
    urgent danger of which whoever took the call was told, though another answer may since have
    taken it away. Times are RFC 3339 in UTC. Once it is decided, ``decision_id`` leads on, and
    ``body`` is empty.
    """

    id: str
    version: int
    way: Way
    holder: Caller
    begun_at: str
    changed_at: str
    body: Mapping[str, Any]
    asked: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    offered: bool = False
    held_as: str | None = None
    route: str | None = None
    urgency: str | None = None
    warned: str | None = None
    decision_id: str | None = None
