"""Verifies what entries are found by beside their own columns: nothing is hidden from search."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Text, and_, cast, except_, func, select

from triage.errors import DamagedLogError
from triage.store.entries import Kind, rules_fired
from triage.store.tables import ENTRIES, FIRED, OVERRIDDEN, RULE_NAMES, SPAN, SPANS


class Indexes:
    """What one stretch of entries says that they are found by, held against what is kept."""

    def __init__(self, connection: Connection, first: int, last: int) -> None:
        self._connection, self._first, self._last = connection, first, last
        self._fired: dict[str, list[int]] = defaultdict(list)
        self._spans: dict[int, tuple[str, str]] = {}

    def note(self, content: Mapping[str, Any]) -> None:
        """Take in what the next entry says."""
        sequence, at = content["sequence"], content["at"]
        for rule in rules_fired(content):
            self._fired[rule].append(sequence)
        end = sequence + -sequence % SPAN
        earliest, latest = self._spans.get(end, (at, at))
        self._spans[end] = (min(earliest, at), max(latest, at))

    def check(self, before: int) -> None:
        """Raises ``DamagedLogError`` with the first that is wrong before an entry."""
        first = min((one for one in self._wrongly_fired() if one < before), default=0)
        if first:
            raise DamagedLogError("it is not found by the rules that fired in it", first)
        between = SPANS.c.last.between(self._first, self._last)
        kept = {last: (one, other) for last, one, other in self._rows(select(SPANS).where(between))}
        said = {end: times for end, times in self._spans.items() if end < before}
        for end in sorted(said.keys() | kept.keys()):
            if end < before and said.get(end) != kept.get(end):
                problem = "it is not found by the time at which it was recorded"
                raise DamagedLogError(problem, end + 1 - SPAN, end)

    def _wrongly_fired(self) -> Iterator[int]:
        """The entries of which the rules that fired are not kept as the entries say."""
        said = dict(self._fired)
        for name, kept in self._rows(_fired_between(self._first, self._last)):
            expected = said.pop(name, [])
            if (kept or "") != ",".join(map(str, expected)):
                yield from set(map(int, kept.split(",") if kept else ())) ^ set(expected)
        for expected in said.values():
            yield from expected

    def _rows(self, wanted: Any) -> Any:
        return self._connection.execute(wanted)


def wrongly_overridden(connection: Connection, size: int) -> int | None:
    """The first decision that is kept as overridden and is not, or the other way round.

    Asked of the columns of the first ``size`` entries, which are verified by themselves.
    """
    decision = ENTRIES.alias()
    of_it = and_(decision.c.id == ENTRIES.c.about, decision.c.kind == Kind.DECISION)
    kinds = ENTRIES.c.kind.in_((Kind.OVERRIDE, Kind.OVERRIDE_CONFIRMATION))
    said = (
        select(decision.c.sequence)
        .join(ENTRIES, of_it)
        .where(kinds, ENTRIES.c.route.is_not(None), ENTRIES.c.sequence <= size)
    )
    kept = select(OVERRIDDEN.c.sequence)
    for one, other in ((said, kept), (kept, said)):
        differs = except_(one, other).subquery()
        found = connection.execute(select(func.min(differs.c.sequence))).scalar()
        if found is not None:
            return int(found)
    return None


def _fired_between(first: int, last: int) -> Any:
    """The sequences of each rule, as one text: a million rows are quickly compared so."""
    sequences = cast(FIRED.c.sequence, Text)
    kept = (
        select(func.aggregate_strings(sequences, ","))
        .where(FIRED.c.rule == RULE_NAMES.c.id, FIRED.c.sequence.between(first, last))
        .scalar_subquery()
    )
    return select(RULE_NAMES.c.name, kept)
