"""The outbox: of which entries somebody is still to be told, through which channel, and when.

A row stands since the very commit of its entry. Whoever delivers claims rows for a while, the most
urgent first; where they are not heard of again, the rows come back by themselves. So each is
delivered at least once, and every attempt carries the id of its row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    ScalarSelect,
    Select,
    TextClause,
    Update,
    and_,
    case,
    func,
    not_,
    null,
    or_,
    select,
    update,
)

from triage.store.among import CODE, Among, is_for
from triage.store.database import Database
from triage.store.deliveries import Delivery, Due, State
from triage.store.entries import Kind, written
from triage.store.passing_tables import IS_DEAD, IS_WAITING, OUTBOX
from triage.store.tables import ENTRIES

AT_ONCE = 100
"""How many ids are looked up in one go."""


class Outbox:
    """The outbox of one database. Safe for many threads and processes.

    ``urgencies`` are the words of a rulebook, the most urgent first; what has another, or none,
    comes after them. Every call raises ``LogUnavailableError`` where the database cannot be
    reached.
    """

    def __init__(self, database: Database, urgencies: Sequence[str] = ()) -> None:
        self._database, self._urgencies = database, tuple(urgencies)

    def claim(
        self, now: datetime, most: int, lease: timedelta, among: Among | None = None
    ) -> list[Due]:
        """Take up to ``most`` deliveries that are due, the most urgent first, for a while.

        Nobody else gets them until the lease has ended, unless it is said before what became of
        them. In PostgreSQL several claim side by side, and none waits for another. ``among`` says
        what may be taken: everything, without it.
        """
        wanted = _Wanted(written(now), written(now + lease), most, among or Among())
        with self._database.change() as connection:
            found = self._taken(connection, wanted)
            if found:
                taken = update(OUTBOX).where(OUTBOX.c.id.in_([one.id for one in found]))
                attempts = OUTBOX.c.attempts + 1
                connection.execute(taken.values(attempts=attempts, leased_until=wanted.until))
        return found

    def delivered(self, one: Due, now: datetime) -> None:
        """It was delivered: whatever else is said of it, that holds.

        Where somebody else has claimed it since, their claim stays as it is.
        """
        done = update(OUTBOX).where(OUTBOX.c.id == one.id, OUTBOX.c.state != State.DELIVERED)
        until = case((_is_claim(one), null()), else_=OUTBOX.c.leased_until)
        told = {"state": State.DELIVERED, "delivered_at": written(now), "failure": None}
        self._change(done.values(**told, leased_until=until))

    def failed(self, one: Due, failure: str, due_at: datetime) -> None:
        """It was not delivered, and is to be tried again at a later moment.

        ``failure`` is a word of ours. Nothing is done where somebody else has claimed it since.
        """
        self._change(_still(one).values(failure=failure, due_at=written(due_at), leased_until=None))

    def buried(self, one: Due, failure: str) -> None:
        """It is given up, until a person says otherwise. Else as ``failed``."""
        self._change(_still(one).values(state=State.DEAD, failure=failure, leased_until=None))

    def dropped(self, one: Due) -> None:
        """It is not to be delivered any more: nothing names the person. Else as ``failed``."""
        self._change(_still(one).values(state=State.DROPPED, **_OVER))

    def revive(self, ids: Sequence[str], now: datetime) -> list[str]:
        """Let these be tried again now, those given up as well; the ids of those that will be.

        None that was delivered or dropped, and none that somebody is delivering.
        """
        found: list[str] = []
        with self._database.change() as connection:
            for begin in range(0, len(ids), AT_ONCE):
                some = OUTBOX.c.id.in_(ids[begin : begin + AT_ONCE])
                found += connection.execute(_again(now).where(some)).scalars()
        return [one for one in dict.fromkeys(ids) if one in set(found)]

    def revive_dead(self, now: datetime) -> int:
        """Let everything that was given up be tried again now; how many that are."""
        with self._database.change() as connection:
            return len(connection.execute(_again(now).where(IS_DEAD)).all())

    def waiting(self, most: int) -> list[Delivery]:
        """Up to so many that wait, the first that was made first."""
        return self._listed(_LISTED.where(IS_WAITING).limit(most))

    def dead(self, most: int) -> list[Delivery]:
        """Up to so many that were given up, the first that was made first."""
        return self._listed(_LISTED.where(IS_DEAD).limit(most))

    def counts(self) -> tuple[int, int]:
        """How many wait, and how many were given up."""
        with self._database.read() as connection:
            row = connection.execute(select(_count(IS_WAITING), _count(IS_DEAD))).one()
        return row[0], row[1]

    def _taken(self, connection: Connection, wanted: _Wanted) -> list[Due]:
        """What is due and may be taken, the most urgent first.

        Whoever has no room for more is passed over from then on, so that others have their turn.
        """
        found: list[Due] = []
        while len(found) < wanted.most:
            seen = self._due(connection, wanted, found)
            taken = [one for one in seen if wanted.among.room.take(one.channel, one.ods_code)]
            found += taken
            if not taken or len(taken) == len(seen):
                break
        return found

    def _due(self, connection: Connection, wanted: _Wanted, but: Sequence[Due]) -> list[Due]:
        """What is due, locked: others who claim in PostgreSQL meanwhile pass over it."""
        due = _DUE.where(*_conditions(wanted, but)).with_for_update(skip_locked=True, of=OUTBOX)
        found: list[Due] = []
        free = wanted.most - len(but)
        for with_urgency in self._by_urgency():
            if len(found) < free:
                part = due.where(with_urgency).limit(free - len(found))
                found += [_due_of(row, wanted) for row in connection.execute(part)]
        return found

    def _by_urgency(self) -> Iterator[ColumnElement[bool]]:
        """What tells the rows of each urgency, the most urgent first; and the rest."""
        urgency = OUTBOX.c.urgency
        yield from (urgency == one for one in self._urgencies)
        yield and_(urgency.is_not(None), urgency.not_in(self._urgencies))
        yield urgency.is_(None)

    def _change(self, statement: Update) -> None:
        with self._database.change() as connection:
            connection.execute(statement)

    def _listed(self, wanted: Select[Any]) -> list[Delivery]:
        with self._database.read() as connection:
            return [Delivery(*row) for row in connection.execute(wanted)]


@dataclass(frozen=True, slots=True)
class _Wanted:
    now: str
    until: str
    most: int
    among: Among


_OVER = {"leased_until": None, "failure": None}

_DUE = select(
    OUTBOX.c.id, OUTBOX.c.sequence, OUTBOX.c.channel, OUTBOX.c.attempts, CODE.label("ods_code")
).order_by(OUTBOX.c.due_at)


def _due_of(row: Any, wanted: _Wanted) -> Due:
    return Due(row.id, row.sequence, row.channel, row.attempts + 1, wanted.until, row.ods_code)


def _conditions(wanted: _Wanted, but: Sequence[Due]) -> Iterator[ColumnElement[bool] | TextClause]:
    among = wanted.among
    due_by = written(among.due_by) if among.due_by else wanted.now
    yield IS_WAITING
    yield OUTBOX.c.due_at <= due_by
    yield _is_free(wanted.now)
    yield OUTBOX.c.id.not_in([*among.but, *(one.id for one in but)])
    yield from (not_(is_for(one)) for one in among.room.full())


def _is_free(now: str) -> ColumnElement[bool]:
    """Has nobody claimed it, or did their lease end?"""
    return or_(OUTBOX.c.leased_until.is_(None), OUTBOX.c.leased_until <= now)


def _still(one: Due) -> Update:
    """The row as it was claimed: nobody has claimed it since, and it was not delivered."""
    return update(OUTBOX).where(OUTBOX.c.id == one.id, IS_WAITING, _is_claim(one))


def _is_claim(one: Due) -> ColumnElement[bool]:
    """Has nobody claimed it since, nor let it be tried as if for the first time?"""
    return and_(OUTBOX.c.attempts == one.attempts, OUTBOX.c.leased_until == one.leased_until)


def _again(now: datetime) -> Update:
    """Makes deliveries due now, as if they had never been tried; gives their ids."""
    at = written(now)
    return (
        update(OUTBOX)
        .where(or_(IS_WAITING, IS_DEAD), _is_free(at))
        .values(state=State.WAITING, due_at=at, attempts=0, leased_until=None)
        .returning(OUTBOX.c.id)
    )


def _count(of: TextClause) -> ScalarSelect[int]:
    return select(func.count()).select_from(OUTBOX).where(of).scalar_subquery()


_LISTED = (
    select(
        OUTBOX.c.id,
        OUTBOX.c.sequence,
        case((ENTRIES.c.kind == Kind.DECISION, ENTRIES.c.id), else_=ENTRIES.c.about),
        ENTRIES.c.kind,
        OUTBOX.c.channel,
        OUTBOX.c.urgency,
        OUTBOX.c.state,
        OUTBOX.c.attempts,
        OUTBOX.c.made_at,
        OUTBOX.c.due_at,
        OUTBOX.c.leased_until,
        OUTBOX.c.failure,
    )
    .join(ENTRIES, ENTRIES.c.sequence == OUTBOX.c.sequence)
    .order_by(OUTBOX.c.sequence, OUTBOX.c.channel)
)
