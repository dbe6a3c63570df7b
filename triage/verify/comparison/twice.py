"""The live engine under both rulebooks: every referral that is shown has been through it twice."""

from __future__ import annotations

from typing import NamedTuple

from triage.decide import Decider
from triage.diagram.diagram import Outcome
from triage.diagram.inputs import Given
from triage.diagram.walks import referral_of, said
from triage.domain.vocabulary import EVALUATORS_DISAGREE, Value
from triage.errors import EngineError
from triage.rulebook import Rulebook
from triage.verify.comparison.held import Part, parts_in


class Live(NamedTuple):
    """What the live engine makes of a referral: its outcome, and what else the decision holds."""

    outcome: Outcome
    parts: frozenset[Part]


NOWHERE = Live(Outcome(None, None), frozenset())
"""A referral to which the rules give no route, which the engine refuses to decide."""


class Twice:
    """Two rulebooks made ready to decide. Raises ``EngineError`` where a witness is none."""

    def __init__(self, before: Rulebook, after: Rulebook) -> None:
        self._books = before, after
        self._deciders: list[Decider] = []

    def check_flow(self, given: Given, before: Outcome, after: Outcome) -> None:
        """Does the referral go from one outcome to the other?"""
        found = tuple(one.outcome for one in self._decided(given))
        if found != (before, after):
            raise _not_as_stated(given, f"{before} and {after}", f"{found[0]} and {found[1]}")

    def check_part(self, given: Given, part: Part, *, newly: bool) -> None:
        """Is the part in the later decision alone, or in the earlier?"""
        found = tuple(part in one.parts for one in self._decided(given))
        if found != (not newly, newly):
            raise _not_as_stated(given, f"{part} after: {newly}", f"held {found}")

    def close(self) -> None:
        """Give back what the engines hold."""
        for decider in self._deciders:
            decider.close()

    def _decided(self, given: Given) -> list[Live]:
        self._deciders = self._deciders or [Decider(each) for each in self._books]
        return [_live(decider, given) for decider in self._deciders]


def _live(decider: Decider, given: Given) -> Live:
    known = _known_to(decider.rulebook, given)
    try:
        decision = decider.decide(referral_of(known))
    except EngineError:
        return NOWHERE
    if any(one.id == EVALUATORS_DISAGREE for one in decision.alerts):
        raise EngineError(f"two evaluations of the rules differ on {said(given)}")
    outcome = Outcome(decision.route.route.id, decision.urgency.id)
    return Live(outcome, parts_in(decision, _answers(known)))


def _known_to(rulebook: Rulebook, given: Given) -> Given:
    """What a referral holds, without what this rulebook never asks."""
    words = rulebook.vocabulary
    known = {"answers": words.answers, "levels": words.factors}
    parts = ((path, *path.partition(".")[::2]) for path in given)
    return {path: given[path] for path, part, name in parts if name in known.get(part, (name,))}


def _answers(given: Given) -> dict[str, Value]:
    return {
        path.removeprefix("answers."): value
        for path, value in given.items()
        if path.startswith("answers.")
    }


def _not_as_stated(given: Given, stated: str, found: str) -> EngineError:
    return EngineError(f"the witness {said(given)} shows {found}, not {stated} as was stated")
