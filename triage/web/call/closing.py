"""What whoever took a call or a letter does and says when it ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from triage.domain.clock import local_day
from triage.domain.drafts import Way
from triage.domain.referred import Referred
from triage.feedback import Feedback, feedback_of
from triage.feedback.parts import Step, ToDo
from triage.feedback.standing import Standing
from triage.feedback.steps import NOW
from triage.rulebook import Rulebook
from triage.web.call.at_once import over_since, overdue, to_do
from triage.web.call.contacts import Contact, contacts
from triage.web.call.saying import End, to_caller, to_referrer

MONITORING, MONITORING_REVIEW = "active_monitoring", "active_monitoring_review"
"""The route that ends in a day on which somebody looks again, and the action that has the day."""


@dataclass(frozen=True, slots=True)
class Closing:
    """The end of a call or a letter.

    ``heading`` is where it goes and how fast, or when it is looked at again; ``how_fast`` is empty
    where help comes at once, and ``overdue`` where its time is not over. ``do_now`` comes before
    all else, ``say`` is for the caller or for whoever referred, and ``next`` is what others do
    then.
    """

    told: Feedback
    heading: str
    how_fast: str
    overdue: str
    contacts: tuple[Contact, ...]
    do_now: tuple[str, ...]
    say: tuple[str, ...]
    next: tuple[Step, ...]


def closing(referred: Referred, rulebook: Rulebook, way: Way, now: datetime) -> Closing:
    """How a call ends that was recorded, by what stands of it now."""
    told, standing = feedback_of(referred, rulebook), Standing.of_referred(referred, rulebook)
    review = _review(told)
    over = _over_since(standing, review, now)
    says = to_caller if way is Way.CALL else to_referrer
    return Closing(
        told=told,
        heading=_heading(told, review, over),
        how_fast="" if told.how_fast == NOW else told.how_fast,
        overdue=overdue(told, over),
        contacts=contacts(standing, told.also),
        do_now=to_do(told, standing.route, way),
        say=tuple(says(End(told, standing, review, over))),
        next=tuple(_next(told, over, now)),
    )


def _review(told: Feedback) -> ToDo | None:
    """The day on which somebody looks again, where that is all that happens."""
    if told.route != MONITORING:
        return None
    return next((one for one in told.actions if one.id == MONITORING_REVIEW), None)


def _over_since(standing: Standing, review: ToDo | None, now: datetime) -> str:
    if review is None:
        return over_since(standing, now)
    return f"the end of {review.by}" if _is_past(review, now) else ""


def _is_past(one: ToDo, now: datetime) -> bool:
    return one.due < local_day(now).isoformat()


def _heading(told: Feedback, review: ToDo | None, over: str) -> str:
    if over:
        return f"{told.title}: the time is over"
    return f"{told.title}: review by {review.by}" if review else told.heading


def _next(told: Feedback, over: str, now: datetime) -> Iterator[Step]:
    """What others do then; of what should have been done by now, that it was due."""
    late = {f"by {one.by}" for one in told.actions if _is_past(one, now)} | {f"by {over}"}
    for one in told.next:
        if _is_later(one, told):
            is_late = one.when in late
            yield replace(one, when=f"was due {one.when}, so now") if is_late else one


def _is_later(step: Step, told: Feedback) -> bool:
    """Is it for later and for others? What is told to referrers without a time is not for here."""
    return step.when not in ("", NOW) or step.who == told.where.name
