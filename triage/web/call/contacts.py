"""Whom to ring about a call: the team that has it, and who helps beside it."""

from __future__ import annotations

from dataclasses import dataclass

from triage.feedback.parts import OtherRoute, Team
from triage.feedback.standing import CRISIS, Standing
from triage.feedback.steps import NOW


@dataclass(frozen=True, slots=True)
class Contact:
    """A team to ring. ``when`` says when it is that team; empty for the one that has the call."""

    team: Team
    when: str = ""

    @property
    def link(self) -> str:
        """The number as a telephone dials it."""
        return f"tel:{self.team.phone.replace(' ', '')}"


def contacts(one: Standing, also: tuple[OtherRoute, ...]) -> tuple[Contact, ...]:
    """The team that has it, those that act at the same time, and who is on duty in danger."""
    beside = (Contact(each.team, "At the same time") for each in also if each.concurrent)
    return (Contact(one.team), *beside, *_on_duty(one))


def _on_duty(one: Standing) -> tuple[Contact, ...]:
    crisis = one.helper(CRISIS)
    if crisis is None or crisis == one.team or not one.is_danger:
        return ()
    if one.clock == NOW:
        return (Contact(crisis, "Then tell"),)
    return (Contact(crisis, "Outside those hours"),) if crisis.hours != one.team.hours else ()
