"""Is an entry in the log, and as it was signed? Checked anew whenever somebody looks at it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from triage.errors import LogError
from triage.store.entries import Kind
from triage.store.keys import public_key_of
from triage.store.log import DecisionLog, Inclusion, Recorded
from triage.store.merkle import check_inclusion, leaf_hash

CHANGED = "it is not what the hash beside it says, so it was changed after it was recorded"
ASTRAY = "it does not lead to the root that was signed, so it or the hashes around it were changed"
UNSIGNED = "the newest head of the log is not signed by the log's key"
UNCOVERED = "no signed head of the log covers it"
ELSEWHERE = "it stands under an id, a number or a time that it does not give itself"
OF_SOMEBODY_ELSE = "what names the person is not what was recorded with it"
GONE = "what names the person is gone, and nobody recorded that it was erased"
BACK = "what names the person was erased, and is there again"


@dataclass(frozen=True, slots=True)
class Proof:
    """What came of checking an entry: the path to a signed head, and everything that is wrong.

    ``inclusion`` is None where there is no path. Without ``faults`` it is proved.
    """

    sequence: int
    inclusion: Inclusion | None
    faults: tuple[str, ...]


def proof_in(log: DecisionLog, one: Recorded, *, erased: bool = False) -> Proof:
    """Check an entry; ``erased`` says whether what names the person was erased from it.

    Raises ``LogUnavailableError``.
    """
    sequence = one.entry.sequence
    try:
        found = log.inclusion(sequence)
    except (LogError, TypeError) as error:
        return Proof(sequence, None, (f"the way to the signed head cannot be read: {error}",))
    if found is None:
        return Proof(sequence, None, (UNCOVERED,))
    return Proof(sequence, found, (*_of_hashes(log, one, found), *_of_content(one, erased=erased)))


def erased_in(entries: Iterable[Recorded]) -> AbstractSet[int]:
    """The numbers of the entries from which erasures took what names the person."""
    said = [content_of(one) or {} for one in entries]
    return {
        sequence
        for content in said
        if content.get("kind") == Kind.ERASURE
        for sequence in content.get("sequences", ())
    }


def content_of(one: Recorded) -> dict[str, Any] | None:
    """What an entry says; None where it is not written as entries are."""
    try:
        content: object = one.entry.content
    except ValueError:
        return None
    return content if isinstance(content, dict) else None


def _of_hashes(log: DecisionLog, one: Recorded, found: Inclusion) -> Iterator[str]:
    own, head = leaf_hash(one.entry.leaf), found.head.head
    if own != found.leaf_hash:
        yield CHANGED
    elif not check_inclusion(own, found.sequence - 1, head.size, found.path, head.root):
        yield ASTRAY
    if not found.head.is_signed_by(public_key_of(log.vkey)):
        yield UNSIGNED


def _of_content(one: Recorded, *, erased: bool) -> Iterator[str]:
    entry, identity, content = one.entry, one.identity, content_of(one)
    if content is None:
        return  # its hash says so
    said = tuple(content.get(name) for name in ("sequence", "id", "at"))
    if said != (entry.sequence, entry.id, entry.at):
        yield ELSEWHERE
    committed = content.get("commitment")
    if identity and erased:
        yield BACK
    elif identity and identity.commitment != committed:
        yield OF_SOMEBODY_ELSE
    elif identity is None and committed and not erased:
        yield GONE
