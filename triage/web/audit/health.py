"""How the log is, at a glance: how long, when it was signed last, and whether it was proved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from triage.errors import LogError
from triage.store.checkpoint import SignedHead
from triage.store.jobs import Job, State
from triage.web.audit.jobs import RECENT
from triage.web.audit.titles import moment_short
from triage.web.audit.verifying import VERIFICATION, result_words
from triage.web.parts import Parts


@dataclass(frozen=True, slots=True)
class Verification:
    """A verification that has ended: what came of it, when, and the address of its page."""

    words: str
    proved: bool
    at: str
    address: str


@dataclass(frozen=True, slots=True)
class Health:
    """The newest ``head``, or the ``problem`` for which it cannot be read; the last verification.

    ``since`` is how many entries came after it; ``running`` is one that is under way.
    """

    head: Mapping[str, Any] | None
    signed: str | None
    problem: str | None
    last: Verification | None
    since: int
    running: Job | None

    @classmethod
    def of(cls, parts: Parts) -> Health:
        """How the log of a service is. Raises ``LogUnavailableError``."""
        head, problem = _head(parts)
        recent = parts.jobs.recent(VERIFICATION.id, RECENT)
        ended = next((job for job in recent if job.state is State.DONE), None)
        size, proved = (head.head.size if head else 0), _entries_proved(ended)
        return cls(
            head=head.as_dict() if head else None,
            signed=moment_short(head.head.at) if head else None,
            problem=problem,
            last=_verification(ended) if ended else None,
            since=max(size - proved, 0) if ended else size,
            running=next((job for job in recent if job.state is State.RUNNING), None),
        )


def _head(parts: Parts) -> tuple[SignedHead | None, str | None]:
    try:
        return parts.log.head(), None
    except (LogError, TypeError) as error:
        return None, f"The newest head cannot be read: {error}. Verify the log."


def _entries_proved(job: Job | None) -> int:
    return int((job.result or {}).get("entries") or 0) if job and _proved(job) else 0


def _proved(job: Job) -> bool:
    return bool((job.result or {}).get("proved"))


def _verification(job: Job) -> Verification:
    words = result_words(job.result or {})
    return Verification(words, _proved(job), moment_short(job.beat_at), f"/audit/jobs/{job.id}")
