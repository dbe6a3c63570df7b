"""What was found to differ between two rulebooks, for people and for machines."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from triage.diagram.diagram import Outcome
from triage.diagram.inputs import Given
from triage.domain.vocabulary import Vocabulary
from triage.rulebook import Stamp
from triage.verify.comparison.edits import Changed, Edits
from triage.verify.comparison.held import Part


@dataclass(frozen=True, slots=True)
class Flow:
    """The referrals that have one outcome before and another after; ``given`` is one of them.

    ``alike_before`` is how many have that outcome before, wherever they go after.
    ``less_urgent_by`` is in classes of urgency, below nought where it is more urgent after. The
    rules that bear on it are those that conclude otherwise about the one given: ``stopped`` ones
    did so before, ``started`` ones do so after. ``recorded`` is None where nothing was walked.
    """

    before: Outcome
    after: Outcome
    less_urgent_by: int
    referrals: int
    alike_before: int
    given: Given
    stopped: tuple[str, ...]
    started: tuple[str, ...]
    recorded: int | None = None

    @property
    def is_less_urgent(self) -> bool:
        """Is the urgency of a lower class after?"""
        return self.less_urgent_by > 0

    def as_dict(self) -> dict[str, Any]:
        """The flow as plain data; counts are text, for they are past what readers of JSON hold."""
        return {
            "before": self.before._asdict(),
            "after": self.after._asdict(),
            "less_urgent_by": max(self.less_urgent_by, 0),
            "referrals": str(self.referrals),
            "alike_before": str(self.alike_before),
            "recorded": self.recorded,
            "given": dict(self.given),
            "stopped": list(self.stopped),
            "started": list(self.started),
        }


@dataclass(frozen=True, slots=True)
class Beside:
    """A part of decisions beside route and urgency that is newly there, or no longer."""

    part: Part
    newly: bool
    referrals: int
    given: Given
    recorded: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """The same as plain data."""
        return {
            **self.part._asdict(),
            "newly": self.newly,
            "referrals": str(self.referrals),
            "recorded": self.recorded,
            "given": dict(self.given),
        }


@dataclass(frozen=True, slots=True)
class Walked:
    """How many recorded referrals were walked, and how many could be given to both rulebooks."""

    referrals: int
    comparable: int


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that two rulebooks decide otherwise, and what is written otherwise.

    ``referrals`` is how many there are that differ in something rules can read; answers that are
    ``left_out`` are not among them, because one of the rulebooks does not know them. ``words`` are
    those of both rulebooks, and ``nodes`` how large the diagrams became.
    """

    before: Stamp
    after: Stamp
    referrals: int
    left_out: tuple[str, ...]
    flows: tuple[Flow, ...]
    beside: tuple[Beside, ...]
    for_everybody: tuple[Changed, ...]
    edits: Edits
    words: Vocabulary
    nodes: int
    walked: Walked | None = None

    @property
    def empty(self) -> bool:
        """Is every referral decided as before?"""
        return not (self.flows or self.beside or self.for_everybody)

    @property
    def moved(self) -> int:
        """How many referrals have another outcome."""
        return sum(flow.referrals for flow in self.flows)

    @property
    def moved_of_walked(self) -> int:
        """How many recorded referrals have another outcome."""
        return sum(flow.recorded or 0 for flow in self.flows)

    def as_dict(self) -> dict[str, Any]:
        """The difference as plain data."""
        return {
            "empty": self.empty,
            "before": asdict(self.before),
            "after": asdict(self.after),
            "referrals": str(self.referrals),
            "moved": str(self.moved),
            "recorded": self._walked(),
            "left_out": list(self.left_out),
            "flows": [one.as_dict() for one in self.flows],
            "beside": [one.as_dict() for one in self.beside],
            "for_everybody": [one._asdict() for one in self.for_everybody],
            "edits": self.edits.as_dict(),
        }

    def _walked(self) -> dict[str, int] | None:
        return {**asdict(self.walked), "moved": self.moved_of_walked} if self.walked else None
