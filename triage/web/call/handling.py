"""What every page of a call works with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from triage.access import caller_of_request
from triage.domain.caller import IN_WORDS
from triage.domain.decision import MissingAnswer
from triage.domain.drafts import Draft, Way
from triage.feedback.moments import moment_words
from triage.store.entries import Kind
from triage.store.log import DecisionLog, Recorded
from triage.web.call.danger import danger_in, shown_before
from triage.web.call.following import Follower, SoFar
from triage.web.call.given import given
from triage.web.call.keeping import Keeper
from triage.web.call.questions import Questions
from triage.web.call.side import Sides
from triage.web.parts import Parts
from triage.web.site import may


@dataclass(frozen=True, slots=True)
class Handling:
    """The parts of the service, made ready for calls."""

    parts: Parts
    follower: Follower
    keeper: Keeper
    sides: Sides

    @classmethod
    def of(cls, parts: Parts) -> Handling:
        """Made from the parts of the service."""
        follower = Follower(parts.reader, parts.decider, parts.live_call)
        keeper = Keeper(parts.drafts, parts.log, follower)
        return cls(parts, follower, keeper, Sides(parts.rulebook))

    @property
    def questions(self) -> Questions:
        """Every question and every field there is."""
        return self.follower.questions

    def so_far(self, draft: Draft) -> SoFar:
        """What the rules say of a draft now."""
        return self.follower.so_far(draft, datetime.now(UTC))

    def told(self, so_far: SoFar) -> dict[str, Any]:
        """What every page of a call is told."""
        draft = so_far.draft
        feedback = self.sides.feedback(so_far)
        return {
            "draft": draft,
            "begun": moment_words(draft.begun_at),
            "given": given(draft, self.questions, so_far.wrong),
            "groups": self.questions.groups(),
            "side": self.sides.side(so_far, feedback),
            "danger": danger_in(so_far, feedback, self.parts.rulebook, datetime.now(UTC)),
            "shown_before": shown_before(draft, self.parts.rulebook),
            "recorded": self._recorded(draft),
            "missing": self._missing(so_far),
            "is_spoken": so_far.is_spoken,
            "may_rate": may(caller_of_request(), "calls.ratings"),
            "is_over": so_far.asked is None,
            "worse": self._worse(so_far),
            "is_form": draft.way is Way.FORM,
        }

    def _missing(self, so_far: SoFar) -> list[MissingAnswer]:
        """What was not asked and could still change something, as it is put to who is there."""
        missing = so_far.decision.missing
        if not so_far.is_spoken:
            return [*missing]
        return [replace(one, question=self._spoken(one)) for one in missing]

    def _spoken(self, missing: MissingAnswer) -> str:
        question = self.questions.get(missing.answer)
        return (question.field.spoken if question else "") or missing.question

    def _worse(self, so_far: SoFar) -> str:
        """The question by which a danger becomes the greatest; empty where it is that already."""
        urgencies = self.parts.rulebook.vocabulary.urgencies.values()
        is_greatest = so_far.decision.urgency.order == min(one.order for one in urgencies)
        return "" if is_greatest else next(iter(self.questions)).name

    def _recorded(self, draft: Draft) -> RecordedCall | None:
        """The decision that was recorded while the call went on, if there is one."""
        found = recorded_in(self.parts.log, draft)
        if found is None:
            return None
        entry = found.entry
        return RecordedCall(entry.id, moment_words(entry.at), draft.changed_at != entry.at)


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """A decision recorded while the call went on. ``is_changed``: something was said since."""

    id: str
    at: str
    is_changed: bool


def recorded_in(log: DecisionLog, draft: Draft) -> Recorded | None:
    """What was recorded of a draft while the call went on; its next decision takes its place."""
    before = draft.body.get(SUPERSEDES)
    return log.recorded(before, Kind.DECISION) if before else None


SUPERSEDES = "supersedes"
"""What a body says of the decision whose place it takes."""


def whose(draft: Draft) -> str:
    """Who has a call, as colleagues know them."""
    return draft.held_as or draft.holder.subject or IN_WORDS[draft.holder.role]
