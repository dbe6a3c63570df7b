"""One thing that a pack shows of a rule, and the referral on which it is shown."""

from __future__ import annotations

from typing import NamedTuple

from triage.verify.packs.bodies import Draft


class Shown(NamedTuple):
    """What is shown, in words. ``rule`` is None where it is what the vocabulary says of routes."""

    id: str
    rule: str | None
    title: str
    draft: Draft
