"""The tables of the decision log.

What creates them is in ``migrations``; a test keeps both alike.

``entries`` and ``heads`` only ever grow: the database itself refuses to change them. ``identities``
holds what names people, and its rows may be deleted: the log's proofs rest on commitments alone.
Those that are no part of the log are in ``passing_tables``.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    text,
)

from triage.store.passing_tables import METADATA, NUMBER

SPAN = 1024
"""How many entries share a row of ``spans``."""

IS_DECISION = text("kind = 'decision'")
"""What a query must say, word for word, to find decisions by the indexes that hold no others."""


def of_decisions(column: str) -> Index:
    """An index of decisions alone, by a column and then in the order of the log."""
    return Index(
        f"entries_{column}",
        column,
        "sequence",
        sqlite_where=IS_DECISION,
        postgresql_where=IS_DECISION,
    )


LOG = Table(
    "log",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("origin", Text, nullable=False),
    Column("person_key_check", LargeBinary, nullable=False),
    Column("created_at", Text, nullable=False),
)
"""One row: what this log is called, and by what it knows its key for finding people."""

SIGNING_KEYS = Table(
    "signing_keys",
    METADATA,
    Column("key_id", Text, primary_key=True),
    Column("vkey", Text, nullable=False),
    Column("from_size", BigInteger, nullable=False),
)
"""Every key that signed heads, as it is published, and the size of the log when it began to."""

ENTRIES = Table(
    "entries",
    METADATA,
    Column("sequence", NUMBER, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("about", Text),
    Column("route", Text),
    Column("urgency", Text),
    Column("source", Text),
    Column("ods_code", Text),
    Column("rulebook", Text, ForeignKey("rulebooks.digest")),
    Column("hashes", LargeBinary, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    Index("entries_kind", "kind", "sequence"),
    Index("entries_about", "about", "kind"),
    of_decisions("route"),
    of_decisions("urgency"),
    of_decisions("source"),
    of_decisions("ods_code"),
    of_decisions("rulebook"),
)
"""The log. ``leaf`` is the entry; ``hashes`` its hash and those of the subtrees it completes; the
other columns repeat what the leaf says, so that it can be found. The long leaf is the last column,
for SQLite reads a row from its beginning."""

SPANS = Table(
    "spans",
    METADATA,
    Column("last", NUMBER, primary_key=True, autoincrement=False),
    Column("earliest", Text, nullable=False),
    Column("latest", Text, nullable=False),
)
"""For each ``SPAN`` entries in their order the last of them, and between which times they were
recorded: so a time leads to a part of the log, even where a clock was put back. The database itself
keeps them, as it does the next table."""

OVERRIDDEN = Table(
    "overridden",
    METADATA,
    Column("sequence", NUMBER, ForeignKey("entries.sequence"), primary_key=True),
)
"""The decisions of which an override came into force."""

RULE_NAMES = Table(
    "rule_names",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False, unique=True),
)

FIRED = Table(
    "fired",
    METADATA,
    Column("rule", Integer, primary_key=True, autoincrement=False),
    Column("sequence", NUMBER, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
"""Which rules fired in which decision, so that decisions can be found by rule. That both numbers
stand for something is left to verification: of a dozen rows for each decision, to look each time
would cost as much again."""

RULEBOOKS = Table(
    "rulebooks",
    METADATA,
    Column("digest", Text, primary_key=True),
    Column("id", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("first_used_at", Text, nullable=False),
)
"""Every rulebook that ever decided or was signed, whole."""

IDENTITIES = Table(
    "identities",
    METADATA,
    Column("sequence", NUMBER, ForeignKey("entries.sequence"), primary_key=True),
    Column("salt", LargeBinary, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("person", LargeBinary),
    Column("ethnic_category", Text),
    Column("gender", Text),
    Index("identities_person", "person", "sequence"),
)
"""What names people, and what they said in their own words. ``person`` is the keyed hash of the
NHS number."""

IDEMPOTENCY = Table(
    "idempotency",
    METADATA,
    Column("key", LargeBinary, primary_key=True),
    Column("request", LargeBinary, nullable=False),
    Column("sequence", NUMBER, ForeignKey("entries.sequence"), nullable=False),
    sqlite_with_rowid=False,
)
"""Which request was answered by which entry: the keyed hashes of whose it is and its key, and of
its body."""

MESSAGE_REQUESTS = Table(
    "message_requests",
    METADATA,
    Column("key", LargeBinary, primary_key=True),
    Column("sequence", NUMBER, ForeignKey("entries.sequence"), primary_key=True),
    sqlite_with_rowid=False,
)
"""Which decisions were made on a sender's own service request: the keyed hash of both."""

HEADS = Table(
    "heads",
    METADATA,
    Column("size", NUMBER, primary_key=True, autoincrement=False),
    Column("root", LargeBinary, nullable=False),
    Column("at", Text, nullable=False),
    Column("key_id", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
)
"""The signed heads, one for each commit."""

ONLY_GROW = (
    "entries",
    "heads",
    "rulebooks",
    "log",
    "signing_keys",
    "rule_names",
    "fired",
    "spans",
    "overridden",
    "message_requests",
)
"""The tables in which the database refuses to change or delete a row."""
