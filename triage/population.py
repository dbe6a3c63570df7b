"""Recorded referrals as rules may know them: the population by which a change is weighed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from triage.domain.pseudonymised import Pseudonymised
from triage.domain.vocabulary import Vocabulary
from triage.errors import LogError
from triage.replay import rulebook_in
from triage.store.entries import Entry
from triage.store.log import DecisionLog


def recorded_referrals(log: DecisionLog, entries: Iterable[Entry]) -> Iterator[Pseudonymised]:
    """The referral of each entry that holds a decision, in the words of its own rulebook.

    Raises ``LogError`` where an entry or its rulebook is not what it should be.
    """
    spoken: dict[str, Vocabulary] = {}
    for entry in entries:
        try:
            digest = entry.content["decision"]["rulebook"]["digest"]
            if digest not in spoken:
                spoken[digest] = _words(log, digest)
            yield Pseudonymised.from_dict(entry.content["referral"], spoken[digest])
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            problem = f"entry {entry.sequence} does not hold a referral that can be read"
            raise LogError(f"{problem}; run: triage log verify") from error


def _words(log: DecisionLog, digest: str) -> Vocabulary:
    found = rulebook_in(log, digest)
    if found is None:
        raise LogError(f"the rulebook {digest} is not in the log")
    return found.vocabulary
