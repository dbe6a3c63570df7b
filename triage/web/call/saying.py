"""What is said when a call or a letter ends: to the caller, or to whoever referred."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from triage.domain.clock import local_day
from triage.feedback import Feedback
from triage.feedback.moments import LONGEST_IN_HOURS, day_words, moment_words
from triage.feedback.parts import ToDo
from triage.feedback.standing import Standing
from triage.feedback.steps import NOW


@dataclass(frozen=True, slots=True)
class End:
    """What stands at the end.

    ``review`` is when somebody looks again, where that is all that happens; ``over`` since when
    the time is over, and empty where it is not.
    """

    told: Feedback
    standing: Standing
    review: ToDo | None
    over: str


def to_caller(end: End) -> Iterator[str]:
    """What is read out to the caller, sentence by sentence."""
    told, route = end.told, end.standing.route
    if told.held and not told.danger:
        yield "A clinician looks first at what you have told me. Nothing is booked before that."
    if route and route.to_caller:
        yield route.to_caller
    if told.how_fast != NOW:
        team = told.where
        yield f"{_day(end)} You can ring {team.name} on {team.phone} ({team.hours})."
    for each in told.also:
        if each.concurrent:
            yield f"At the same time, {each.team.name} will be in touch, {each.how_fast}."
    if not told.danger:
        yield "You need do nothing else, and nobody needs to refer you again."
    yield told.if_worse


def _day(end: End) -> str:
    if end.over:
        return f"This should have been seen to by {end.over}. I am sorry; I see to it now."
    if end.review:
        return f"The day is {end.review.by} at the latest."
    return f"You will hear {_when(end.standing)}."


def to_referrer(end: End) -> Iterator[str]:
    """What whoever referred and the person are told of a letter, when nobody is on the line."""
    told = end.told
    if told.held and not told.danger:
        yield "A clinician looks at the referral first. Nothing is booked before that."
    if told.how_fast != NOW:
        yield f"The referral is with {told.where.says}. {_day_of_letter(end)}"
    for each in told.also:
        if each.concurrent:
            yield f"At the same time, {each.team.name} will be in touch, {each.how_fast}."
    if not told.danger:
        yield "Nobody needs to refer the person again."
    yield told.if_worse


def _day_of_letter(end: End) -> str:
    if end.over:
        return f"They should have responded by {end.over}, and are asked to see to it now."
    if end.review:
        return f"Somebody looks again by {end.review.by}."
    return f"The person hears from them {_when(end.standing)}."


def _when(one: Standing) -> str:
    """By when, as it is said: where the clock is longer than hours, by the day."""
    hours = one.urgency.within_hours if one.urgency else 0
    day = day_words(local_day(datetime.fromisoformat(one.stands.respond_by)))
    if hours is None:
        return f"by the end of {day}"
    return f"by {day if hours > LONGEST_IN_HOURS else moment_words(one.stands.respond_by)}"
