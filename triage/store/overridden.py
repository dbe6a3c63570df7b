"""Which decisions were overridden, and how often each rule fired: counts over a span of time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import orjson
from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from triage.domain.search import Search
from triage.store.database import Database
from triage.store.entries import Kind, rules_fired
from triage.store.tables import ENTRIES, FIRED, RULE_NAMES
from triage.store.times import Times, times_of

AT_ONCE = 500
"""How many decisions are read at a time."""


class Goes(NamedTuple):
    """A route with its urgency."""

    route: str
    urgency: str


@dataclass(frozen=True, slots=True)
class Overridden:
    """A decision of which an override is in force: what was decided, what stands, and why."""

    rules: tuple[str, ...]
    decided: Goes
    stands: Goes
    reason: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How many decisions there are, which are overridden, and how often their rules fired."""

    decisions: int
    overridden: tuple[Overridden, ...]
    fired: dict[str, int]


def tally(database: Database, earliest: datetime | None, before: datetime | None) -> Tally:
    """Count the decisions between two moments; None leaves an end open.

    Raises ``LogUnavailableError``.
    """
    with database.read() as connection:
        times = times_of(connection, Search(earliest=earliest, before=before))
        return Tally(
            decisions=_decisions(connection, times),
            overridden=_overridden(connection, times),
            fired=_fired(connection, times),
        )


def _of(times: Times, sequence: ColumnElement[int]) -> ColumnElement[bool]:
    """Is the entry of a number of these times?"""
    near = or_(*(sequence.between(first, last) for first, last in times.stretches))
    return and_(near, times.hold(sequence))


def _overridden(connection: Connection, times: Times) -> tuple[Overridden, ...]:
    """Each overridden decision once, with the last override that came into force."""
    decided, later = ENTRIES.alias("decided"), ENTRIES.alias("later")
    wanted = (
        select(decided.c.sequence, decided.c.route, decided.c.urgency, later.c.leaf)
        .join_from(later, decided, decided.c.id == later.c.about)
        .where(
            later.c.kind.in_((Kind.OVERRIDE, Kind.OVERRIDE_CONFIRMATION)),
            later.c.route.is_not(None),
            _of(times, decided.c.sequence),
        )
        .order_by(later.c.sequence)
    )
    stand = {row.sequence: row for row in connection.execute(wanted)}
    found = []
    for sequence, rules in _rules(connection, sorted(stand)):
        row = stand[sequence]
        says = orjson.loads(row.leaf)
        stands = Goes(says["route"], says["urgency"])
        found.append(Overridden(rules, Goes(row.route, row.urgency), stands, says["reason"]))
    return tuple(found)


def _rules(
    connection: Connection, sequences: Sequence[int]
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """For each of these decisions the rules that fired in it, read from what it says."""
    for begin in range(0, len(sequences), AT_ONCE):
        some = sequences[begin : begin + AT_ONCE]
        wanted = select(ENTRIES.c.sequence, ENTRIES.c.leaf).where(ENTRIES.c.sequence.in_(some))
        for row in connection.execute(wanted):
            yield row.sequence, tuple(rules_fired(orjson.loads(row.leaf)))


def _decisions(connection: Connection, times: Times) -> int:
    wanted = select(func.count()).where(
        ENTRIES.c.kind == Kind.DECISION, _of(times, ENTRIES.c.sequence)
    )
    return connection.execute(wanted).scalar_one()


def _fired(connection: Connection, times: Times) -> dict[str, int]:
    """In how many decisions each rule fired."""
    counted = (
        select(FIRED.c.rule, func.count().label("decisions"))
        .where(_of(times, FIRED.c.sequence))
        .group_by(FIRED.c.rule)
        .subquery()
    )
    wanted = select(RULE_NAMES.c.name, counted.c.decisions).join(
        counted, counted.c.rule == RULE_NAMES.c.id
    )
    return {row.name: row.decisions for row in connection.execute(wanted)}
