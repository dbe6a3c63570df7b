"""What feedback is made from: a decision with what stands of it, and the words for both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from triage.domain.overriding import Override, Stands
from triage.domain.referred import Cancelled, Referred
from triage.domain.vocabulary import RouteTerm, Urgency
from triage.feedback.moments import clock_words, how_fast
from triage.feedback.parts import Team
from triage.feedback.wording import told, words
from triage.rulebook import Rulebook

CRISIS = "crisis"
"""The route whose team helps at once, whatever the route of the referral."""

REVIEW = "clinical_review"
"""The route whose team can decide otherwise."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A decision (``Decision.as_dict``), and what stands of it.

    ``place`` and ``age`` choose the teams that help beside the one that has the referral;
    ``override`` is the one that stands, where it is known; ``was_danger``: something more urgent
    was decided before, and nobody has stood down from it.
    """

    decision: Mapping[str, Any]
    stands: Stands
    rulebook: Rulebook
    place: str
    age: int | None = None
    cancelled: Cancelled | None = None
    override: Override | None = None
    was_danger: bool = False

    @classmethod
    def of_referred(cls, referred: Referred, rulebook: Rulebook) -> Standing:
        """Of a referral that was recorded."""
        patient, stands = referred.referral["patient"], referred.stands
        known = patient["place"] in rulebook.directory.places
        place = patient["place"] if known else rulebook.directory.default_place
        age, by = patient["age"], referred.override
        before = referred.more_urgent_before(rulebook.vocabulary.urgencies)
        return cls(
            referred.decision,
            stands,
            rulebook,
            place,
            age,
            referred.cancelled,
            by,
            was_danger=before is not None,
        )

    @classmethod
    def of_what_if(cls, decision: Mapping[str, Any], rulebook: Rulebook) -> Standing:
        """Of a decision that nobody recorded; the place is that of the teams it names."""
        route = decision["route"]
        stands = Stands(route["id"], decision["urgency"], route["team"], route["respond_by"])
        return cls(decision, stands, rulebook, _place(decision, rulebook))

    @property
    def is_overridden(self) -> bool:
        """Does something else stand than was decided?"""
        return self.stands.by != self._decided.by

    @property
    def is_recorded(self) -> bool:
        """Is there a record of it, rather than a what-if?"""
        return self.decision.get("decision_id") is not None

    @property
    def is_held(self) -> bool:
        """May nothing be booked until a clinician has looked?"""
        return bool(self.decision["booking_held"]) and self.cancelled is None

    @property
    def urgency(self) -> Urgency | None:
        """The urgency that stands; None where this rulebook does not know it."""
        return self.rulebook.vocabulary.urgencies.get(self.stands.urgency)

    @property
    def is_danger(self) -> bool:
        """Is the urgency that stands one of danger?"""
        return self.urgency is not None and self.urgency.danger

    @property
    def route(self) -> RouteTerm | None:
        """The route that stands; None where this rulebook does not know it."""
        return self.rulebook.vocabulary.routes.get(self.stands.route)

    @property
    def team(self) -> Team:
        """The team that has the referral."""
        return team_of(self.stands.team)

    @property
    def title(self) -> str:
        """The route that stands, in words."""
        return self.title_of(self.stands.route)

    @property
    def clock(self) -> str:
        """How soon, without a moment; empty where this rulebook does not know the urgency."""
        return clock_words(self.urgency) if self.urgency else ""

    @property
    def how_fast(self) -> str:
        """How soon, with the moment in UK time."""
        return how_fast(self.urgency, self.stands.respond_by)

    @property
    def before(self) -> str:
        """Where the rules sent it and how fast."""
        return self.told(self._decided)

    def told(self, stands: Stands) -> str:
        """A route with its clock, in words."""
        urgency = self.rulebook.vocabulary.urgencies.get(stands.urgency)
        return f"{self.title_of(stands.route)}, {how_fast(urgency, stands.respond_by)}"

    def title_of(self, route: str) -> str:
        """A route in words; one that this rulebook does not know as the decision has it."""
        known = self.rulebook.vocabulary.routes.get(route)
        if known:
            return words(known.title)
        decided = self.decision["route"]
        return words(decided["title"]) if decided["id"] == route else told(route)

    def helper(self, route: str) -> Team | None:
        """The team of another route for the same person; None where there is none."""
        try:
            found = self.rulebook.directory.team(route, self.place, self.age)
        except LookupError:
            return None
        return team_of(found.as_dict())

    @property
    def _decided(self) -> Stands:
        route = self.decision["route"]
        return Stands(route["id"], self.decision["urgency"], route["team"], route["respond_by"])


def team_of(told: Mapping[str, Any]) -> Team:
    """A team as a decision names it."""
    return Team(words(told["name"]), words(told["phone"]), words(told["hours"]))


def _place(decision: Mapping[str, Any], rulebook: Rulebook) -> str:
    """The place of the first team of a decision that has one; else that of nobody in particular."""
    places = {team.id: team.place for team in rulebook.directory.services}
    routes = (decision["route"], *decision["also_indicated"])
    named = (places.get(route["team"]["id"]) for route in routes)
    return next((place for place in named if place), rulebook.directory.default_place)
