"""What is advised on a person, from which every card is made: a decision that nobody recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from triage.domain.decision import Decision, RouteGiven, Status
from triage.domain.rules import Rule
from triage.domain.vocabulary import Urgency
from triage.feedback import Feedback
from triage.fhir.findings import Finding, Severity

TOLD = (Severity.FATAL, Severity.ERROR, Severity.WARNING)
"""What is said on a card of how the data was read, by its severity."""


@dataclass(frozen=True, slots=True)
class Advice:
    """A decision on what is known, the same in a referrer's words, and how the data was read.

    ``placed`` says where the place comes from, if it is not that of the person.
    """

    decision: Decision
    told: Feedback
    findings: Sequence[Finding]
    urgencies: Mapping[str, Urgency]
    placed: str = ""

    @property
    def is_danger(self) -> bool:
        """May somebody be in danger?"""
        return self.decision.urgency.danger

    @property
    def asks_first(self) -> bool:
        """Is it not known enough of risk to say anything but that it must be asked?"""
        return self.decision.status is Status.NEEDS_INFORMATION

    @property
    def is_pressing(self) -> bool:
        """Must somebody do something that cannot wait its turn, short of danger?"""
        least = max(one.rank for one in self.urgencies.values())
        return self.is_held or self.decision.urgency.rank < least

    @property
    def is_held(self) -> bool:
        """May nothing be booked before somebody has looked, or asked?"""
        return self.decision.booking_held or self.asks_first

    @property
    def is_for_now(self) -> bool:
        """Is it so urgent that an order would come too late: somebody must ring at once?"""
        return self.decision.urgency.within_hours == 0

    @property
    def goes_to(self) -> tuple[RouteGiven, ...]:
        """Where the person should go: the lead, and whoever acts at the same time."""
        beside = (one for one in self.decision.also_indicated if one.concurrent)
        return (self.decision.route, *beside)

    @property
    def leading_rule(self) -> Rule | None:
        """The rule that concluded the lead route; None where none says so by name."""
        lead = self.decision.route.route.id
        return next(
            (
                reason.rule
                for reason in self.decision.reasoning
                if any(one.kind == "route" and one.target == lead for one in reason.rule.then)
            ),
            None,
        )

    def doubts(self) -> Iterator[str]:
        """What was not read, or only with doubt, each in one line with where it stood."""
        for one in self.findings:
            if one.severity in TOLD:
                yield f"{one.expression}: {one.says}" if one.expression else one.says
