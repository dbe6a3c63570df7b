"""Large logs made fast: entries as the store itself would write them, in few large transactions.

A million small entries take about two minutes. A log so made passes every check that a real one
does: its leaves are canonical, its tree and its heads are the store's own, its identities stand
behind their commitments. Decisions are a few hundred that were really decided, each made many
times for another practice at another moment; among them stand views, searches and overrides.
"""

from __future__ import annotations

import uuid
from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import psycopg
from sqlalchemy import Connection, Table, insert, select

from tests.bulk_moulds import Mould, Size, moulds, the_rulebook
from triage.config import Settings, keys_folder
from triage.recording import copy_of
from triage.store.checkpoint import Head
from triage.store.entries import Identity, Kind
from triage.store.keys import SigningKey
from triage.store.log import DecisionLog
from triage.store.merkle import leaf_hash
from triage.store.opening import open_log
from triage.store.tables import ENTRIES, FIRED, HEADS, IDENTITIES, RULE_NAMES, RULEBOOKS
from triage.store.tree import frontier_of, size_of

AT_ONCE = 20_000
"""How many entries one transaction holds."""

A_COMMIT = 300
"""How many entries lie between two heads."""

FIRST, LAST = datetime(2025, 11, 20, 9, tzinfo=UTC), datetime(2026, 11, 20, 17, tzinfo=UTC)
"""When the first and the last entry are recorded."""

PRACTICES = tuple(f"C{number}" for number in range(81_000, 81_300))
"""The practices that refer."""

SHARES: Mapping[Kind, int] = {
    Kind.DECISION: 600,
    Kind.VIEW: 330,
    Kind.SEARCH: 40,
    Kind.OVERRIDE: 25,
    Kind.EXPORT: 5,
}
"""How many of a thousand entries are of a kind."""


