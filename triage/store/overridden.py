"""Which decisions were overridden, and how often each rule fired: counts over a span of the log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, and_, func, or_, select

from triage.store.database import Database
from triage.store.entries import Kind, rules_fired
from triage.store.tables import ENTRIES, FIRED, RULE_NAMES, SPAN, SPANS

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


def tally(database: Database, earliest: str | None, before: str | None) -> Tally:
    """Count the decisions between two times, written as entries have theirs; None leaves it open.

    Where a clock was put back, every decision counts that lies in the log between the first and
    the last entry of the span. Raises ``LogUnavailableError``.
    """
    with database.read() as connection:
        first, last = _first(connection, earliest), _last(connection, before)
        return Tally(
            decisions=_decisions(connection, first, last),
            overridden=_overridden(connection, first, last),
            fired=_fired(connection, first, last),
        )


def _overridden(connection: Connection, first: int, last: int) -> tuple[Overridden, ...]:
    """Each overridden decision once, with the last override that came into force."""
    decided, later = ENTRIES.alias("decided"), ENTRIES.alias("later")
    wanted = (
        select(decided.c.sequence, decided.c.route, decided.c.urgency, later.c.leaf)
        .join_from(later, decided, decided.c.id == later.c.about)
        .where(
            later.c.kind.in_((Kind.OVERRIDE, Kind.OVERRIDE_CONFIRMATION)),
            later.c.route.is_not(None),
            later.c.sequence > first,
            decided.c.sequence.between(first, last),
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


def _decisions(connection: Connection, first: int, last: int) -> int:
    wanted = select(func.count()).where(
        ENTRIES.c.kind == Kind.DECISION, ENTRIES.c.sequence.between(first, last)
    )
    return connection.execute(wanted).scalar_one()


def _fired(connection: Connection, first: int, last: int) -> dict[str, int]:
    """In how many decisions each rule fired."""
    times = func.count().label("times")
    counted = (
        select(FIRED.c.rule, times)
        .where(FIRED.c.sequence.between(first, last))
        .group_by(FIRED.c.rule)
        .subquery()
    )
    wanted = select(RULE_NAMES.c.name, counted.c.times).join(
        counted, counted.c.rule == RULE_NAMES.c.id
    )
    return {row.name: row.times for row in connection.execute(wanted)}


def _first(connection: Connection, earliest: str | None) -> int:
    """The first entry that is not before a time."""
    if earliest is None:
        return 1
    span = connection.execute(select(func.min(SPANS.c.last)).where(SPANS.c.latest >= earliest))
    near = _near(connection, span.scalar())
    wanted = select(func.min(ENTRIES.c.sequence)).where(ENTRIES.c.at >= earliest, near)
    found = connection.execute(wanted).scalar()
    return _BEYOND if found is None else found


def _last(connection: Connection, before: str | None) -> int:
    """The last entry before a time."""
    if before is None:
        return _BEYOND
    span = connection.execute(select(func.max(SPANS.c.last)).where(SPANS.c.earliest < before))
    near = _near(connection, span.scalar())
    wanted = select(func.max(ENTRIES.c.sequence)).where(ENTRIES.c.at < before, near)
    return connection.execute(wanted).scalar() or 0


_BEYOND = 2**53
"""More entries than any log will have."""


def _near(connection: Connection, last: int | None) -> Any:
    """Is an entry in the span that ends with one, or after every span that is complete?"""
    end = connection.execute(select(func.max(SPANS.c.last))).scalar() or 0
    newest = ENTRIES.c.sequence > end
    if last is None:
        return newest
    return or_(newest, and_(ENTRIES.c.sequence > last - SPAN, ENTRIES.c.sequence <= last))
