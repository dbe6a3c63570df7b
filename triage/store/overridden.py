"""Which decisions were overridden, and how often each rule fired: counts over a span of the log."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, and_, func, or_, select

from triage.store.database import Database
from triage.store.entries import Kind, rules_fired
from triage.store.tables import ENTRIES, FIRED, RULE_NAMES, SPAN, SPANS

AT_ONCE = 500
"""How many rows are taken from the database at a time."""


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
        overridden = _overridden(connection, first, last)
        rules = {rule for one in overridden for rule in one.rules}
        return Tally(
            _decisions(connection, first, last), overridden, _fired(connection, rules, first, last)
        )


def _overridden(connection: Connection, first: int, last: int) -> tuple[Overridden, ...]:
    """Each overridden decision once, with the last override that came into force."""
    decided, later = ENTRIES.alias("decided"), ENTRIES.alias("later")
    wanted = (
        select(
            decided.c.sequence,
            decided.c.route,
            decided.c.urgency,
            decided.c.leaf,
            later.c.leaf.label("later"),
        )
        .join_from(later, decided, decided.c.id == later.c.about)
        .where(
            later.c.kind.in_((Kind.OVERRIDE, Kind.OVERRIDE_CONFIRMATION)),
            later.c.route.is_not(None),
            later.c.sequence > first,
            decided.c.sequence.between(first, last),
        )
        .order_by(later.c.sequence)
        .execution_options(yield_per=AT_ONCE)
    )
    found: dict[int, Overridden] = {}
    for row in connection.execute(wanted):
        stands = orjson.loads(row.later)
        before = found.get(row.sequence)
        rules = before.rules if before else tuple(rules_fired(orjson.loads(row.leaf)))
        goes = Goes(stands["route"], stands["urgency"])
        found[row.sequence] = Overridden(
            rules, Goes(row.route, row.urgency), goes, stands["reason"]
        )
    return tuple(found.values())


def _decisions(connection: Connection, first: int, last: int) -> int:
    wanted = select(func.count()).where(
        ENTRIES.c.kind == Kind.DECISION, ENTRIES.c.sequence.between(first, last)
    )
    return connection.execute(wanted).scalar_one()


def _fired(connection: Connection, rules: Iterable[str], first: int, last: int) -> dict[str, int]:
    """In how many decisions each rule fired. One look at a stretch of the index for each rule."""
    times = (
        select(func.count())
        .where(FIRED.c.rule == RULE_NAMES.c.id, FIRED.c.sequence.between(first, last))
        .scalar_subquery()
        .label("times")
    )
    wanted = select(RULE_NAMES.c.name, times).where(RULE_NAMES.c.name.in_(list(rules)))
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
