"""Records calls: at their end, or at once while they go on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from schemas.referral import ReferralReader
from triage.domain.caller import Caller
from triage.domain.drafts import Draft
from triage.domain.referral import Referral
from triage.errors import ChangedError
from triage.recording import Answered
from triage.store.entries import Retry
from triage.web.call.handling import SUPERSEDES, Handling, recorded_in


@dataclass(frozen=True, slots=True)
class CallRecorder:
    """Records calls, each state of one once, however often that is asked for."""

    handling: Handling
    to_record: ReferralReader

    @classmethod
    def of(cls, handling: Handling) -> CallRecorder:
        """Made once, for the reader that says what is needed to record."""
        return cls(handling, handling.parts.reader.to_record())

    def end(self, draft: Draft, by: Caller) -> None:
        """Record a call that is over; what was recorded already and not changed since stands.

        Raises ``ReferralError`` for what is not right, and ``ChangedError`` where something was
        said or somebody took it meanwhile: it goes on then, and what was recorded stands until it
        is recorded again.
        """
        found = recorded_in(self.handling.parts.log, draft)
        if found and found.entry.at == draft.changed_at:
            decision_id = found.entry.id
        else:
            draft = self._knowing(draft, by)
            referral = self.to_record.read(draft.body, datetime.now(UTC))
            decision_id = self._record(draft, referral, by).decision_id
        self.handling.parts.drafts.decided(draft, decision_id)

    def now(self, draft: Draft, by: Caller) -> None:
        """Record what can be read of a call that goes on: nothing that is wrong holds help up.

        What is recorded later takes the place of it.
        """
        draft = self._knowing(draft, by)
        referral = self.handling.parts.reader.readable(draft.body, datetime.now(UTC))
        answered = self._record(draft, referral, by)
        entry = answered.recorded.entry
        body = {**draft.body, SUPERSEDES: entry.id}
        try:
            self.handling.parts.drafts.put(replace(draft, body=body, changed_at=entry.at))
        except ChangedError:  # in another window of the same person
            keeper = self.handling.keeper
            keeper.change(
                draft.id, by, lambda one: replace(one, body={**one.body, **_took(entry.id)})
            )

    def _knowing(self, draft: Draft, by: Caller) -> Draft:
        """The draft with the decision that it became before, where nothing in it says so.

        It was changed, or the database did not answer, right after that was recorded.
        """
        recorder = self.handling.parts.recorder
        while before := recorder.otherwise(self._retry(draft, by)):
            draft = replace(draft, body={**draft.body, **_took(before)})
        return draft

    def _record(self, draft: Draft, referral: Referral, by: Caller) -> Answered:
        return self.handling.parts.recorder.record(referral, by, self._retry(draft, by))

    def _retry(self, draft: Draft, by: Caller) -> Retry | None:
        key = draft.body.get(SUPERSEDES) or draft.id
        return self.handling.parts.recorder.retry(by, key, draft.body)


def _took(decision_id: str) -> dict[str, str]:
    return {SUPERSEDES: decision_id}
