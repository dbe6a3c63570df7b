"""The lists that filters of a search stand for: decisions in the order of the log, by an index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    TextClause,
    and_,
    literal_column,
    select,
    text,
    true,
)

from triage.domain.search import Search
from triage.store.passing_tables import NUMBER
from triage.store.tables import IS_DECISION, RULE_NAMES

Condition = ColumnElement[bool]

NO_RULE = 0
"""The number of a rule that never fired: those that did are counted from 1."""


@dataclass(frozen=True, slots=True)
class Listed:
    """The decisions that one filter lets through: a list for each of the values that may fit.

    ``source`` is what is read. ``each`` holds of the decisions on one list, ``either`` of those on
    any of them.
    """

    source: TextClause
    sequence: ColumnElement[int]
    each: Sequence[Condition]
    either: Condition

    def lists(self) -> list[Select[Any]]:
        """A list for each value."""
        return [self._read(self.sequence).where(one) for one in self.each]

    def joined(self) -> Select[Any]:
        """All of the lists in one."""
        return self._read(self.sequence).where(self.either)

    def holds(self, sequence: ColumnElement[int], low: int, high: int) -> Condition:
        """Is a decision on any of the lists? Its number is known to be from ``low`` to ``high``."""
        found = self._read(literal_column("1")).where(self.either)
        return found.where(self.sequence == sequence, self.sequence.between(low, high)).exists()

    def _read(self, column: ColumnElement[Any]) -> Select[Any]:
        return select(column).select_from(self.source)


def lists_of(connection: Connection, search: Search, person: bytes | None) -> list[Listed]:
    """The lists that a search asks for, those that are likely short first; else all decisions.

    ``person`` is the keyed hash of the NHS number in the search.
    """
    return [*_asked(connection, search, person)] or [_by_column(connection, "kind", ["decision"])]


def _asked(connection: Connection, search: Search, person: bytes | None) -> Iterator[Listed]:
    if search.decision_ids:
        yield _of_ids(search.decision_ids)
    if person is not None:
        yield _of_person(person)
    if search.overridden:
        yield is_overridden()
    numbers = numbers_of(connection, search.rules) if search.rules else {}
    for place, rule in enumerate(search.rules):
        yield _of_rule(numbers.get(rule, NO_RULE), f"rule_{place}")
    for name, values in (
        ("ods_code", search.ods_codes),
        ("rulebook", [search.rulebook] if search.rulebook else []),
        ("source", search.sources),
        ("urgency", search.urgencies),
        ("route", search.routes),
    ):
        if values:
            yield _by_column(connection, name, values)


def is_overridden() -> Listed:
    """The decisions of which an override came into force."""
    return Listed(text("overridden"), _sequence("overridden"), [true()], true())


def numbers_of(connection: Connection, rules: Sequence[str]) -> dict[str, int]:
    """The numbers of rules, of those that ever fired."""
    wanted = select(RULE_NAMES.c.name, RULE_NAMES.c.id).where(RULE_NAMES.c.name.in_(rules))
    return {row.name: row.id for row in connection.execute(wanted)}


def _by_column(connection: Connection, name: str, values: Sequence[str]) -> Listed:
    """SQLite is told the index: of itself it looks into the entries, which lie far apart."""
    by = f"by_{name}"
    index = f" INDEXED BY entries_{name}" if connection.dialect.name == "sqlite" else ""
    column: ColumnElement[str] = literal_column(f"{by}.{name}")
    is_decision = text(f"{by}.{IS_DECISION}")
    each = [and_(is_decision, column == value) for value in values]
    either = each[0] if len(each) == 1 else and_(is_decision, column.in_(values))
    return Listed(text(f"entries AS {by}{index}"), _sequence(by), each, either)


def _of_rule(number: int, name: str) -> Listed:
    fits = literal_column(f"{name}.rule") == number
    return Listed(text(f"fired AS {name}"), _sequence(name), [fits], fits)


def _of_ids(ids: Sequence[str]) -> Listed:
    fits = and_(text(f"by_id.{IS_DECISION}"), literal_column("by_id.id").in_(ids))
    return Listed(text("entries AS by_id"), _sequence("by_id"), [fits], fits)


def _of_person(person: bytes) -> Listed:
    """Decisions alone: what people say of them names the same person."""
    source = text("identities JOIN entries AS named ON named.sequence = identities.sequence")
    fits = and_(text(f"named.{IS_DECISION}"), literal_column("identities.person") == person)
    return Listed(source, _sequence("identities"), [fits], fits)


def _sequence(source: str) -> ColumnElement[int]:
    return literal_column(f"{source}.sequence", NUMBER)
