"""Reads recorded decisions for people and systems. That somebody looked is itself recorded."""

from __future__ import annotations

from triage.domain.caller import Caller
from triage.errors import NotRecordedError
from triage.store.entries import Kind, NewEntry
from triage.store.log import DecisionLog, Inclusion, Recorded


def decision_in(log: DecisionLog, decision_id: str) -> Recorded:
    """A recorded decision. Raises ``NotRecordedError`` where there is none of that id."""
    recorded = log.recorded(decision_id, Kind.DECISION)
    if recorded is None:
        raise NotRecordedError("no decision of that id is recorded here")
    return recorded


def was_begun_by(log: DecisionLog, issuer: str) -> bool:
    """Is the first entry of a log by somebody whom an issuer vouches for, as far as it tells?"""
    first = log.entry(1)
    try:
        return first is not None and bool(first.content["by"]["issuer"] == issuer)
    except (KeyError, TypeError, ValueError):
        return False  # it is damaged, which is for verification to say


def note_view(log: DecisionLog, by: Caller, decision_id: str, what: str) -> None:
    """Record that somebody looks at a person's record, before they see it.

    ``what`` names what they look at. Raises ``LogUnavailableError``: then nothing may be shown.
    """
    log.append(NewEntry(Kind.VIEW, by, {"what": what}, about=decision_id))


def note_views(log: DecisionLog, by: Caller, entries: tuple[int, int], what: str) -> None:
    """Record that somebody looks at every record from one entry to another, before they do.

    Raises ``LogUnavailableError``.
    """
    first, last = entries
    parts = {"what": what, "entries": {"from": first, "to": last}}
    log.append(NewEntry(Kind.VIEW, by, parts))


def proof_of(log: DecisionLog, sequence: int) -> Inclusion:
    """That an entry is in the log. Raises ``NotRecordedError`` for a number that no entry has."""
    found = log.inclusion(sequence)
    if found is None:
        raise NotRecordedError("the log has no entry of that number")
    return found
