"""Which reasons a referrer is told, and in what order: what led to the route comes first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from triage.domain.rules import NO_INDICATORS, Rule
from triage.feedback.wording import once, sentences
from triage.rulebook import Rulebook

MATTER = frozenset({"route", "urgency", "hold_booking", "level", "action", "support"})
"""The kinds of conclusion whose rules matter to a referrer, whatever the route."""

Decision = Mapping[str, Any]


class Reasons:
    """Picks the sentences to tell of decisions under one rulebook."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rules = {rule.id: rule for rule in rulebook.rules}
        self._vocabulary = rulebook.vocabulary

    def why(self, decision: Decision) -> tuple[str, ...]:
        """The sentences of a decision (``Decision.as_dict``), each once.

        First those of the rules that led to the lead route, its urgency or a booking that is held,
        each behind what raised a flag that it reads and before the levels that it reads. Then those
        of the other rules that matter. A rule that this rulebook does not know comes last.
        """
        quiet = self._is_quiet(decision)
        given = [self._given(one, quiet) for one in decision["reasoning"]]
        known = [(rule, because) for rule, because in given if rule]
        leading = [one for one in known if self._leads(one[0], decision)]
        led = [each for one in leading for each in _with_grounds(one, known)]
        others = [one for one in known if _kinds(one[0]) & MATTER]
        strange = [because for rule, because in given if rule is None]
        told = [because for _, because in (*led, *others)] + strange
        return once(each for one in told for each in sentences(one))

    def _given(self, reason: Decision, quiet: AbstractSet[str]) -> tuple[Rule | None, str]:
        because = reason["because"]
        if reason["rule"] in quiet:
            because = f"{because} {NO_INDICATORS.capitalize()}."
        return self._rules.get(reason["rule"]), because

    def _leads(self, rule: Rule, decision: Decision) -> bool:
        """Did a rule lead to the lead route, to its urgency, or to a booking that is held?"""
        lead = decision["route"]["id"]
        term = self._vocabulary.routes.get(lead)
        routes = {lead, *(term.replaces if term else ())}
        wanted = {"route": routes, "urgency": {decision["urgency"]}}
        return any(
            one.kind == "hold_booking" or one.target in wanted.get(one.kind, ())
            for one in rule.then
        )

    def _is_quiet(self, decision: Decision) -> AbstractSet[str]:
        """The rules that found the lowest level of risk, where nothing else speaks of danger.

        A booking that is held, and any urgency of danger, does.
        """
        urgency, risk = (
            self._vocabulary.urgencies.get(decision["urgency"]),
            decision["levels"]["risk"],
        )
        if urgency is None or urgency.danger or decision["booking_held"]:
            return frozenset()
        return frozenset(risk["rules"] if risk["level"] == "low" else ())


Given = tuple[Rule, str]


def _with_grounds(one: Given, known: Sequence[Given]) -> Iterator[Given]:
    """A reason behind what raised the flags it reads, and before the levels it reads."""
    grounds = [each for each in known if each[0].concludes & one[0].reads]
    yield from (each for each in grounds if "flag" in _kinds(each[0]))
    yield one
    yield from (each for each in grounds if "flag" not in _kinds(each[0]))


def _kinds(rule: Rule) -> set[str]:
    return {conclusion.kind for conclusion in rule.then}
