"""Explains decisions of one rulebook."""

from __future__ import annotations

from triage.diagram import Diagram, Outcome
from triage.domain.facts import facts as facts_of
from triage.domain.pseudonymised import Pseudonymised
from triage.errors import DisagreementError
from triage.explain.changes import Changes
from triage.explain.parts import Seen, parts_of
from triage.explain.sufficient import Sufficiency
from triage.explain.told import Change, Sufficient, Telling
from triage.rulebook import Rulebook


class Explainer:
    """Why referrals go where they go under one rulebook. Safe for many threads.

    What is explained is a decision: where the diagram has another outcome than was ``decided``, one
    of two evaluations is wrong, and there is no reason to give. ``DisagreementError`` says so.
    """

    def __init__(self, rulebook: Rulebook, diagram: Diagram) -> None:
        self._rulebook, self._diagram = rulebook, diagram
        self._sufficiency = Sufficiency(diagram, parts_of(rulebook, diagram.space))
        self._changes = Changes(diagram, rulebook.vocabulary)
        self._telling = Telling(rulebook.vocabulary)

    def sufficient(self, referral: Pseudonymised, decided: Outcome) -> Sufficient:
        """What alone decides where a referral goes and how soon. None of it can be spared."""
        seen = self._seen(referral, decided)
        held = self._sufficiency.widened(self._sufficiency.reason(seen), seen)
        told = {}
        for part, classes in held.items():
            value = seen.facts.get(part.fact)
            same = part.range_of(value, classes)
            told[part.fact] = self._telling.known(part.fact, value, same, referral)
        return Sufficient(tuple(told.values()))

    def changes(self, referral: Pseudonymised, decided: Outcome) -> tuple[Change, ...]:
        """Other routes that could lead, the nearest first, each by the fewest answers changed."""
        routes, told = self._rulebook.vocabulary.routes, self._telling.told
        return tuple(
            Change(routes[way.lead], tuple(told(*each) for each in way.changed.items()))
            for way in self._changes.nearest(self._seen(referral, decided))
        )

    def _seen(self, referral: Pseudonymised, decided: Outcome) -> Seen:
        """A referral as the diagram sees it, where that is what was decided."""
        known = facts_of(referral, self._rulebook.vocabulary)
        facts, answers = {**self._rulebook.switches, **known}, referral.answers
        try:
            found = self._diagram.outcome(facts, answers)
            cell = [one.place(facts, answers) for one in self._diagram.space.inputs]
        except KeyError:
            raise DisagreementError(_DIFFER) from None
        if found != decided:
            raise DisagreementError(_DIFFER)
        return Seen(referral, facts, cell, found)


_DIFFER = "the two evaluations of the rules differ on this decision, so that no reason is given"
