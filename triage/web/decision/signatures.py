"""Who signed the rules that decided, as far as the log proves it."""

from __future__ import annotations

from dataclasses import dataclass

from triage.domain.caller import IN_WORDS
from triage.feedback.moments import moment_words
from triage.signing import Conclusion, Signature, signed
from triage.store.log import DecisionLog
from triage.web.decision.proof import proof_in
from triage.web.decision.record import reading

SAID = {Conclusion.APPROVED: "approved", Conclusion.SENT_BACK: "sent back"}


@dataclass(frozen=True, slots=True)
class Signatures:
    """What was said of a rulebook, the newest first, and the ``faults`` of the entries that do."""

    said: tuple[str, ...]
    faults: tuple[str, ...]


def signatures_of(log: DecisionLog, digest: str) -> Signatures:
    """Who signed a rulebook. Raises ``LogError`` where an entry that says so cannot be read."""
    entries = log.sign_offs(digest)
    with reading(entries[0].entry.sequence if entries else 0):
        said = tuple(map(_said, signed(log, digest)))
    proofs = [proof_in(log, one, erased=one.identity is None) for one in entries]
    faults = (f"Entry {one.sequence}: {fault}." for one in proofs for fault in one.faults)
    return Signatures(said, tuple(faults))


def _said(one: Signature) -> str:
    by = f"{one.signed_as}, {IN_WORDS[one.by.role]}"
    return f"{SAID[one.conclusion]} by {by}, at {moment_words(one.at)} (entry {one.sequence})"
