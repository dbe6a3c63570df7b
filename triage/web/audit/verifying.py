"""Verifies the log as work of its own, and says what was found so that somebody can act on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from triage.access import caller_of_request
from triage.errors import DamagedLogError, LogError
from triage.jobs import Progress, Work
from triage.store import verification
from triage.store.checkpoint import SignedHead
from triage.store.entries import Kind
from triage.store.jobs import Job
from triage.store.log import DecisionLog
from triage.store.near import Near, entries_near
from triage.store.verification import Elsewhere, HeldHead
from triage.web.audit.jobs import Kind as JobKind
from triage.web.audit.titles import moment_short
from triage.web.site import may

HELD = "the head that you gave"

MEANINGS: Sequence[tuple[str, str]] = (
    ("truncated", "The end of the log was cut off: entries that were once signed are gone."),
    ("forked", "The history was written anew: what was signed then is not what stands here now."),
    ("missing", "An entry was taken out."),
    ("the hash beside it", "What the entry says was changed after it was recorded."),
    ("hashes", "An entry was changed, added, taken out or moved, and that was covered up."),
    ("it is not what was signed", "Entries were changed, and everything beside them with them."),
    ("no signed head", "An entry was added that the service did not record."),
    ("not signed by the key", "A signature is by no key of this log."),
    ("the person", "What names the person was changed, taken out or put back."),
    ("rulebook", "A rulebook that decided is not kept as it was when it decided."),
    ("found by", "Something by which entries are found was changed, so that searches miss it."),
)
"""What damage means, by words of what was found; the first that fits is said."""

DAMAGED = "What stands in the database is not what was recorded."


def verifying(log: DecisionLog, note: str | None) -> Work:
    """The work of verifying a log, against a head that was kept elsewhere where there is one."""
    held = [HeldHead(SignedHead.parse(note), HELD)] if note else []
    elsewhere = Elsewhere(heads=held, person_key=log.person_key)

    def work(progress: Progress) -> Mapping[str, Any]:
        try:
            found = verification.verify(log.database, elsewhere, watcher=progress, workers=1)
        except DamagedLogError as damage:
            return _damaged(log, damage)
        return found.as_dict()

    return work


def _damaged(log: DecisionLog, damage: DamagedLogError) -> Mapping[str, Any]:
    near = entries_near(log.database, damage.first, 0) if damage.first else ()
    return {
        "proved": False,
        "problem": damage.problem,
        "first": damage.first,
        "last": damage.last,
        "entries": damage.entries if damage.first else None,
        "decision": _decision_of(near[0]) if near else None,
    }


def _decision_of(entry: Near) -> str | None:
    """The decision that an entry holds, or is about."""
    return entry.id if entry.kind == Kind.DECISION else entry.about


def parsed(text: str) -> str | None:
    """A head as it was pasted; None where none was. Raises ``LogError`` for what is none."""
    note = "\n".join(line.rstrip() for line in text.strip().splitlines())
    if not note:
        return None
    try:
        return SignedHead.parse(f"{note}\n").note()
    except (LogError, ValueError) as error:
        raise LogError(f"This is not a head of a log: {error}") from None


def meaning_of(problem: str) -> str:
    """What damage means, in a sentence."""
    return next((meaning for words, meaning in MEANINGS if words in problem), DAMAGED)


def told_of(job: Job) -> Mapping[str, Any]:
    """What the page of a verification is told beside its result."""
    result = job.result or {}
    head = result.get("head")
    return {
        "ended": moment_short(job.beat_at),
        "signed": moment_short(head["at"]) if head else None,
        "meaning": meaning_of(result.get("problem") or ""),
        "sees_decisions": may(caller_of_request(), "audit.decisions"),
    }


def result_words(result: Mapping[str, Any]) -> str:
    """What came of a verification, in a line."""
    if result["proved"]:
        return f"Proved: all {result['entries']:,} entries"
    if result["first"]:
        return f"Not proved: {result['entries']} is the first that is bad"
    return "Not proved"


VERIFICATION = JobKind(
    id="verification",
    title="Verification of the log",
    begin="audit.verify",
    path="/audit/log/verify",
    counts="entries",
    about=lambda job: result_words(job.result) if job.result else "",
    template="audit/verified.html.j2",
    told=told_of,
)
