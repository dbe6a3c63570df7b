"""Work that outlives the request for it, kept where every process sees how far it is."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from triage.domain.caller import Caller
from triage.store.database import Database
from triage.store.entries import written
from triage.store.passing_tables import JOBS

SILENT = timedelta(seconds=60)
"""How long after it was last heard of work counts as broken off: whatever did it has ended."""

KEPT = timedelta(days=30)
"""How long work is kept after it was last heard of."""


class State(StrEnum):
    """How far work has come. It is broken off where the process that did it has ended."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    BROKEN_OFF = "broken_off"


@dataclass(frozen=True, slots=True)
class Job:
    """Some work, and how far it is: ``done`` of ``total``, both nought while nobody knows.

    ``asked`` is what is to be done, ``by`` who asked for it. ``result`` stands once it is done,
    ``problem`` where it failed: a sentence for people. Times are those of entries; ``beat_at`` is
    when it was last heard of.
    """

    id: str
    kind: str
    asked: Mapping[str, Any]
    by: Caller
    state: State
    done: int
    total: int
    result: Mapping[str, Any] | None
    problem: str | None
    begun_at: str
    beat_at: str


class Jobs:
    """The work of one database. Safe for many threads and processes.

    What is asked for and what comes out is JSON, and names nobody who was referred. Every call
    raises ``LogUnavailableError`` where the database cannot be reached.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, kind: str, asked: Mapping[str, Any], by: Caller) -> Job:
        """Keep some work that begins now; old work goes."""
        moment = datetime.now(UTC)
        at = written(moment)
        row = {
            "id": str(uuid.uuid4()),
            "kind": kind,
            "asked": json.dumps(asked),
            "asked_by": json.dumps(by.as_dict()),
            "state": State.RUNNING.value,
            "done": 0,
            "total": 0,
            "begun_at": at,
            "beat_at": at,
        }
        with self._database.change() as connection:
            connection.execute(delete(JOBS).where(JOBS.c.beat_at < written(moment - KEPT)))
            made = connection.execute(insert(JOBS).values(row).returning(JOBS)).one()
        return _job(made, moment)

    def beat(self, id_: str, done: int, total: int) -> None:
        """Work goes on, and so much of it is done."""
        self._change(id_, done=done, total=total)

    def finish(self, id_: str, result: Mapping[str, Any]) -> None:
        """Work is done, with what came out."""
        self._change(id_, state=State.DONE.value, result=json.dumps(result))

    def fail(self, id_: str, problem: str) -> None:
        """Work could not be done; ``problem`` is a sentence for people."""
        self._change(id_, state=State.FAILED.value, problem=problem)

    def one(self, id_: str) -> Job | None:
        """The work of an id; None where there is none, or none any more."""
        with self._database.read() as connection:
            row = connection.execute(select(JOBS).where(JOBS.c.id == id_)).first()
        return _job(row, datetime.now(UTC)) if row else None

    def recent(self, kind: str, count: int) -> tuple[Job, ...]:
        """Up to so many of a kind, the last that was begun first."""
        newest_first = (JOBS.c.begun_at.desc(), JOBS.c.id)
        wanted = select(JOBS).where(JOBS.c.kind == kind).order_by(*newest_first).limit(count)
        with self._database.read() as connection:
            rows = connection.execute(wanted).all()
        moment = datetime.now(UTC)
        return tuple(_job(row, moment) for row in rows)

    def _change(self, id_: str, **change: Any) -> None:
        """Change work that runs, and say that it was heard of."""
        running = update(JOBS).where(JOBS.c.id == id_, JOBS.c.state == State.RUNNING)
        with self._database.change() as connection:
            connection.execute(running.values(**change, beat_at=written(datetime.now(UTC))))


def _job(row: Row[Any], moment: datetime) -> Job:
    state = State(row.state)
    if state is State.RUNNING and row.beat_at < written(moment - SILENT):
        state = State.BROKEN_OFF
    return Job(
        id=row.id,
        kind=row.kind,
        asked=json.loads(row.asked),
        by=Caller.of(json.loads(row.asked_by)),
        state=state,
        done=row.done,
        total=row.total,
        result=json.loads(row.result) if row.result else None,
        problem=row.problem,
        begun_at=row.begun_at,
        beat_at=row.beat_at,
    )
