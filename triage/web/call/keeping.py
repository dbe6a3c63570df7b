"""Calls in progress as pages work on them: who has one, what changes, and what the log hears."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from triage.access.sessions import called
from triage.calls_noted import What, note
from triage.domain.caller import Caller
from triage.domain.drafts import Draft, Way
from triage.errors import ChangedError, NotRecordedError
from triage.store.drafts import Drafts
from triage.store.entries import now
from triage.store.log import DecisionLog
from triage.web.call.following import Follower, SoFar

KEPT = timedelta(days=1)
"""How long a call that was decided still leads to its decision."""

TRIES = 5
"""How often a change is made anew on what the same person changed in another window."""


@dataclass(frozen=True, slots=True)
class Keeper:
    """Keeps the calls in progress."""

    drafts: Drafts
    log: DecisionLog
    follower: Follower

    def begin(self, way: Way, source: str | None, by: Caller) -> Draft:
        """A new call, that somebody has. Those that were decided long ago are let go of."""
        self.drafts.forget(datetime.now(UTC) - KEPT)
        at = now()
        body = {"received_at": at, "patient": {}, **({"source": source} if source else {})}
        draft = Draft(str(uuid4()), 1, way, by, at, at, body, held_as=called())
        draft = self.follower.so_far(draft, datetime.now(UTC)).draft
        self.drafts.begin(draft)
        return draft

    def one(self, call_id: str) -> Draft:
        """A call, decided or not. Raises ``NotRecordedError``."""
        draft = self.drafts.one(call_id)
        if draft is None:
            raise NotRecordedError(
                "no call of that id is in progress; it was thrown away, or decided a while ago"
            )
        return draft

    def of(self, call_id: str, by: Caller) -> Draft:
        """A call in progress that somebody has. Raises ``ChangedError`` where they have not."""
        draft = self.drafts.one(call_id)
        if draft is None:
            raise ChangedError("this call is gone: it was thrown away, or the person was erased")
        if draft.decision_id is not None:
            raise ChangedError("this call has been recorded meanwhile")
        if draft.holder != by:
            raise ChangedError("somebody else has this call now")
        return draft

    def change(self, call_id: str, by: Caller, edit: Callable[[Draft], Draft]) -> SoFar:
        """What the rules say of a call that was changed, once the change is kept.

        A change touches what it names alone, so what the same person did in another window stays.
        Raises ``ChangedError`` where somebody else has the call now.
        """
        for _ in range(TRIES):
            found = self._changed(edit(self.of(call_id, by)))
            if found:
                return found
        raise ChangedError("this call changes all the time; look at it again")

    def _changed(self, draft: Draft) -> SoFar | None:
        so_far = self.follower.so_far(replace(draft, changed_at=now()), datetime.now(UTC))
        try:
            return replace(so_far, draft=self.drafts.put(so_far.draft))
        except ChangedError:
            return None

    def seen(self, draft: Draft, by: Caller) -> None:
        """Record that somebody looks at a call of a colleague, before they do."""
        note(self.log, draft, What.SEEN, by)

    def take(self, draft: Draft, by: Caller) -> None:
        """Take a call over from a colleague. Raises ``ChangedError`` as ``discard`` does."""
        note(self.log, draft, What.TAKEN, by, called())

    def discard(self, draft: Draft, by: Caller) -> None:
        """Throw a call away. Raises ``ChangedError`` where it is not as it was looked at."""
        note(self.log, draft, What.DISCARDED, by)
