"""How a rulebook stands: what clinicians say of it, and since when it decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from triage.domain.caller import Caller
from triage.errors import LogError, LogUnavailableError
from triage.signing import Conclusion, Signature, signed
from triage.store.log import DecisionLog
from triage.store.uses import first_decided_at


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds of a rulebook now. ``is_known`` is false while the log does not answer.

    ``signatures`` are the last of each person, the newest first; ``since`` is the time of the first
    decision, None before there is any.
    """

    signatures: tuple[Signature, ...] = ()
    since: str | None = None
    is_known: bool = True

    @property
    def approvals(self) -> tuple[Signature, ...]:
        """The signatures of those who approve."""
        return tuple(one for one in self.signatures if one.conclusion is Conclusion.APPROVED)

    @property
    def refusals(self) -> tuple[Signature, ...]:
        """The signatures of those who sent it back."""
        return tuple(one for one in self.signatures if one.conclusion is Conclusion.SENT_BACK)


def standing_of(log: DecisionLog, digest: str) -> Standing:
    """How a rulebook stands. Whoever reads the rules can do so without the log, too."""
    try:
        signatures = last_of_each(signed(log, digest))
        return Standing(signatures, first_decided_at(log.database, digest))
    except (LogUnavailableError, LogError):
        return Standing(is_known=False)


def last_of_each(signatures: Sequence[Signature]) -> tuple[Signature, ...]:
    """What each person said last, of what everybody said, the newest first."""
    newest: dict[tuple[str | None, str | None], Signature] = {}
    for one in signatures:
        newest.setdefault(_who(one.by), one)
    return tuple(newest.values())


def _who(by: Caller) -> tuple[str | None, str | None]:
    return by.subject, by.issuer
