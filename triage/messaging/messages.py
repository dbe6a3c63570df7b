"""Answers messages: decides the referral in one, or takes one back, and records it.

What names a message is remembered: sent again it gets the decision it got then. What names the
sender's own request is remembered as well, so that an update or a cancellation finds the decision.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus

from schemas.referral import ReferralReader
from triage.domain.caller import Caller
from triage.domain.referred import Cancelled, Referred
from triage.domain.telling import Telling
from triage.domain.vocabulary import Vocabulary
from triage.errors import ConflictError, EngineError, ReferralError, TriageError
from triage.fhir.faults import findings_of
from triage.fhir.findings import Finding, FindingsError, Severity, finding_kept
from triage.fhir.reading.message import Asks, Message
from triage.messaging.links import Links
from triage.messaging.said import (
    CANCELS_SOMEBODY_ELSE,
    NOTHING_TO_CANCEL,
    SAME_ID,
    of_what_came_of_it,
)
from triage.overrides.referred import earlier_of, referred_in
from triage.recording import Answered, Recorder, Sent, as_decided, channels_of, is_about
from triage.store.entries import Kind, NewEntry
from triage.store.log import DecisionLog

NEEDED = ("patient",)
"""What a message must say before it can be recorded; its source of referral may be unknown."""

MOST_KEPT = 50
"""How many findings of a message are kept with the decision on it, the gravest first."""


@dataclass(frozen=True, slots=True)
class Replied:
    """What a message came to, and everything that its sender should know of how it was read."""

    referred: Referred
    findings: tuple[Finding, ...]


class Messaging:
    """Answers messages, and records what they ask for. Safe for many threads."""

    def __init__(
        self, reader: ReferralReader, recorder: Recorder, log: DecisionLog, telling: Telling
    ) -> None:
        self._reader = reader.to_record(NEEDED)
        self._recorder, self._log, self._telling = recorder, log, telling
        self._links = Links(log)

    @property
    def _vocabulary(self) -> Vocabulary:
        return self._recorder.rulebook.vocabulary

    def answer(self, message: Message, by: Caller, now: datetime) -> Replied:
        """Do what a message asks for; what it came to, once that is durable.

        Raises ``FindingsError`` for a message that is refused, with every finding; and as
        ``Recorder.record``.
        """
        if any(one.refuses for one in message.read.findings):
            raise FindingsError(HTTPStatus.UNPROCESSABLE_ENTITY, self._every_finding(message, now))
        if message.as_cancelled:
            referred = self._cancelled(message, message.as_cancelled, by, now)
            return Replied(referred, message.read.findings)
        referred = self._recorded(message, by, now)
        found = of_what_came_of_it(message, referred, self._vocabulary.urgencies)
        return Replied(referred, (*map(finding_kept, referred.findings), *found))

    def _recorded(self, message: Message, by: Caller, now: datetime) -> Referred:
        body = message.read.body
        retry = self._recorder.retry(by, _name(message), dict(body))
        try:
            referral = self._reader.read(dict(body), now)
            link = self._links.of(message, by, referral.patient)
            referral = replace(referral, supersedes=link.decision_id)
            kept = _kept([*message.read.findings, *link.findings])
            sent = Sent(self._links.keys(message, by), kept)
            answered = self._recorder.record(referral, by, retry, sent)
        except (ReferralError, EngineError) as error:
            before = self._recorder.before(retry)  # under rules that were others then
            if before is None:
                raise _in_findings(error, message) from None
            answered = before
        except ConflictError:
            raise FindingsError(HTTPStatus.CONFLICT, [SAME_ID]) from None
        return self._with_earlier(answered)

    def _with_earlier(self, answered: Answered) -> Referred:
        """A referral as it was decided, with what stands of those whose place it took."""
        referred = as_decided(answered.recorded, answered.body)
        if referred.referral["supersedes"] is None:
            return referred
        return replace(referred, earlier=earlier_of(self._log, referred.id))

    def _cancelled(
        self, message: Message, status: Cancelled, by: Caller, now: datetime
    ) -> Referred:
        """Record that a referral was taken back, once; whoever is to see the person is told."""
        earlier = self._links.earlier(message, by)
        if earlier is None:
            raise FindingsError(HTTPStatus.NOT_FOUND, [NOTHING_TO_CANCEL])
        patient = self._reader.readable(dict(message.read.body), now).patient
        if not is_about(earlier, patient, self._log.person_key):
            raise FindingsError(HTTPStatus.CONFLICT, [CANCELS_SOMEBODY_ELSE])
        id_ = earlier.entry.id
        if referred_in(self._log, id_).cancelled is not status:
            told = channels_of(earlier, self._telling, danger=False)
            parts = {"status": status.value}
            once = self._recorder.retry(by, f"cancels {id_} {status.value}", {})
            self._log.append(
                NewEntry(Kind.CANCELLATION, by, parts, id_, retry=once, deliveries=told)
            )
        return referred_in(self._log, id_)

    def _every_finding(self, message: Message, now: datetime) -> list[Finding]:
        """What was found in the reading, and what would be found of the referral besides."""
        found = list(message.read.findings)
        if message.asks is not Asks.NOTHING_OF_OURS:
            try:
                self._reader.read(dict(message.read.body), now)
            except ReferralError as error:
                found += findings_of(error.faults, message.read)
        return found


def _in_findings(error: ReferralError | EngineError, message: Message) -> TriageError:
    """Faults of a referral at their places in the message; anything else as it is."""
    if isinstance(error, EngineError):
        return error
    found = (*message.read.findings, *findings_of(error.faults, message.read))
    return FindingsError(HTTPStatus.UNPROCESSABLE_ENTITY, found)


def _name(message: Message) -> str | None:
    """By what a message is known when it comes again: with a space, as no key of a caller has."""
    return f"message {message.id}" if message.id else None


def _kept(findings: list[Finding]) -> tuple[dict[str, str], ...]:
    """Findings as the log keeps them."""
    gravest = sorted(findings, key=lambda one: list(Severity).index(one.severity))
    return tuple(one.as_dict() for one in gravest[:MOST_KEPT])
