"""Erases what names a person. The entries stay, with all their proofs; an erasure is an entry.

There is no way back: what is erased was nowhere else. Copies of the database, and what a database
server keeps of the past, are for those who run it (``docs/decisions/0011``).
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from enum import StrEnum

from triage.domain.caller import Caller
from triage.errors import ChangedError
from triage.store import drafts, identities
from triage.store.entries import Entry, Kind, NewEntry, now
from triage.store.identities import Erasable
from triage.store.log import DecisionLog

ATTEMPTS = 16
"""How often to look again where something was recorded about a decision at the same moment."""

YEAR = len("2026")


class Reason(StrEnum):
    """Why somebody is erased. There are no others: an entry stays, and holds no free text."""

    PERSON_REQUEST = "person_request"
    RECORDED_IN_ERROR = "recorded_in_error"
    RETENTION = "retention"


def of_person(log: DecisionLog, nhs_number: str) -> Sequence[Erasable]:
    """What names a person, by the ten digits of the NHS number."""
    with log.database.read() as connection:
        return identities.of_person(connection, log.person_key.hash(nhs_number))


def calls_of_person(log: DecisionLog, nhs_number: str) -> Sequence[str]:
    """The calls in progress about a person, by the ten digits of the NHS number; their ids."""
    with log.database.read() as connection:
        return drafts.of_person(connection, log.person_key.hash(nhs_number))


def of_decision(log: DecisionLog, decision_id: str) -> Sequence[Erasable]:
    """What names the person in one decision; nothing where that was erased."""
    with log.database.read() as connection:
        found = identities.of_decision(connection, decision_id)
        return [found] if found else []


def out_of_date(log: DecisionLog, years: int) -> Sequence[Erasable]:
    """What names persons who were last heard of more than so many years ago."""
    with log.database.read() as connection:
        found = (
            identities.of_decision(connection, one)
            for one in identities.out_of_date(connection, years_before(now(), years))
        )
        return [one for one in found if one]


def years_before(at: str, years: int) -> str:
    """The same moment years earlier, as entries have their time.

    The 29 February of a common year, which is none, still comes between the 28th and 1 March.
    """
    return f"{max(0, int(at[:YEAR]) - years):04}{at[YEAR:]}"


def erase(log: DecisionLog, one: Erasable, by: Caller, reason: Reason) -> Entry | None:
    """Erase what names the person of a decision, and record that, in one transaction.

    What came to it at the same moment goes as well. None where nothing names the person any more.
    Raises ``LogUnavailableError``: then nothing was erased.
    """
    for _ in range(ATTEMPTS):
        try:
            return log.append(_erasure(one, by, reason))
        except ChangedError:
            found = of_decision(log, one.decision_id)
            if not found:
                return None
            (one,) = found
    raise ChangedError("others record something about this decision all the time; try again")


def erase_calls(log: DecisionLog, nhs_number: str, by: Caller, reason: Reason) -> Entry | None:
    """Take away the calls in progress about a person, and record that, in one transaction.

    None where there is none. Raises ``LogUnavailableError``: then nothing was taken away.
    """
    person = log.person_key.hash(nhs_number)
    for _ in range(ATTEMPTS):
        ids = calls_of_person(log, nhs_number)
        if not ids:
            return None
        with suppress(ChangedError):
            return log.append(_erasure_of_calls(person, tuple(ids), by, reason))
    raise ChangedError("calls about this person are begun and ended all the time; try again")


def _erasure_of_calls(person: bytes, ids: tuple[str, ...], by: Caller, reason: Reason) -> NewEntry:
    return NewEntry(
        kind=Kind.ERASURE,
        by=by,
        parts={"sequences": [], "calls": list(ids), "reason": reason.value},
        guard=drafts.unless_others(person, ids),
        also=drafts.discarding(ids),
    )


def _erasure(one: Erasable, by: Caller, reason: Reason) -> NewEntry:
    return NewEntry(
        kind=Kind.ERASURE,
        by=by,
        parts={"sequences": list(one.sequences), "reason": reason.value},
        about=one.decision_id,
        guard=identities.unless_changed(one),
        also=identities.erasing(one),
    )
