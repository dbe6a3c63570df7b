"""What one commit holds: entries in their order, what stands beside them, and a signed head."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, insert, select, tuple_

from triage.errors import ConflictError, LogError, TriageError
from triage.store.checkpoint import Head
from triage.store.entries import (
    Entry,
    NewEntry,
    Retry,
    RulebookCopy,
    columns,
    nothing_forbids,
    nothing_more,
    now,
    rules_fired,
)
from triage.store.keys import SigningKey
from triage.store.merkle import Frontier, leaf_hash
from triage.store.tables import (
    ENTRIES,
    FIRED,
    HEADS,
    IDEMPOTENCY,
    IDENTITIES,
    RULE_NAMES,
    RULEBOOKS,
)
from triage.store.tree import frontier_of, newest_head, size_of

Result = Entry | TriageError

Known = dict[tuple[str, bytes], tuple[bytes, Entry]]
"""For each request that came before, the hash of its body and the entry it gave."""


class Batch:
    """Writes batches, one after the other, and remembers between them what it need not read again.

    After a batch that was not committed a new one must be made.
    """

    def __init__(self, origin: str, key: SigningKey) -> None:
        self._origin, self._key = origin, key
        self._frontier = Frontier()
        self._rulebooks: set[str] = set()
        self._rules: dict[str, int] = {}
        self._rows: dict[Table, list[Mapping[str, Any]]] = {}
        self.appended = 0

    @property
    def size(self) -> int:
        """The size of the log after the newest batch."""
        return self._frontier.size

    def append(self, connection: Connection, news: Sequence[NewEntry]) -> list[Result]:
        """Append what is new, in its order; what each became, or why it was refused.

        Raises ``LogError`` where the log is not as its newest head says: nothing is put on top.
        """
        self._rows = {table: [] for table in _IN_ORDER}
        self._resume(connection)
        before = self._frontier.size
        known = _known(connection, [one.retry for one in news if one.retry])
        results = [self._append(connection, new, known) for new in news]
        self.appended = self._frontier.size - before
        if self.appended:
            self._sign()
        self._write(connection)
        return results

    def _write(self, connection: Connection) -> None:
        for table, rows in self._rows.items():
            if rows:
                connection.execute(insert(table), rows)
                rows.clear()

    def _resume(self, connection: Connection) -> None:
        """Begin where the log ends, which another process may have moved."""
        size = size_of(connection)
        if size == self._frontier.size:
            return
        self._frontier = frontier_of(connection, size)
        newest = newest_head(connection, self._origin)
        if newest is None or (newest.head.size, newest.head.root) != (size, self._frontier.root()):
            raise LogError("the log does not end as its newest head says; run: triage log verify")

    def _append(self, connection: Connection, new: NewEntry, known: Known) -> Result:
        if new.retry and (seen := known.get((new.retry.client, new.retry.key))):
            request, entry = seen
            if request == new.retry.request:
                return entry
            return ConflictError("this Idempotency-Key was used for another request; use a new one")
        if new.guard is not nothing_forbids:
            self._write(connection)
            try:
                new.guard(connection)
            except TriageError as refusal:
                return refusal
        entry = self._appended(connection, new, known)
        if new.also is not nothing_more:
            self._write(connection)
            new.also(connection)
        return entry

    def _appended(self, connection: Connection, new: NewEntry, known: Known) -> Entry:
        sequence, at = self._frontier.size + 1, now()
        content, leaf = new.leaf(sequence, at)
        hashes = self._frontier.append(leaf_hash(leaf))
        self._rows[ENTRIES].append({"leaf": leaf, "hashes": hashes, **columns(content)})
        if new.rulebook and new.rulebook.digest not in self._rulebooks:
            self._keep(connection, new.rulebook, at)
        for rule in rules_fired(content):
            number = self._rules.get(rule) or self._number_of(connection, rule)
            self._rows[FIRED].append({"rule": number, "sequence": sequence})
        if new.identity:
            self._rows[IDENTITIES].append(
                {
                    "sequence": sequence,
                    "salt": new.identity.salt,
                    "content": new.identity.content,
                    "person": new.identity.person,
                    "ethnic_category": new.identity.ethnic_category,
                    "gender": new.identity.gender,
                }
            )
        if new.retry:
            self._rows[IDEMPOTENCY].append(
                {
                    "client": new.retry.client,
                    "key": new.retry.key,
                    "request": new.retry.request,
                    "sequence": sequence,
                }
            )
            repeated = Entry(sequence, new.id, at, leaf, repeated=True)
            known[new.retry.client, new.retry.key] = (new.retry.request, repeated)
        return Entry(sequence, new.id, at, leaf)

    def _keep(self, connection: Connection, rulebook: RulebookCopy, at: str) -> None:
        kept = select(RULEBOOKS.c.digest).where(RULEBOOKS.c.digest == rulebook.digest)
        if connection.execute(kept).first() is None:
            self._rows[RULEBOOKS].append(
                {
                    "digest": rulebook.digest,
                    "id": rulebook.id,
                    "version": rulebook.version,
                    "content": rulebook.content,
                    "first_used_at": at,
                }
            )
        self._rulebooks.add(rulebook.digest)

    def _number_of(self, connection: Connection, rule: str) -> int:
        """The number by which a rule is found; a new one for a rule that never fired before."""
        read = connection.execute(select(RULE_NAMES.c.name, RULE_NAMES.c.id))
        self._rules |= {row.name: row.id for row in read}
        if rule not in self._rules:
            self._rules[rule] = len(self._rules) + 1
            self._rows[RULE_NAMES].append({"id": self._rules[rule], "name": rule})
        return self._rules[rule]

    def _sign(self) -> None:
        head = Head(self._origin, self._frontier.size, self._frontier.root(), now())
        signed = self._key.sign(head)
        self._rows[HEADS].append(
            {
                "size": head.size,
                "root": head.root,
                "at": head.at,
                "key_id": signed.key_id,
                "signature": signed.signature,
            }
        )


_IN_ORDER = (RULE_NAMES, RULEBOOKS, ENTRIES, FIRED, IDENTITIES, IDEMPOTENCY, HEADS)
"""The tables of a batch, each after those its rows point to."""


def _known(connection: Connection, retries: Sequence[Retry]) -> Known:
    """Of these requests, those that came before."""
    if not retries:
        return {}
    at = (IDEMPOTENCY.c.client, IDEMPOTENCY.c.key)
    entry = (ENTRIES.c.sequence, ENTRIES.c.id, ENTRIES.c.at, ENTRIES.c.leaf)
    wanted = (
        select(*at, IDEMPOTENCY.c.request, *entry)
        .join(ENTRIES, ENTRIES.c.sequence == IDEMPOTENCY.c.sequence)
        .where(tuple_(*at).in_({(one.client, one.key) for one in retries}))
    )
    found: Known = {}
    for row in connection.execute(wanted):
        before = Entry(row.sequence, row.id, row.at, bytes(row.leaf), repeated=True)
        found[row.client, bytes(row.key)] = (bytes(row.request), before)
    return found
