"""A live call: what may still come of a referral, and what to ask next.

Exact, over everything that the open questions may still be answered: a route is possible where some
answers lead to it, and only then; the questions end when one route and one urgency are left.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache, partial
from operator import attrgetter, eq
from typing import Any

from triage.diagram import Diagram, Outcome
from triage.diagram.asking import Questions, Standing
from triage.diagram.forest import Node
from triage.diagram.prospects import Prospect, prospects
from triage.diagram.remaining import Place, Remaining
from triage.domain.decision import Decision, MissingAnswer
from triage.domain.pseudonymised import Pseudonymised
from triage.outlook import QUESTIONS
from triage.rulebook import Rulebook
from triage.stakes import SAFETY_GROUP, group_of

ALIKE = 9
"""To how many decimals chances are compared: no question goes first by an error of rounding."""

KEPT = 4096
"""How many answers are kept: calls are alike, and many stand where others have stood before."""

Open = Mapping[Place, str]
"""The questions that are open, each with the answer to ask for."""

HOW_SOON = "settles most: how soon somebody must respond"


@dataclass(frozen=True, slots=True)
class Live:
    """What may still come of a referral: routes in order of precedence, and the worst urgency.

    There is no ``next_question`` once one route and one urgency are left.
    """

    possible_routes: tuple[str, ...]
    worst_possible: str
    next_question: MissingAnswer | None

    def as_dict(self) -> dict[str, Any]:
        """The same as the part ``live`` of what would be decided."""
        asked = self.next_question
        told = asked and {"answer": asked.answer, "question": asked.question, "why": asked.why}
        return {
            "possible_routes": list(self.possible_routes),
            "worst_possible": self.worst_possible,
            "next_question": told,
        }

    def beside(self, decision: Decision) -> dict[str, Any]:
        """What would be decided, in the names and the order that callers rely on."""
        return {**decision.as_dict(), "live": self.as_dict()}


class LiveCall:
    """Follows calls under one rulebook. Safe for many threads."""

    def __init__(self, rulebook: Rulebook, diagram: Diagram) -> None:
        self._vocabulary = vocabulary = rulebook.vocabulary
        self._diagram, self._questions = diagram, Questions(diagram, vocabulary)
        self._live = lru_cache(KEPT)(self._live_of)
        self._order = {name: at for at, name in enumerate((*vocabulary.answers, *QUESTIONS))}
        self._precedence = {route: at for at, route in enumerate(vocabulary.routes)}

    def live(self, referral: Pseudonymised, put_off: AbstractSet[str] = frozenset()) -> Live:
        """What may still come of a referral, by all that its open questions may be answered.

        Questions that were ``put_off``, by the answers to ask for, are passed over while another
        can still change something; nothing else depends on them. Of a referral that the diagram
        does not know nothing can be ruled out.
        """
        try:
            standing = self._questions.standing(referral)
            passed_over = frozenset(name for _, name in standing.to_ask if name in put_off)
            return self._live(standing, passed_over)
        except KeyError:
            urgencies = self._vocabulary.urgencies
            worst = min(urgencies, key=lambda name: urgencies[name].order)
            return Live(tuple(self._precedence), worst, None)

    def _live_of(self, standing: Standing, put_off: AbstractSet[str]) -> Live:
        remaining = Remaining(self._diagram, standing.tables)
        worst, *others = self._worst_first(remaining.outcomes)
        leads = {outcome.lead for outcome in remaining.outcomes}
        return Live(
            tuple(route for route in self._precedence if route in leads),
            str(worst.urgency),
            self._next(remaining, dict(standing.to_ask), put_off) if others else None,
        )

    def _worst_first(self, outcomes: Iterable[Outcome]) -> list[Outcome]:
        """Outcomes by their urgency, and then by the precedence of their routes."""
        urgencies = self._vocabulary.urgencies
        return sorted(
            outcomes,
            key=lambda each: (urgencies[str(each.urgency)].order, self._precedence[str(each.lead)]),
        )

    def _next(
        self, remaining: Remaining, questions: Open, put_off: AbstractSet[str]
    ) -> MissingAnswer:
        """The first question on which danger depends; if none does, the one that settles most."""
        open_ones = remaining.asked(remaining.root)
        among = {each for each in open_ones if questions[each] not in put_off} or open_ones
        dangers = remaining.forest.map(self._danger, remaining.root)
        if pressing := remaining.asked(dangers) & among:
            place = min(pressing, key=lambda each: self._order[questions[each]])
            return self._missing(questions[place], self._why_pressing(place, dangers, remaining))
        found = prospects(remaining)
        place = min(
            among, key=lambda each: (round(found[each].doubt, ALIKE), self._order[questions[each]])
        )
        return self._missing(questions[place], self._why_settling(place, found[place], remaining))

    def _danger(self, outcome: Outcome) -> Outcome | None:
        """An outcome of the most urgent kinds, as it is; all others are alike."""
        urgencies = self._vocabulary.urgencies
        pressing = group_of(urgencies[str(outcome.urgency)], urgencies) == SAFETY_GROUP
        return outcome if pressing else None

    def _missing(self, answer: str, why: str) -> MissingAnswer:
        question = QUESTIONS.get(answer) or self._vocabulary.answers[answer].question
        return MissingAnswer(answer, question, why)

    def _why_pressing(self, place: Place, dangers: Node, remaining: Remaining) -> str:
        """The most urgent outcome that the answer may bring, or take away."""
        pressing = filter(self._danger, remaining.outcomes)
        outcome = next(
            each
            for each in self._worst_first(pressing)
            if place in remaining.asked(remaining.forest.map(partial(eq, each), dangers))
        )
        way = "lead away from" if outcome == remaining.now else "lead to"
        return f"could still {way}: {self._title(outcome.lead)}"

    def _why_settling(self, place: Place, prospect: Prospect, remaining: Remaining) -> str:
        """The two routes between which the answer settles most; else it settles the urgency."""
        leads = [str(outcome.lead) for outcome in remaining.outcomes]
        swings = {
            route: round(prospect.swing([lead == route for lead in leads]), ALIKE)
            for route in self._precedence
            if route in leads
        }
        if not any(swings.values()) and place not in remaining.asked(_leads(remaining)):
            return HOW_SOON
        most = sorted(swings, key=lambda route: -swings[route])[:2]
        named = (self._title(route) for route in swings if route in most)
        return f"settles most: {' or '.join(named)}"

    def _title(self, route: str | None) -> str:
        return self._vocabulary.routes[str(route)].title


def _leads(remaining: Remaining) -> Node:
    """The lead route, of what is left."""
    return remaining.forest.map(attrgetter("lead"), remaining.root)