def fill(
    settings: Settings,
    count: int,
    *,
    size: Size = "small",
    seed: int = 0,
    told: Callable[[int], object] = lambda _done: None,
) -> None:
    """Append so many entries to the log of some settings, which is begun where there is none.

    ``size``: an entry of a ``real`` decision is about 8 kB, what the service itself records; a
    ``small`` one, about 1 kB, has only what searching and listing read of it, and cannot be read
    as a decision or decided again. Of a thousand entries six hundred are decisions, each with an
    identity and the rules that fired; a head stands after every three hundred. ``told`` is called
    with how many are done. The same seed gives the same entries, but for what keys sign and hash.
    """
    with closing(open_log(settings)) as log:
        filler = _Filler(log, SigningKey.open(keys_folder(settings)), seed, count)
        filler.begin(size)
        for done in range(0, count, AT_ONCE):
            filler.append(min(AT_ONCE, count - done))
            told(min(done + AT_ONCE, count))
        is_sqlite = log.database.is_sqlite
    if count >= AT_ONCE and not is_sqlite:  # what it does of itself after a while
        with psycopg.connect(str(settings.database_url), autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")


class _Filler:
    """Makes entries, and writes them to one log. ``count`` of them take a year."""

    def __init__(self, log: DecisionLog, key: SigningKey, seed: int, count: int) -> None:
        self._log, self._key, self._seed, self._count = log, key, seed, count
        self._recent: deque[str] = deque(maxlen=5000)
        self._moulds: dict[Kind, list[Mould]] = {}
        with log.database.read() as connection:
            self._first = size_of(connection)
            self._frontier = frontier_of(connection, self._first)
        self._random = Random(f"{seed} after {self._first}")  # every id stands in a log once

    def begin(self, size: Size) -> None:
        """Write what entries point to, and make the moulds."""
        names = [rule.id for rule in the_rulebook().rules]
        with self._log.database.write() as connection:
            before = {row.name: row.id for row in connection.execute(select(RULE_NAMES))}
            new = [name for name in names if name not in before]
            numbers = before | {name: place for place, name in enumerate(new, len(before) + 1)}
            if new:
                rows = [{"id": numbers[name], "name": name} for name in new]
                connection.execute(insert(RULE_NAMES), rows)
            if connection.execute(select(RULEBOOKS.c.digest)).first() is None:
                copy = asdict(copy_of(the_rulebook()))
                connection.execute(insert(RULEBOOKS), {**copy, "first_used_at": _written(FIRST)})
        self._moulds = moulds(size, self._seed, numbers)

    def append(self, count: int) -> None:
        """Append so many entries in one transaction."""
        rows: dict[Table, list[tuple[Any, ...]]] = defaultdict(list)
        kinds = self._random.choices(list(SHARES), list(SHARES.values()), k=count)
        for place, kind in enumerate(kinds, 1):
            self._entry(kind, rows)
            if self._frontier.size % A_COMMIT == 0 or place == count:
                rows[HEADS].append(self._head())
        with self._log.database.write() as connection:
            for table in (ENTRIES, FIRED, IDENTITIES, HEADS):
                _write(connection, table, rows[table])

    def _entry(self, kind: Kind, rows: dict[Table, list[tuple[Any, ...]]]) -> None:
        random, sequence = self._random, self._frontier.size + 1
        kind = kind if self._recent else Kind.DECISION
        mould = random.choice(self._moulds[kind])
        values: dict[str, Any] = {
            "sequence": sequence,
            "id": str(uuid.UUID(int=random.getrandbits(128), version=4)),
            "at": self._at(sequence),
            "about": random.choice(self._recent or [""]),
            "ods_code": PRACTICES[int(random.random() ** 2 * len(PRACTICES))],
        }
        if kind is Kind.DECISION:
            identity, person = self._identity()
            values["commitment"] = identity.commitment
            row = (sequence, identity.salt, identity.content, person, "A", "2")
            rows[IDENTITIES].append(row)
            rows[FIRED].extend((rule, sequence) for rule in mould.rules)
            self._recent.append(values["id"])
        leaf = mould.leaf(values)
        found = {**mould.columns, "leaf": leaf, "hashes": self._frontier.append(leaf_hash(leaf))}
        for name in ("sequence", "id", "at", "about", "ods_code"):
            if found[name]:
                found[name] = values[name]
        rows[ENTRIES].append(tuple(found[column.name] for column in ENTRIES.columns))

    def _at(self, sequence: int) -> str:
        """When an entry is recorded; one in a thousand by a clock that is two seconds late."""
        share = (sequence - self._first) / self._count
        late = timedelta(seconds=2 if self._random.random() < 0.001 else 0)
        return _written(FIRST + (LAST - FIRST) * share - late)

    def _identity(self) -> tuple[Identity, bytes]:
        number = str(9_990_000_000 + self._random.randrange(self._count // 3 + 1) % 10_000_000)
        content = (
            '{"notes":null,"own_words":[],"patient":{"age":null,"birth_date":"1990-03-14",'
            f'"ethnic_category":"A","gender":"2","nhs_number":"{number}","postcode":"DN1 1AA"}},'
            '"reference":"ref-test","referrer_name":null}'
        )
        found = Identity(content.encode(), salt=self._random.randbytes(32))
        return found, self._log.person_key.hash(number)

    def _head(self) -> tuple[Any, ...]:
        at = self._at(self._frontier.size)
        head = Head(self._log.origin, self._frontier.size, self._frontier.root(), at)
        signed = self._key.sign(head)
        return head.size, head.root, head.at, signed.key_id, signed.signature


def _written(moment: datetime) -> str:
    return f"{moment.isoformat(timespec='milliseconds')[:23]}Z"


def _write(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    names = ", ".join(table.columns.keys())
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        values = ", ".join("?" * len(table.columns))
        driver.executemany(f"INSERT INTO {table.name} ({names}) VALUES ({values})", rows)  # noqa: S608
        return
    with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
