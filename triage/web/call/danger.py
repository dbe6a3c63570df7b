"""Danger: what takes over the page of a call as soon as the answers conclude it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from triage.domain.drafts import Draft, Way
from triage.feedback import Feedback
from triage.feedback.standing import Standing
from triage.feedback.steps import NOW
from triage.rulebook import Rulebook
from triage.web.call.at_once import over_since, overdue, to_do
from triage.web.call.contacts import Contact, contacts
from triage.web.call.following import SoFar
from triage.web.call.side import Tag, urgency_tag

MOST_REASONS = 4
"""How many reasons are told of a danger: those that led to it come first."""


@dataclass(frozen=True, slots=True)
class Danger:
    """What to do and say at once, and whom to ring.

    ``how_fast`` is empty where help comes at once, ``overdue`` where its time is not over, and
    ``to_caller`` where there is no caller, but a letter; ``do`` goes step by step.
    """

    heading: str
    urgency: Tag
    how_fast: str
    overdue: str
    contacts: tuple[Contact, ...]
    do: tuple[str, ...]
    to_caller: str
    why: tuple[str, ...]
    if_worse: str


def danger_in(
    so_far: SoFar, feedback: Feedback, rulebook: Rulebook, now: datetime
) -> Danger | None:
    """What takes over the page; None where the answers so far conclude no danger."""
    if not so_far.is_danger:
        return None
    route, way = so_far.decision.route.route, so_far.draft.way
    standing = Standing.of_what_if(so_far.decision.as_dict(), rulebook)
    return Danger(
        heading=feedback.heading,
        urgency=urgency_tag(so_far.decision.urgency),
        how_fast="" if feedback.how_fast == NOW else feedback.how_fast,
        overdue=overdue(feedback, over_since(standing, now)),
        contacts=contacts(standing, feedback.also),
        do=to_do(feedback, route, way),
        to_caller=route.to_caller if way is Way.CALL else "",
        why=feedback.why[:MOST_REASONS],
        if_worse=feedback.if_worse,
    )


def shown_before(draft: Draft, rulebook: Rulebook) -> str:
    """The danger that was shown in this call and is no longer concluded, or not all of it."""
    urgencies = rulebook.vocabulary.urgencies
    warned = urgencies.get(str(draft.warned))
    if warned is None or not warned.sooner_than(urgencies[str(draft.urgency)]):
        return ""
    return warned.title
