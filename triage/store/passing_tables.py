"""The tables that are no part of the log: lists of work, and what passes. Their rows change and go.

What creates them is in ``migrations``, as that of the log's own tables.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)

METADATA = MetaData()
"""Every table that is known; ``tables`` adds those of the log."""

NUMBER = BigInteger().with_variant(Integer, "sqlite")
"""A sequence or a size: in SQLite, only so is it the key by which rows are stored."""

IS_WAITING, IS_DEAD = text("state = 'waiting'"), text("state = 'dead'")
"""What a query must say, word for word, to find deliveries by the indexes that hold no others: of
those still to be made, and of those that were given up."""

IN_PROGRESS, IS_DECIDED = text("decision_id IS NULL"), text("decision_id IS NOT NULL")
"""The same for drafts that somebody still takes down, and those that were decided."""

OUTBOX = Table(
    "outbox",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("sequence", NUMBER, ForeignKey("entries.sequence"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("urgency", Text),
    Column("made_at", Text, nullable=False),
    Column("due_at", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("leased_until", Text),
    Column("failure", Text),
    Column("delivered_at", Text),
    Index("outbox_told_once", "sequence", "channel", unique=True),
    Index("outbox_due", "urgency", "due_at", sqlite_where=IS_WAITING, postgresql_where=IS_WAITING),
    Index("outbox_dead", "sequence", sqlite_where=IS_DEAD, postgresql_where=IS_DEAD),
)
"""Of which entries somebody is still to be told, or was: a list of work, whose rows change. What is
told is made from the log at that time; nothing here names anybody. ``urgency`` repeats what the
entry says, so that the most urgent are found first."""

SEEN_TOKENS = Table(
    "seen_tokens",
    METADATA,
    Column("digest", LargeBinary, primary_key=True),
    Column("expires_at", BigInteger, nullable=False),
    Index("seen_tokens_expiry", "expires_at"),
    sqlite_with_rowid=False,
)
"""Tokens that are good for one call, until each expires (in seconds since 1970)."""

DRAFTS = Table(
    "drafts",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("way", Text, nullable=False),
    Column("holder", Text, nullable=False),
    Column("begun_at", Text, nullable=False),
    Column("changed_at", Text, nullable=False),
    Column("offered", Boolean, nullable=False),
    Column("route", Text),
    Column("urgency", Text),
    Column("content", Text, nullable=False),
    Column("person", LargeBinary),
    Column("decision_id", Text),
    Index("drafts_person", "person"),
    Index(
        "drafts_in_progress",
        "changed_at",
        sqlite_where=IN_PROGRESS,
        postgresql_where=IN_PROGRESS,
    ),
    Index("drafts_decided", "changed_at", sqlite_where=IS_DECIDED, postgresql_where=IS_DECIDED),
)
"""Calls in progress, as far as they have been taken down. ``holder`` and ``content`` are JSON;
``person`` is the keyed hash of the NHS number, where one was said. Of one that was decided nothing
is kept but which decision it became."""

JOBS = Table(
    "jobs",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("asked", Text, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("done", BigInteger, nullable=False),
    Column("total", BigInteger, nullable=False),
    Column("result", Text),
    Column("problem", Text),
    Column("begun_at", Text, nullable=False),
    Column("beat_at", Text, nullable=False),
    Index("jobs_recent", "kind", "begun_at"),
)
"""Work that outlives the request for it. ``asked``, ``asked_by`` and ``result`` are JSON, and name
nobody who was referred. ``beat_at`` is when it was last heard of."""
