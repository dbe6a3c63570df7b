"""A recorded referral as it stands, for whoever tells somebody of it."""

from __future__ import annotations

from dataclasses import replace

from triage.domain.overriding import Stands
from triage.domain.referred import Cancelled, Referred
from triage.errors import NotRecordedError
from triage.overrides.making import chain_of
from triage.reading import decision_in
from triage.recording import as_decided
from triage.store.entries import Kind
from triage.store.log import DecisionLog


def referred_in(log: DecisionLog, which: int | str) -> Referred:
    """A referral as it stands now, by the id of its decision or the number of an entry about it.

    Raises ``NotRecordedError`` where there is no such decision or entry, or the entry is about no
    decision, and ``LogUnavailableError``.
    """
    id_ = which if isinstance(which, str) else decision_told_of(log, which)
    decided, chain = as_decided(decision_in(log, id_)), chain_of(log, id_)
    override = chain.override(chain.stands.by)
    return replace(
        decided,
        stands=chain.stands,
        cancelled=_cancelled(log, id_),
        override=override,
        earlier=earlier_of(log, id_),
        later=_later(log, id_),
    )


MOST_EARLIER = 16
"""How many decisions are followed back from one to those whose place it took."""


def earlier_of(log: DecisionLog, decision_id: str) -> tuple[Stands, ...]:
    """What stands of the decisions whose place one took, the newest first.

    Raises ``NotRecordedError`` and ``LogUnavailableError``.
    """
    found: list[Stands] = []
    before = decision_in(log, decision_id).entry.content["about"]
    while before and len(found) < MOST_EARLIER:
        found.append(chain_of(log, before).stands)
        before = decision_in(log, before).entry.content["about"]
    return tuple(found)


def _later(log: DecisionLog, decision_id: str) -> tuple[str, Stands] | None:
    """The newest decision that took the place of one, and what stands of it."""
    later = log.about(decision_id, (Kind.DECISION,))
    if not later:
        return None
    id_ = later[-1].entry.id
    return id_, chain_of(log, id_).stands


def decision_told_of(log: DecisionLog, sequence: int) -> str:
    """The decision that an entry is, or is about. Raises as ``referred_in``."""
    entry = log.entry(sequence)
    if entry is None:
        raise NotRecordedError("the log has no entry of that number")
    content = entry.content
    found = content["id"] if content["kind"] == Kind.DECISION else content["about"]
    if found is None:
        raise NotRecordedError("the entry of that number is about no decision")
    return str(found)


def _cancelled(log: DecisionLog, decision_id: str) -> Cancelled | None:
    """What the newest cancellation of a decision says; None where there is none."""
    cancellations = log.about(decision_id, (Kind.CANCELLATION,))
    return Cancelled(cancellations[-1].entry.content["status"]) if cancellations else None
