"""A call as the rules follow it: one decision and one walk for each answer."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime

from schemas.referral import ReferralReader
from triage.decide import Decider
from triage.domain.decision import Decision, MissingAnswer
from triage.domain.drafts import Draft, Way
from triage.domain.pseudonymised import Pseudonymised
from triage.domain.referral import Referral
from triage.errors import ReferralError
from triage.live_call import Live, LiveCall
from triage.web.call import faults
from triage.web.call.faults import Wrong
from triage.web.call.questions import SAFETY, Question, Questions

RELATIVE = "B2"
"""The source of a carer or relative (IAPT data set): a self-referral, of which another speaks."""


@dataclass(frozen=True, slots=True)
class SoFar:
    """A draft with what the rules say of all in it that can be read.

    ``question`` is what to ask next and ``asked`` why; None where nothing is left that decides.
    ``is_spoken``: the person rings for themselves, so that questions are put to them.
    """

    draft: Draft
    referral: Referral
    decision: Decision
    live: Live
    wrong: Wrong
    asked: MissingAnswer | None
    question: Question | None
    is_spoken: bool

    @property
    def is_danger(self) -> bool:
        """Do the answers so far conclude danger?"""
        return self.decision.urgency.danger


class Follower:
    """Follows drafts. Safe for many threads."""

    def __init__(self, reader: ReferralReader, decider: Decider, live_call: LiveCall) -> None:
        self._reader, self._decider, self._live_call = reader, decider, live_call
        self._urgencies = decider.rulebook.vocabulary.urgencies
        self.questions = Questions(decider.rulebook.vocabulary)

    def so_far(self, draft: Draft, now: datetime) -> SoFar:
        """What the rules say of a draft. Raises ``EngineError``."""
        referral, wrong = self._read(draft, now)
        known = self._decider.known(referral)
        decision = self._decider.conclude(known)
        put_off = self.questions.put_off(draft.skipped)
        live = self._live_call.live(known, put_off)
        asked = live.next_question or self._beside_danger(decision, put_off)
        question = self.questions.to_show(asked.answer, draft.body) if asked else None
        told = self._told_in(draft, decision)
        is_spoken = self._is_spoken(draft, known)
        return SoFar(told, referral, decision, live, wrong, asked, question, is_spoken)

    def _is_spoken(self, draft: Draft, known: Pseudonymised) -> bool:
        rings_themselves = known.self_referred is True and known.source != RELATIVE
        return draft.way is Way.CALL and rings_themselves

    def _beside_danger(self, decision: Decision, put_off: AbstractSet[str]) -> MissingAnswer | None:
        """What may be asked while help comes, safety first: it decides nothing any more."""
        if not decision.urgency.danger:
            return None
        still = [one for one in decision.missing if one.answer not in put_off]
        return next(filter(self._is_safety, still), still[0] if still else None)

    def _is_safety(self, missing: MissingAnswer) -> bool:
        question = self.questions.get(missing.answer)
        return question is not None and question.group == SAFETY

    def _told_in(self, draft: Draft, decision: Decision) -> Draft:
        """The draft with where the rules send it, and the greatest danger that was ever told."""
        urgency, warned = decision.urgency, self._urgencies.get(str(draft.warned))
        if urgency.danger and (warned is None or urgency.sooner_than(warned)):
            warned = urgency
        return replace(
            draft,
            route=decision.route.route.id,
            urgency=urgency.id,
            warned=warned.id if warned else None,
        )

    def _read(self, draft: Draft, now: datetime) -> tuple[Referral, Wrong]:
        try:
            return self._reader.read(draft.body, now), {}
        except ReferralError as error:
            wrong = faults.told(error.faults, self.questions.fields)
            return self._reader.readable(draft.body, now), wrong
