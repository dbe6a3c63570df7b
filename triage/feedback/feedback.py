"""What a referrer is told of a decision: the one value that message, letter and card share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from triage.feedback import sections
from triage.feedback.parts import (
    Missing,
    OtherRoute,
    Overridden,
    Purpose,
    Step,
    Team,
    ToDo,
    Warned,
)
from triage.feedback.sections import Section
from triage.rulebook.rulebook import Stamp


@dataclass(frozen=True, slots=True)
class Feedback:
    """What is told, part by part. A text that is empty, and a list without entries, is not told.

    ``route``, ``urgency`` are ids of what stands; ``danger`` where the urgency is one of danger.
    ``title`` is the route in words, ``respond_by`` its clock in RFC 3339. ``summary`` is under 140
    characters. ``decision_id`` is None for a what-if, of which nothing was recorded or sent.
    ``before`` and ``later`` tell of other decisions on the referral, ``unread`` of what a message
    held and was passed over, or read with doubt.
    """

    route: str
    urgency: str
    danger: bool
    title: str
    heading: str
    summary: str
    where: Team
    how_fast: str
    respond_by: str
    held: str
    why: tuple[str, ...]
    also: tuple[OtherRoute, ...]
    alerts: tuple[Warned, ...]
    actions: tuple[ToDo, ...]
    missing: Missing
    if_worse: str
    appropriate: tuple[Purpose, ...]
    next: tuple[Step, ...]
    if_you_disagree: str
    overridden: Overridden | None
    cancelled: str
    rulebook: Stamp
    rulebook_title: str
    decision_id: str | None
    before: str = ""
    later: str = ""
    unread: tuple[str, ...] = ()

    def as_text(self) -> str:
        """Everything as plain text, for a message."""
        return sections.as_text(self.heading, [*self._sections()])

    def as_markdown(self) -> str:
        """Everything as Markdown (GFM), for the detail of a card."""
        return sections.as_markdown(self.heading, [*self._sections()])

    def _sections(self) -> Iterator[Section]:
        yield Section("Cancelled", self.cancelled)
        yield Section("Before this", self.before)
        yield Section("Since then", self.later)
        yield Section("Decided otherwise", self.overridden.says if self.overridden else "")
        yield Section("Where", self.where.says)
        yield Section("How fast", self.how_fast)
        yield Section("Before anything is booked", self.held)
        yield Section("What happens next", items=tuple(one.says for one in self.next))
        yield Section(self.why_heading, items=self.why)
        yield Section("Other teams", items=tuple(one.says for one in self.also))
        yield Section("Please note", items=tuple(one.says for one in self.alerts))
        yield Section("Of what was sent", items=self.unread)
        yield self._missing()
        yield Section("If it gets worse", self.if_worse)
        yield Section("If you disagree", self.if_you_disagree)
        yield Section("What each service is for", items=tuple(one.says for one in self.appropriate))
        yield Section("Worked out by", self.worked_out_by)

    @property
    def why_heading(self) -> str:
        """What the reasons are headed: for what no longer stands, the rules' own."""
        return "What the rules found" if self.overridden or self.cancelled else "Why"

    @property
    def worked_out_by(self) -> str:
        """The rulebook, and the id under which the decision is recorded."""
        stamp = self.rulebook
        told = f"{self.rulebook_title}, rulebook {stamp.id} {stamp.version}"
        recorded = f"decision {self.decision_id}" if self.decision_id else "nothing is recorded"
        return f"{told}; {recorded}. It advises; a clinician decides."

    def _missing(self) -> Section:
        missing = self.missing
        questions = tuple(one.says for one in missing.questions)
        rest = (missing.rest,) if missing.rest else ()
        line = missing.says if questions else ""
        return Section("Not asked yet", line, (*questions, *rest))
