"""What happens to a call in progress beside its holder's typing, as entries of the log.

Drafts change and go; so a call that changed hands, or was thrown away, is still known of.
"""

from __future__ import annotations

from enum import StrEnum

from triage.domain.caller import Caller
from triage.domain.drafts import Draft
from triage.store.drafts import discarding, taking, unless_changed
from triage.store.entries import Entry, Kind, NewEntry
from triage.store.log import DecisionLog


class What(StrEnum):
    """What happens to a call."""

    OFFERED = "offered"
    TAKEN = "taken"
    SEEN = "seen"
    DISCARDED = "discarded"


def note(
    log: DecisionLog, draft: Draft, what: What, by: Caller, called: str | None = None
) -> Entry:
    """Record what somebody does with a call in progress; ``called`` is what pages call them.

    A call that is taken or thrown away changes in the same transaction: then this raises
    ``ChangedError`` where the draft is not as it was looked at. Raises ``LogUnavailableError``:
    then nothing was done.
    """
    parts = {
        "call": draft.id,
        "what": what.value,
        "held_by": draft.holder.as_dict(),
        "route": draft.route,
        "urgency": draft.urgency,
    }
    if what not in (What.TAKEN, What.DISCARDED):
        return log.append(NewEntry(Kind.CALL, by, parts))
    also = taking(draft, by, called) if what is What.TAKEN else discarding([draft.id])
    return log.append(NewEntry(Kind.CALL, by, parts, guard=unless_changed(draft), also=also))
