"""Verifies what entries are found by beside their own columns: nothing is hidden from search."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Select, Text, and_, cast, func, or_, select

from triage.errors import DamagedLogError
from triage.store.chains import CHAIN
from triage.store.deliveries import TOLD_OF, Channel, State
from triage.store.entries import Kind, rules_fired
from triage.store.passing_tables import OUTBOX
from triage.store.tables import (
    ENTRIES,
    FIRED,
    IDEMPOTENCY,
    IDENTITIES,
    MESSAGE_REQUESTS,
    OVERRIDDEN,
    RULE_NAMES,
    SPAN,
    SPANS,
)


class Indexes:
    """What one stretch of entries says that they are found by, held against what is kept."""

    def __init__(self, connection: Connection, first: int, last: int) -> None:
        self._connection, self._first, self._last = connection, first, last
        self._fired: dict[str, list[str]] = defaultdict(list)
        self._spans: dict[int, tuple[str, str]] = {}

    def note(self, content: Mapping[str, Any]) -> None:
        """Take in what the next entry says."""
        sequence, at = content["sequence"], content["at"]
        number = str(sequence)
        for rule in rules_fired(content):
            self._fired[rule].append(number)
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
            if (kept or "") != ",".join(expected):
                yield from map(int, set(kept.split(",") if kept else ()) ^ set(expected))
        for expected in said.values():
            yield from map(int, expected)

    def _rows(self, wanted: Any) -> Any:
        return self._connection.execute(wanted)


def faults_beside(connection: Connection, size: int) -> Iterator[DamagedLogError]:
    """What is wrong beside the first ``size`` entries, whose columns are verified by themselves."""
    for column, named in _POINTING:
        beyond = select(column).where(or_(column < 1, column > size)).limit(1)
        found = connection.execute(beyond).scalar()
        if found is not None:
            yield DamagedLogError(f"{named} points to entry {found}, which is not here")
    for wrong, problem in (
        (_fired_without_name(), "a rule that has no name is said to have fired in it"),
        (_overridden_unsaid(), "it is kept as overridden, and is not"),
        (_overridden_unkept(size), "it is overridden, and is not kept as that"),
        (_comments_of_others(), "it is not found by what names the person"),
        (_twice(IDEMPOTENCY.c.sequence), "two requests are said to have been answered by it"),
        (_not_decided_on(), "it is said to be made on a service request, and is no decision"),
        (_not_to_be_told(), "somebody is to be told of it in a way in which nobody is"),
    ):
        first = connection.execute(wrong).scalar()
        if first is not None:
            yield DamagedLogError(problem, first)


_POINTING: Sequence[tuple[Column[int], str]] = (
    (IDENTITIES.c.sequence, "an identity"),
    (FIRED.c.sequence, "a rule that fired"),
    (IDEMPOTENCY.c.sequence, "a request that was answered"),
    (OVERRIDDEN.c.sequence, "an override"),
    (MESSAGE_REQUESTS.c.sequence, "a service request"),
    (OUTBOX.c.sequence, "a delivery"),
    (SPANS.c.last, "a span of time"),
)
"""What points to entries, and what is said of what points to none."""

_DECISIONS, _OVERRIDES, _NAMED = ENTRIES.alias(), ENTRIES.alias(), IDENTITIES.alias()

_IN_FORCE = and_(
    _OVERRIDES.c.kind.in_((Kind.OVERRIDE, Kind.OVERRIDE_CONFIRMATION)),
    _OVERRIDES.c.route.is_not(None),
)


def _fired_without_name() -> Select[Any]:
    return select(func.min(FIRED.c.sequence)).where(FIRED.c.rule.not_in(select(RULE_NAMES.c.id)))


def _overridden_unsaid() -> Select[Any]:
    said = select(_OVERRIDES.c.id).where(_OVERRIDES.c.about == _DECISIONS.c.id, _IN_FORCE)
    kept = OVERRIDDEN.outerjoin(_DECISIONS, _DECISIONS.c.sequence == OVERRIDDEN.c.sequence)
    unsaid = or_(_DECISIONS.c.kind != Kind.DECISION, ~said.exists())
    return select(func.min(OVERRIDDEN.c.sequence)).select_from(kept).where(unsaid)


def _overridden_unkept(size: int) -> Select[Any]:
    about = select(_OVERRIDES.c.about).where(_IN_FORCE, _OVERRIDES.c.sequence <= size)
    kept = select(OVERRIDDEN.c.sequence).where(OVERRIDDEN.c.sequence == _DECISIONS.c.sequence)
    of_decisions = and_(_DECISIONS.c.id.in_(about), _DECISIONS.c.kind == Kind.DECISION)
    return select(func.min(_DECISIONS.c.sequence)).where(of_decisions, ~kept.exists())


def _comments_of_others() -> Select[Any]:
    """The first comment on a decision that is found by another person than the decision is."""
    kinds = (*CHAIN, Kind.CARD_FEEDBACK)
    comments = select(ENTRIES.c.sequence).where(ENTRIES.c.kind.in_(kinds))
    return (
        select(func.min(IDENTITIES.c.sequence))
        .join(_OVERRIDES, _OVERRIDES.c.sequence == IDENTITIES.c.sequence)
        .join(_DECISIONS, _DECISIONS.c.id == _OVERRIDES.c.about)
        .join(_NAMED, _NAMED.c.sequence == _DECISIONS.c.sequence)
        .where(IDENTITIES.c.sequence.in_(comments), _DECISIONS.c.kind == Kind.DECISION)
        .where(IDENTITIES.c.person.is_distinct_from(_NAMED.c.person))
    )


def _twice(sequence: Column[int]) -> Select[Any]:
    of_one = select(sequence).group_by(sequence)
    twice = of_one.having(func.count() > 1).subquery()
    return select(func.min(twice.c.sequence))


def _not_decided_on() -> Select[Any]:
    made = MESSAGE_REQUESTS.join(ENTRIES, ENTRIES.c.sequence == MESSAGE_REQUESTS.c.sequence)
    other = ENTRIES.c.kind != Kind.DECISION
    return select(func.min(MESSAGE_REQUESTS.c.sequence)).select_from(made).where(other)


def _not_to_be_told() -> Select[Any]:
    """The first entry with a delivery that does not fit it, or has words that no delivery has."""
    told = OUTBOX.join(ENTRIES, ENTRIES.c.sequence == OUTBOX.c.sequence)
    unfit = or_(
        ENTRIES.c.kind.not_in(TOLD_OF),
        OUTBOX.c.urgency.is_distinct_from(ENTRIES.c.urgency),
        OUTBOX.c.channel.not_in(Channel),
        OUTBOX.c.state.not_in(State),
    )
    return select(func.min(OUTBOX.c.sequence)).select_from(told).where(unfit)


def _fired_between(first: int, last: int) -> Select[Any]:
    """The sequences of each rule, as one text: a million rows are quickly compared so."""
    sequences = cast(FIRED.c.sequence, Text)
    kept = (
        select(func.aggregate_strings(sequences, ","))
        .where(FIRED.c.rule == RULE_NAMES.c.id, FIRED.c.sequence.between(first, last))
        .scalar_subquery()
    )
    return select(RULE_NAMES.c.name, kept)
