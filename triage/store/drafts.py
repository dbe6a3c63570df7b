"""Calls in progress, kept where every process finds them; each is gone once nobody needs it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, insert, select, update

from triage.domain.caller import Caller
from triage.domain.drafts import Draft, Way
from triage.domain.nhs_number import digits_of
from triage.errors import ChangedError
from triage.store.database import Database
from triage.store.entries import Also, Guard, now, written
from triage.store.keys import PersonKey
from triage.store.passing_tables import DRAFTS, IN_PROGRESS, IS_DECIDED

MOST = 200
"""The most calls in progress that are listed."""


class Drafts:
    """The calls in progress of one database. Safe for many threads and processes.

    One is thrown away by ``triage.calls_noted``, for the log must still know of it. Every call
    raises ``LogUnavailableError`` where the database cannot be reached.
    """

    def __init__(self, database: Database, person_key: PersonKey) -> None:
        self._database, self._person_key = database, person_key

    def begin(self, draft: Draft) -> None:
        """Keep a draft that is new."""
        first = {"id": draft.id, "way": draft.way.value, "begun_at": draft.begun_at}
        row = insert(DRAFTS).values(**first, version=draft.version, **self._told(draft))
        with self._database.change() as connection:
            connection.execute(row)

    def one(self, id_: str) -> Draft | None:
        """The draft of an id, decided or not; None where there is none, or none any more."""
        with self._database.read() as connection:
            row = connection.execute(_OF.where(DRAFTS.c.id == id_)).first()
        return _draft(row) if row else None

    def put(self, draft: Draft) -> Draft:
        """Keep a draft as it now is, and give it with its new version.

        ``draft.version`` is the one that was looked at. Raises ``ChangedError`` where it is not the
        newest any more, or the call was decided or thrown away: then nothing was changed.
        """
        version = draft.version + 1
        with self._database.change() as connection:
            _lock(connection, draft.id, draft.version)
            changed = update(DRAFTS).where(DRAFTS.c.id == draft.id)
            connection.execute(changed.values(version=version, **self._told(draft)))
            row = connection.execute(_OF.where(DRAFTS.c.id == draft.id)).one()
        return _draft(row)

    def in_progress(self) -> tuple[Draft, ...]:
        """The calls not yet decided, the one that was left alone longest first.

        Of more than are listed it is the newest that are: somebody may be on the line.
        """
        newest_first = (DRAFTS.c.changed_at.desc(), DRAFTS.c.id.desc())
        wanted = _OF.where(IN_PROGRESS).order_by(*newest_first).limit(MOST)
        with self._database.read() as connection:
            return tuple(_draft(row) for row in connection.execute(wanted))[::-1]

    def decided(self, draft: Draft, decision_id: str) -> None:
        """A draft became a decision: nothing else is kept of it, so that this is found again.

        What was decided before stays as it was. Raises ``ChangedError`` where the call was changed
        or taken after it was looked at: then all of it is kept.
        """
        emptied = {"content": _content({}, (), (), None), "person": None, "offered": False}
        change = {**emptied, "decision_id": decision_id, "changed_at": now()}
        of_it = update(DRAFTS).where(DRAFTS.c.id == draft.id)
        with self._database.change() as connection:
            row = connection.execute(_version_of(draft.id)).first()
            if row is None or row.decision_id is not None:
                return
            if row.version != draft.version:
                raise ChangedError(_SAID_SINCE)
            connection.execute(of_it.values(**change, version=draft.version + 1))

    def forget(self, decided_before: datetime) -> None:
        """Let go of drafts that were decided before a moment."""
        old = delete(DRAFTS).where(IS_DECIDED, DRAFTS.c.changed_at < written(decided_before))
        with self._database.change() as connection:
            connection.execute(old)

    def _told(self, draft: Draft) -> dict[str, Any]:
        """What may change of a draft, as it is kept."""
        number = _nhs_number(draft.body)
        return {
            "holder": _holder(draft.holder, draft.held_as),
            "changed_at": draft.changed_at,
            "offered": draft.offered,
            "route": draft.route,
            "urgency": draft.urgency,
            "content": _content(draft.body, draft.asked, draft.skipped, draft.warned),
            "person": self._person_key.hash(number) if number else None,
        }


def unless_changed(draft: Draft) -> Guard:
    """Lets an entry pass only while a call is in progress as it was looked at.

    The guard raises ``ChangedError``.
    """
    return lambda connection: _lock(connection, draft.id, draft.version)


def of_person(connection: Connection, person: bytes) -> tuple[str, ...]:
    """The calls in progress about a person, by the keyed hash of the NHS number; their ids."""
    return tuple(connection.execute(_of_person(person)).scalars())


def unless_others(person: bytes, ids: tuple[str, ...]) -> Guard:
    """Lets an entry pass only while just these calls are about a person.

    The guard raises ``ChangedError``.
    """
    wanted = _of_person(person).with_for_update()

    def guard(connection: Connection) -> None:
        if tuple(connection.execute(wanted).scalars()) != ids:
            raise ChangedError("a call about this person was begun or ended at the same moment")

    return guard


def discarding(ids: Sequence[str]) -> Also:
    """Takes calls in progress away, once the entry that says so stands."""
    wanted = delete(DRAFTS).where(DRAFTS.c.id.in_(ids))

    def also(connection: Connection) -> None:
        connection.execute(wanted)

    return also


def taking(draft: Draft, by: Caller, called: str | None) -> Also:
    """Gives a call in progress to somebody else, once the entry that says so stands."""
    change = {"holder": _holder(by, called), "offered": False, "changed_at": now()}
    of_it = update(DRAFTS).where(DRAFTS.c.id == draft.id)

    def also(connection: Connection) -> None:
        connection.execute(of_it.values(**change, version=draft.version + 1))

    return also


_OF = select(DRAFTS)

_GONE = "this call was thrown away, or who it was about was erased; nothing is kept of it"
_DECIDED = "this call has been decided meanwhile; look at its decision"
_SAID_SINCE = (
    "this call was changed or taken while it was recorded, and what is new in it is not recorded"
    " yet; look at it again, then record it: that takes the place of what was recorded"
)
_CHANGED = "somebody changed or took this call meanwhile; look at it again, then go on from there"


def _of_person(person: bytes) -> Select[Any]:
    return select(DRAFTS.c.id).where(DRAFTS.c.person == person).order_by(DRAFTS.c.id)


def _version_of(id_: str) -> Select[Any]:
    """The version of a draft, which nobody else changes until the transaction ends."""
    found = select(DRAFTS.c.version, DRAFTS.c.decision_id).where(DRAFTS.c.id == id_)
    return found.with_for_update()


def _lock(connection: Connection, id_: str, version: int) -> None:
    """Let nobody else change a draft until the transaction ends. Raises ``ChangedError``."""
    row = connection.execute(_version_of(id_)).first()
    if row is None:
        raise ChangedError(_GONE)
    if row.decision_id is not None:
        raise ChangedError(_DECIDED)
    if row.version != version:
        raise ChangedError(_CHANGED)


def _nhs_number(body: Mapping[str, Any]) -> str | None:
    """The NHS number of whom a call is about, as far as it was said."""
    said = (body.get("patient") or {}).get("nhs_number")
    return digits_of(said) if isinstance(said, str) else None


def _holder(caller: Caller, called: str | None) -> str:
    return json.dumps({**caller.as_dict(), "called": called})


def _content(
    body: Mapping[str, Any], asked: Sequence[str], skipped: Sequence[str], warned: str | None
) -> str:
    return json.dumps({"body": body, "asked": asked, "skipped": skipped, "warned": warned})


def _draft(row: Row[Any]) -> Draft:
    content, holder = json.loads(row.content), json.loads(row.holder)
    return Draft(
        id=row.id,
        version=row.version,
        way=Way(row.way),
        holder=Caller.of(holder),
        held_as=holder.get("called"),
        begun_at=row.begun_at,
        changed_at=row.changed_at,
        body=content["body"],
        asked=tuple(content["asked"]),
        skipped=tuple(content["skipped"]),
        offered=row.offered,
        route=row.route,
        urgency=row.urgency,
        warned=content["warned"],
        decision_id=row.decision_id,
    )
