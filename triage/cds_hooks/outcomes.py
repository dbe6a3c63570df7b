"""Records what became of cards: each outcome is an entry of the log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from schemas.cds_feedback import CardOutcome, ReasonGiven
from triage.cds_hooks.services import HookService
from triage.domain.caller import Caller
from triage.domain.clock import stamp
from triage.domain.vocabulary import Vocabulary
from triage.fhir.own import Own
from triage.store.entries import Identity, Kind, NewEntry, Retry
from triage.store.log import DecisionLog
from triage.wire import canonical_bytes


class Outcomes:
    """Records outcomes in the words of one vocabulary. Safe for many threads."""

    def __init__(self, vocabulary: Vocabulary, log: DecisionLog) -> None:
        self._log, self._reasons = log, vocabulary.override_reasons
        self._system = Own.of(vocabulary).system("override-reason")

    def record(self, service: HookService, outcomes: Iterable[CardOutcome], by: Caller) -> None:
        """Record what became of cards of a service. What was told before is not recorded again.

        Raises ``LogUnavailableError``: then some may not be recorded, and all can be sent again.
        """
        for one in outcomes:
            parts, words = self._parts(service, one), self._words(one)
            retry = self._retry(parts, words, by)
            identity = Identity(canonical_bytes(words)) if words else None
            self._log.append(
                NewEntry(Kind.CARD_FEEDBACK, by, parts, identity=identity, retry=retry)
            )

    def _parts(self, service: HookService, one: CardOutcome) -> dict[str, Any]:
        ours = one.reason and self._is_ours(one.reason)
        return {
            "service": service.id,
            "card": one.card,
            "outcome": one.outcome,
            "suggestions": list(one.suggestions),
            "override_reason": one.reason.code if one.reason and ours else None,
            "given_at": stamp(one.at),
        }

    def _is_ours(self, reason: ReasonGiven) -> bool:
        return reason.system in (None, self._system) and reason.code in self._reasons

    def _words(self, one: CardOutcome) -> Mapping[str, Any]:
        """What may hold somebody's own words: a comment, and a reason that is not one of ours."""
        found: dict[str, Any] = {"comment": one.comment} if one.comment else {}
        if one.reason and not self._is_ours(one.reason):
            reason = one.reason
            found["reason"] = [reason.system, reason.code, reason.display]
        return found

    def _retry(self, parts: Mapping[str, Any], words: Mapping[str, Any], by: Caller) -> Retry:
        """The same outcome told again is known by all that it says, and by who says so."""
        whose = [by.issuer, by.client or by.subject]
        said = canonical_bytes({"card feedback of": whose, "parts": parts, "words": words})
        hashed = self._log.person_key.of_request(said)
        return Retry(hashed, hashed)
