"""What stands beside a question: where the call leads so far, in words."""

from __future__ import annotations

from dataclasses import dataclass

from triage.domain.vocabulary import Urgency
from triage.feedback import Feedback, feedback_of_what_if
from triage.pages.words import Words
from triage.rulebook import Rulebook
from triage.web.call.following import SoFar

COLOURS = ("red", "red", "orange", "yellow", "blue")
"""The colours of urgencies by rank; the words say the same."""

NOT_KNOWN = "not known yet"

STATUS = {
    "routed": "Settled: no answer still missing can change route or urgency.",
    "provisional": "Provisional: an answer could still change it.",
    "needs_information": "Provisional: a clinician asks about risk before anything else.",
}
"""How far a call is, by the status of its decision."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A word or two on a colour."""

    text: str
    colour: str


@dataclass(frozen=True, slots=True)
class Side:
    """What is shown beside a question. ``levels`` are factors with their levels in words."""

    route: str
    urgency: Tag
    status: str
    possible: tuple[str, ...]
    worst: Tag
    levels: tuple[tuple[str, str], ...]
    alerts: tuple[str, ...]
    held: str
    respond: str

    @property
    def says(self) -> str:
        """What is told to who cannot see it."""
        held = f" {self.held}" if self.held else ""
        return f"So far: {self.route}. {self.urgency.text}. {self.status}{held}"


class Sides:
    """Says where calls lead, under one rulebook."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook, self._words = rulebook, Words(rulebook.vocabulary)

    def feedback(self, so_far: SoFar) -> Feedback:
        """What would be told of a call if it ended now."""
        return feedback_of_what_if(so_far.decision.as_dict(), self._rulebook)

    def side(self, so_far: SoFar, feedback: Feedback) -> Side:
        """What stands beside the question of a call."""
        vocabulary, live = self._rulebook.vocabulary, so_far.live
        return Side(
            route=feedback.title,
            urgency=urgency_tag(so_far.decision.urgency),
            status=STATUS[so_far.decision.status.value],
            possible=tuple(vocabulary.routes[one].title for one in live.possible_routes),
            worst=urgency_tag(vocabulary.urgencies[live.worst_possible]),
            levels=tuple(self._levels(so_far)),
            alerts=tuple(one.says for one in feedback.alerts),
            held=feedback.held,
            respond=feedback.how_fast,
        )

    def _levels(self, so_far: SoFar) -> list[tuple[str, str]]:
        return [
            (factor.title, self._level(name, so_far.decision.levels[name].level))
            for name, factor in self._rulebook.vocabulary.factors.items()
        ]

    def _level(self, factor: str, level: str) -> str:
        return NOT_KNOWN if level == "unknown" else self._words.value(f"{factor}_level", level)


def urgency_tag(urgency: Urgency) -> Tag:
    """An urgency in words and colour."""
    return Tag(urgency.title, COLOURS[min(urgency.rank, len(COLOURS) - 1)])
