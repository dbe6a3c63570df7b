"""What one commit holds: entries in their order, what stands beside them, and a signed head."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Table, select

from triage.errors import ConflictError, LogError, TriageError
from triage.store.checkpoint import Head
from triage.store.deliveries import waiting
from triage.store.entries import (
    Entry,
    NewEntry,
    RulebookCopy,
    columns,
    nothing_forbids,
    nothing_more,
    now,
    rules_fired,
)
from triage.store.keys import SigningKey
from triage.store.merkle import Frontier, leaf_hash
from triage.store.passing_tables import OUTBOX
from triage.store.rows import Row, among, ask, put
from triage.store.tables import (
    ENTRIES,
    FIRED,
    HEADS,
    IDEMPOTENCY,
    IDENTITIES,
    MESSAGE_REQUESTS,
    RULE_NAMES,
    RULEBOOKS,
)
from triage.store.tree import NEWEST_HEAD, entries_from, grown

Result = Entry | TriageError

Known = dict[bytes, tuple[bytes, Entry]]
"""For the key of each request that came before, the hash of its body and the entry it gave."""


class Batch:
    """Writes batches, one after the other, and remembers between them what it need not read again.

    After a batch that was not committed a new one must be made.
    """

    def __init__(self, origin: str, key: SigningKey) -> None:
        self._origin, self._key = origin, key
        self._frontier = Frontier()
        self._rulebooks: set[str] = set()
        self._rules: dict[str, int] = {}
        self._rows: dict[Table, list[Row]] = {table: [] for table in _IN_ORDER}
        self.appended = 0

    @property
    def size(self) -> int:
        """The size of the log after the newest batch."""
        return self._frontier.size

    def append(self, connection: Connection, news: Sequence[NewEntry]) -> list[Result]:
        """Append what is new, in its order; what each became, or why it was refused.

        Raises ``LogError`` where the log is not as its newest head says: nothing is put on top.
        """
        known = self._resume(connection, [one.retry.key for one in news if one.retry])
        before = self._frontier.size
        results = [self._append(connection, new, known) for new in news]
        self.appended = self._frontier.size - before
        if self.appended:
            self._sign()
        self._write(connection)
        return results

    def _write(self, connection: Connection) -> None:
        put(connection, self._rows)
        for rows in self._rows.values():
            rows.clear()

    def _resume(self, connection: Connection, keys: Sequence[bytes]) -> Known:
        """Begin where the log ends, which another process may have moved.

        Gives what requests of these keys became that came before.
        """
        questions = [entries_from(self._frontier), NEWEST_HEAD]
        if keys:
            questions.append(among(connection, IDEMPOTENCY.c.key, keys))
        entries, head, *before = ask(connection, *questions)
        self._frontier = grown(connection, self._frontier, entries)
        if head != ([(self._frontier.size, self._frontier.root())] if self._frontier.size else []):
            raise LogError("the log does not end as its newest head says; run: triage log verify")
        return _known(connection, *before)

    def _append(self, connection: Connection, new: NewEntry, known: Known) -> Result:
        if new.retry and (seen := known.get(new.retry.key)):
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
        rows = self._rows
        found = columns(content)
        rows[ENTRIES].append((*found.values(), hashes, leaf))
        if new.rulebook and new.rulebook.digest not in self._rulebooks:
            self._keep(connection, new.rulebook, at)
        numbers = [self._number_of(connection, rule) for rule in rules_fired(content)]
        rows[FIRED] += [(number, sequence) for number in numbers]
        if one := new.identity:
            names = (one.person, one.ethnic_category, one.gender)
            rows[IDENTITIES].append((sequence, one.salt, one.content, *names))
        rows[MESSAGE_REQUESTS] += [(key, sequence) for key in new.message_requests]
        rows[OUTBOX] += [waiting(channel, found) for channel in new.deliveries]
        if retry := new.retry:
            rows[IDEMPOTENCY].append((retry.key, retry.request, sequence))
            repeated = Entry(sequence, new.id, at, leaf, repeated=True)
            known[retry.key] = (retry.request, repeated)
        return Entry(sequence, new.id, at, leaf)

    def _keep(self, connection: Connection, rulebook: RulebookCopy, at: str) -> None:
        kept = select(RULEBOOKS.c.digest).where(RULEBOOKS.c.digest == rulebook.digest)
        if connection.execute(kept).first() is None:
            row = (rulebook.digest, rulebook.id, rulebook.version, rulebook.content, at)
            self._rows[RULEBOOKS].append(row)
        self._rulebooks.add(rulebook.digest)

    def _number_of(self, connection: Connection, rule: str) -> int:
        """The number by which a rule is found; a new one for a rule that never fired before."""
        if rule not in self._rules:
            read = connection.execute(select(RULE_NAMES.c.name, RULE_NAMES.c.id))
            self._rules |= {row.name: row.id for row in read}
        if rule not in self._rules:
            self._rules[rule] = len(self._rules) + 1
            self._rows[RULE_NAMES].append((self._rules[rule], rule))
        return self._rules[rule]

    def _sign(self) -> None:
        head = Head(self._origin, self._frontier.size, self._frontier.root(), now())
        signed = self._key.sign(head)
        row = (head.size, head.root, head.at, signed.key_id, signed.signature)
        self._rows[HEADS].append(row)


_IN_ORDER = (
    RULE_NAMES,
    RULEBOOKS,
    ENTRIES,
    FIRED,
    IDENTITIES,
    IDEMPOTENCY,
    MESSAGE_REQUESTS,
    OUTBOX,
    HEADS,
)
"""The tables of a batch, each after those its rows point to."""


def _known(connection: Connection, before: Sequence[Row] = ()) -> Known:
    """What requests became that came before, given their rows of ``IDEMPOTENCY``."""
    if not before:
        return {}
    wanted = ENTRIES.c.sequence.in_([sequence for _, _, sequence in before])
    columns = (ENTRIES.c.sequence, ENTRIES.c.id, ENTRIES.c.at, ENTRIES.c.leaf)
    rows = connection.execute(select(*columns).where(wanted))
    entries = {row.sequence: Entry(*row, repeated=True) for row in rows}
    return {key: (request, entries[sequence]) for key, request, sequence in before}
