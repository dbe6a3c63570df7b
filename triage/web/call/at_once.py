"""What whoever takes a call or a letter does at once, and since when its time is over."""

from __future__ import annotations

from datetime import datetime

from triage.domain.drafts import Way
from triage.domain.vocabulary import RouteTerm
from triage.feedback import Feedback
from triage.feedback.moments import moment_words
from triage.feedback.standing import Standing
from triage.feedback.steps import NOW

RING = (
    "Ring whoever referred, and the person if you have a number: ask where the person is, and say"
    " what is being done."
)
"""What is done in danger that a letter tells of, where nobody is on the line."""


def to_do(told: Feedback, route: RouteTerm | None, way: Way) -> tuple[str, ...]:
    """What is done at once, in sentences. A script is for who has somebody on the line."""
    script = route.script if route else ()
    if way is Way.CALL:
        return script or _steps(told)
    if told.danger:
        return (*_steps(told), RING)
    team = told.where
    return (f"Hand over to {team.name} by voice, on {team.phone}.",) if script else ()


def _steps(told: Feedback) -> tuple[str, ...]:
    return tuple(f"{one.what}." for one in told.next if one.when == NOW)


def over_since(one: Standing, now: datetime) -> str:
    """When the time to respond was over, in words; empty where it is not, or help comes at once."""
    if one.cancelled or one.clock == NOW:
        return ""
    is_over = datetime.fromisoformat(one.stands.respond_by) < now
    return moment_words(one.stands.respond_by) if is_over else ""


def overdue(told: Feedback, since: str) -> str:
    """That the time is over, since when, and what to do then; empty where it is not."""
    if not since:
        return ""
    ring = f"ring {told.where.name} on {told.where.phone}, and do not wait to be rung"
    return f"The time to respond has been over since {since}. See to it now: {ring}."
