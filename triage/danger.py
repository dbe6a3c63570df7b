"""What a referral that was refused still says of danger: a fault never hides it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from schemas.referral import ReferralReader
from triage.decide import Decider
from triage.domain.decision import Decision, RouteGiven
from triage.domain.rules import Rule
from triage.errors import EngineError


@dataclass(frozen=True, slots=True)
class Danger:
    """The route and urgency that the readable answers conclude, with the sentences that say why."""

    given: RouteGiven
    because: str

    def as_dict(self) -> dict[str, str]:
        """The part ``safety`` of an error, in the names that callers rely on."""
        return {
            "route": self.given.route.id,
            "urgency": self.given.urgency.id,
            "because": self.because,
        }


class DangerFinder:
    """Finds danger in what can be read of bodies that were refused."""

    def __init__(self, reader: ReferralReader, decider: Decider) -> None:
        self._reader, self._decider = reader, decider

    def find(self, bodies: Iterable[Any], now: datetime) -> Danger | None:
        """The greatest danger in any of the bodies, each a parsed JSON value.

        None where there is none, and also where the rules cannot be run: then nothing is made up.
        """
        try:
            found = [danger for body in bodies for danger in self._in(body, now)]
        except EngineError:
            return None
        return min(found, key=lambda one: one.given.urgency.order, default=None)

    def _in(self, body: Any, now: datetime) -> Iterator[Danger]:
        decision = self._decider.decide(self._reader.readable(body, now))
        for given in (decision.route, *decision.also_indicated):
            if given.urgency.danger:
                yield Danger(given, self._because(decision))

    def _because(self, decision: Decision) -> str:
        """What the rules that raised a flag of danger say, and then those that conclude it."""
        dangers = [one for one in decision.reasoning if self._concludes_danger(one.rule)]
        read = frozenset().union(*(one.rule.reads for one in dangers))
        raisers = [one for one in decision.reasoning if _raises(one.rule, read)]
        return " ".join(dict.fromkeys(reason.because for reason in (*raisers, *dangers)))

    def _concludes_danger(self, rule: Rule) -> bool:
        urgencies = self._decider.rulebook.vocabulary.urgencies
        named = [one.urgency or one.target for one in rule.then if one.kind in ("route", "urgency")]
        return any(urgencies[name].danger for name in named)


def _raises(rule: Rule, flags: frozenset[str]) -> bool:
    return any(one.kind == "flag" and one.target in flags for one in rule.then)
