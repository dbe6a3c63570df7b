"""Whose identities can be erased: those of a person, of one decision, or those kept long enough.

The identity of a decision goes together with the comments on it, for they are about the same
person. The entries themselves stay, and so do their commitments: nobody can tell from them who it
was, and every proof still holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, and_, case, delete, not_, or_, select

from triage.errors import ChangedError
from triage.store.entries import Also, Guard, Kind
from triage.store.tables import ENTRIES, IDENTITIES


@dataclass(frozen=True, slots=True)
class Erasable:
    """A decision with what names its person.

    ``sequences`` are the entries whose identities those are, and ``times`` when they were recorded:
    its own, and of comments on it. So many ``others`` name the same person.
    """

    decision_id: str
    sequences: tuple[int, ...]
    times: tuple[str, ...]
    others: int = 0


DECIDED = ENTRIES.c.kind == Kind.DECISION

STANDS_ALONE = or_(DECIDED, ENTRIES.c.about.is_(None))
"""Is it a decision, or a comment that is about none, such as one on a card that was shown?"""

OWN_DECISION = case((STANDS_ALONE, ENTRIES.c.id), else_=ENTRIES.c.about)
"""The decision that an entry is, or is about; a comment that stands alone is taken for one."""

HELD = IDENTITIES.join(ENTRIES, ENTRIES.c.sequence == IDENTITIES.c.sequence)


def of_decision(connection: Connection, decision_id: str) -> Erasable | None:
    """What names the person of a decision; None where nothing does."""
    is_it = and_(STANDS_ALONE, ENTRIES.c.id == decision_id)
    is_about_it = and_(not_(STANDS_ALONE), ENTRIES.c.about == decision_id)
    wanted = select(ENTRIES.c.sequence, ENTRIES.c.at, IDENTITIES.c.person).select_from(HELD)
    rows = connection.execute(
        wanted.where(or_(is_it, is_about_it)).order_by(ENTRIES.c.sequence)
    ).all()
    if not rows:
        return None
    person = rows[0].person
    others = {decision_id, *_decisions_of(connection, person)} if person else {decision_id}
    return Erasable(
        decision_id,
        tuple(row.sequence for row in rows),
        tuple(row.at for row in rows),
        len(others) - 1,
    )


def of_person(connection: Connection, person: bytes) -> list[Erasable]:
    """What names a person, by the keyed hash of the NHS number; a decision each."""
    found = (of_decision(connection, one) for one in _decisions_of(connection, person))
    return [one for one in found if one]


def out_of_date(connection: Connection, before: str) -> list[str]:
    """The decisions whose persons were last heard of before a time, in the order of the log.

    Somebody is heard of by a decision and by a comment on one. Where nobody knows who it was, the
    decision stands alone; a comment whose decision names nobody any more does as well.
    """
    held = select(OWN_DECISION).select_from(HELD)
    heard_of = (
        select(IDENTITIES.c.person)
        .select_from(HELD)
        .where(ENTRIES.c.at >= before, IDENTITIES.c.person.is_not(None))
    )
    unheard = or_(IDENTITIES.c.person.is_(None), IDENTITIES.c.person.not_in(heard_of))
    commented = held.where(ENTRIES.c.at >= before, not_(STANDS_ALONE))
    wanted = held.where(ENTRIES.c.at < before, unheard, OWN_DECISION.not_in(commented)).order_by(
        ENTRIES.c.sequence
    )
    return list(dict.fromkeys(connection.execute(wanted).scalars()))


def unless_changed(one: Erasable) -> Guard:
    """Lets an entry pass only while just this names the person. Raises ``ChangedError``."""

    def guard(connection: Connection) -> None:
        found = of_decision(connection, one.decision_id)
        if found is None or found.sequences != one.sequences:
            raise ChangedError("something was recorded about this decision at the same moment")

    return guard


def erasing(one: Erasable) -> Also:
    """Deletes what names the person: what the entries committed to can never be told again."""
    wanted = delete(IDENTITIES).where(IDENTITIES.c.sequence.in_(one.sequences))

    def also(connection: Connection) -> None:
        connection.execute(wanted)

    return also


def _decisions_of(connection: Connection, person: bytes) -> list[str]:
    wanted: Select[Any] = select(OWN_DECISION).select_from(HELD)
    by_person = wanted.where(IDENTITIES.c.person == person).order_by(ENTRIES.c.sequence)
    return list(dict.fromkeys(connection.execute(by_person).scalars()))
