"""Decides recorded decisions again, each on the rulebook that decided it, and holds them together.

What the log keeps of a referral is all that was decided from, and the rulebook is kept whole: so
the same bytes must come out for ever, and also after the person was erased.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from triage.decide import Decider
from triage.domain.pseudonymised import Pseudonymised
from triage.errors import LogError, RulebookError
from triage.rulebook import Rulebook, rulebook_of
from triage.store.entries import Entry
from triage.store.log import DecisionLog
from triage.wire import canonical_bytes

KEPT_READY = 4
"""How many rulebooks are kept ready to decide; each takes about 5 MB."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A place in a decision where another value came out; None stands for no value as well."""

    path: str
    recorded: Any
    replayed: Any

    def as_dict(self) -> dict[str, Any]:
        """The difference as the API gives it."""
        return {"path": self.path, "recorded": self.recorded, "replayed": self.replayed}


@dataclass(frozen=True, slots=True)
class Replayed:
    """A decision that was decided again; ``rulebook`` is the id, version and digest of its own."""

    decision_id: str
    sequence: int
    rulebook: Mapping[str, str]
    differences: tuple[Difference, ...]

    @property
    def identical(self) -> bool:
        """Did the same bytes come out?"""
        return not self.differences

    def as_dict(self) -> dict[str, Any]:
        """The same as the API gives it."""
        return {
            "identical": self.identical,
            "decision_id": self.decision_id,
            "sequence": self.sequence,
            "rulebook": dict(self.rulebook),
            "differences": [one.as_dict() for one in self.differences],
        }


def rulebook_in(log: DecisionLog, digest: str) -> Rulebook | None:
    """A rulebook that decided, as the log keeps it; None where none of that digest ever did.

    Raises ``LogError`` where what is kept is not the rulebook of that digest, or cannot be read by
    this version.
    """
    copy = log.rulebook(digest)
    if copy is None:
        return None
    try:
        found = rulebook_of(copy.content)
    except RulebookError as error:
        problem = f"the rulebook kept under {digest} cannot be read: {error.faults[0]}"
        raise LogError(problem) from None
    if found.stamp.digest != digest:
        raise LogError(f"what is kept under {digest} is not the rulebook of that digest")
    return found


class Replayer:
    """Decides decisions of one log again. Safe for many threads."""

    def __init__(self, log: DecisionLog) -> None:
        self._log = log
        self._ready: dict[str, _Ready] = {}
        self._lock = threading.Lock()

    def replay(self, entry: Entry) -> Replayed:
        """Decide a decision again, from its entry.

        Raises ``LogError`` where the entry or its rulebook is not what it should be, and
        ``EngineError`` where the rules could not be run.
        """
        try:
            content = entry.content
            recorded, rulebook = content["decision"], dict(content["decision"]["rulebook"])
            with self._decider(rulebook["digest"]) as decider:
                words = decider.rulebook.vocabulary
                referral = Pseudonymised.from_dict(content["referral"], words)
                decision = decider.conclude(referral).as_dict()
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            problem = f"entry {entry.sequence} does not hold a decision that can be made again"
            raise LogError(problem) from error
        del decision["reference"]
        replayed = canonical_bytes({**content, "decision": decision})
        if replayed == entry.leaf:
            found: tuple[Difference, ...] = ()
        else:
            found = tuple(_differences(recorded, decision))
            if not found:
                raise LogError(f"entry {entry.sequence} is not written as entries are")
        return Replayed(content["id"], content["sequence"], rulebook, found)

    def close(self) -> None:
        """Give back what is kept ready. Nobody may be replaying any more."""
        with self._lock:
            for ready in self._ready.values():
                ready.decider.close()
            self._ready.clear()

    @contextmanager
    def _decider(self, digest: str) -> Iterator[Decider]:
        """A decider of a rulebook, which is not closed while it is used."""
        with self._lock:
            ready = self._ready.pop(digest, None) or _Ready(Decider(self._rulebook(digest)))
            self._ready[digest] = ready  # the one used last comes last
            ready.users += 1
        try:
            yield ready.decider
        finally:
            with self._lock:
                ready.users -= 1
                self._close_surplus()

    def _close_surplus(self) -> None:
        for digest in list(self._ready)[:-KEPT_READY]:
            if not self._ready[digest].users:
                self._ready.pop(digest).decider.close()

    def _rulebook(self, digest: str) -> Rulebook:
        found = rulebook_in(self._log, digest)
        if found is None:
            raise LogError(f"the rulebook {digest} is not in the log")
        return found


@dataclass(slots=True)
class _Ready:
    """A decider, and how many are deciding with it now."""

    decider: Decider
    users: int = 0


def _differences(recorded: Any, replayed: Any, path: str = "") -> Iterator[Difference]:
    """The places where two values differ, each as deep as it can be named."""
    if isinstance(recorded, Mapping) and isinstance(replayed, Mapping):
        names = list(dict.fromkeys((*recorded, *replayed)))
    elif isinstance(recorded, list) and isinstance(replayed, list):
        names = list(range(max(len(recorded), len(replayed))))
        recorded, replayed = dict(enumerate(recorded)), dict(enumerate(replayed))
    else:
        if recorded != replayed or type(recorded) is not type(replayed):
            yield Difference(path, recorded, replayed)
        return
    for name in names:
        deeper = f"{path}.{name}" if path else str(name)
        yield from _differences(recorded.get(name), replayed.get(name), deeper)
