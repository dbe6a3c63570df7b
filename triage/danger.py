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

DANGER = ("emergency", "very_urgent", "urgent")
"""The urgencies of emergency, of crisis and of urgent work for the community team."""


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
        return min(found, key=lambda one: one.given.urgency.rank, default=None)

    def _in(self, body: Any, now: datetime) -> Iterator[Danger]:
        decision = self._decider.decide(self._reader.readable(body, now))
        for given in (decision.route, *decision.also_indicated):
            if given.urgency.id in DANGER:
                yield Danger(given, _because(decision))


def _because(decision: Decision) -> str:
    """What the rules that conclude danger say, after those that raised the flags they read."""
    dangers = [one.rule for one in decision.reasoning if _concludes_danger(one.rule)]
    read = frozenset().union(*(rule.reads for rule in dangers))
    told = [
        reason.because
        for reason in decision.reasoning
        if reason.rule in dangers or _raises(reason.rule, read)
    ]
    return " ".join(dict.fromkeys(told))


def _concludes_danger(rule: Rule) -> bool:
    return any(
        one.urgency in DANGER or (one.kind == "urgency" and one.target in DANGER)
        for one in rule.then
    )


def _raises(rule: Rule, flags: frozenset[str]) -> bool:
    return any(one.kind == "flag" and one.target in flags for one in rule.then)
