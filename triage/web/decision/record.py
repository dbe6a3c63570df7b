"""A decision with everything that was recorded about it, read in one go and checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from triage.domain.referred import Referred
from triage.errors import LogError, NotRecordedError
from triage.overrides import history_of, referred_in
from triage.overrides.history import TOLD
from triage.store.entries import Kind
from triage.store.log import DecisionLog, Recorded
from triage.store.told import Told, told_of
from triage.web.decision.proof import Proof, erased_in, proof_in

CHECKED = tuple(kind for kind in TOLD if kind is not Kind.VIEW)
"""The kinds of entries about a decision that a page rests on: each is proved as it is itself."""


@dataclass(frozen=True, slots=True)
class Proved:
    """The proof of a decision, and the ``others`` of what was recorded about it."""

    own: Proof
    others: tuple[Proof, ...]

    @property
    def faults(self) -> tuple[str, ...]:
        """Everything that is wrong, each with the entry it is about."""
        named = (
            f"Entry {proof.sequence}: {fault}."
            for proof in (self.own, *self.others)
            for fault in proof.faults
        )
        return tuple(dict.fromkeys(named))


@dataclass(frozen=True, slots=True)
class Record:
    """What is recorded of a decision. ``history`` is as ``history_of`` gives it."""

    recorded: Recorded
    referred: Referred
    history: Mapping[str, Any]
    told: tuple[Told, ...]

    @property
    def decision(self) -> Mapping[str, Any]:
        """The decision as it was sent."""
        return self.referred.decision

    @property
    def notes(self) -> str:
        """What was noted for people to read; empty where nothing was, or it was erased."""
        return str((self.referred.identity or {}).get("notes") or "")

    @property
    def is_erased(self) -> bool:
        """Was what names the person erased?"""
        return self.recorded.identity is None


@contextmanager
def reading(sequence: int) -> Iterator[None]:
    """Makes one fault of every way in which an entry is not what entries are: ``LogError``."""
    try:
        yield
    except NotRecordedError as error:
        raise LogError(f"entry {sequence} tells of an entry that is gone") from error
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise LogError(f"entry {sequence} does not hold what a decision does") from error


def proved_in(log: DecisionLog, recorded: Recorded) -> Proved:
    """Check a decision and what was recorded about it. Raises ``LogError`` for what is no entry."""
    about = log.about(recorded.entry.id, CHECKED)
    with reading(recorded.entry.sequence):
        erased = erased_in(about)
    own, *others = (
        proof_in(log, one, erased=one.entry.sequence in erased) for one in (recorded, *about)
    )
    return Proved(own, tuple(others))


def record_of(log: DecisionLog, recorded: Recorded, *, with_views: bool) -> Record:
    """What is recorded of a decision. Raises ``LogError`` where it is not what it should be."""
    with reading(recorded.entry.sequence):
        history = history_of(log, recorded.entry.id, with_views=with_views)
        sequences = [one["sequence"] for one in history["entries"] if one["kind"] != Kind.VIEW]
        return Record(
            recorded,
            referred_in(log, recorded.entry.id),
            history,
            told_of(log.database, sequences),
        )
