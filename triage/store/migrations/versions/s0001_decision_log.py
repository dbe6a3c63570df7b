"""The decision log: entries and heads that only grow, and identities apart from them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")

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
)


def upgrade() -> None:
    """Make the tables, and let the database itself refuse to change what only grows."""
    _of_the_log()
    _of_the_entries()
    _beside_the_entries()
    _kept_by_the_database()
    postgresql = op.get_bind().dialect.name == "postgresql"
    if postgresql:
        op.execute(REFUSE)
        op.execute(AS_IT_IS)
    for name, condition, noting in NOTES:
        _note(name, condition, noting, postgresql=postgresql)
    for table in ONLY_GROW:
        _forbid(table, ("UPDATE", "DELETE"), postgresql=postgresql)
    for table in ("identities", "idempotency"):
        _forbid(table, ("UPDATE",), postgresql=postgresql)


def _of_the_log() -> None:
    op.create_table(
        "log",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("person_key_check", sa.LargeBinary, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
    )
    op.create_table(
        "signing_keys",
        sa.Column("key_id", sa.Text, primary_key=True),
        sa.Column("vkey", sa.Text, nullable=False),
        sa.Column("from_size", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "heads",
        sa.Column("size", NUMBER, primary_key=True, autoincrement=False),
        sa.Column("root", sa.LargeBinary, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("key_id", sa.LargeBinary, nullable=False),
        sa.Column("signature", sa.LargeBinary, nullable=False),
    )


def _of_the_entries() -> None:
    op.create_table(
        "rulebooks",
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("first_used_at", sa.Text, nullable=False),
    )
    op.create_table(
        "entries",
        sa.Column("sequence", NUMBER, primary_key=True, autoincrement=False),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("about", sa.Text),
        sa.Column("route", sa.Text),
        sa.Column("urgency", sa.Text),
        sa.Column("source", sa.Text),
        sa.Column("ods_code", sa.Text),
        sa.Column("rulebook", sa.Text, sa.ForeignKey("rulebooks.digest")),
        sa.Column("hashes", sa.LargeBinary, nullable=False),
        sa.Column("leaf", sa.LargeBinary, nullable=False),
    )
    op.create_index("entries_kind", "entries", ["kind", "sequence"])
    op.create_index("entries_about", "entries", ["about", "kind"])
    of_decisions = sa.text("kind = 'decision'")
    for column in ("route", "urgency", "source", "ods_code", "rulebook"):
        op.create_index(
            f"entries_{column}",
            "entries",
            [column, "sequence"],
            sqlite_where=of_decisions,
            postgresql_where=of_decisions,
        )


def _beside_the_entries() -> None:
    op.create_table(
        "rule_names",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text, nullable=False, unique=True),
    )
    op.create_table(
        "fired",
        sa.Column("rule", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("sequence", NUMBER, primary_key=True, autoincrement=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "identities",
        sa.Column("sequence", NUMBER, sa.ForeignKey("entries.sequence"), primary_key=True),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("person", sa.LargeBinary),
        sa.Column("ethnic_category", sa.Text),
        sa.Column("gender", sa.Text),
    )
    op.create_index("identities_person", "identities", ["person", "sequence"])
    op.create_table(
        "idempotency",
        sa.Column("key", sa.LargeBinary, primary_key=True),
        sa.Column("request", sa.LargeBinary, nullable=False),
        sa.Column("sequence", NUMBER, sa.ForeignKey("entries.sequence"), nullable=False),
        sqlite_with_rowid=False,
    )


def _kept_by_the_database() -> None:
    op.create_table(
        "spans",
        sa.Column("last", NUMBER, primary_key=True, autoincrement=False),
        sa.Column("earliest", sa.Text, nullable=False),
        sa.Column("latest", sa.Text, nullable=False),
    )
    op.create_table(
        "overridden",
        sa.Column("sequence", NUMBER, sa.ForeignKey("entries.sequence"), primary_key=True),
    )


SPANS = (
    "INSERT INTO spans SELECT NEW.sequence, min(at), max(at) FROM entries"
    " WHERE sequence > NEW.sequence - 1024 AND sequence <= NEW.sequence"
)

OVERRIDDEN = (
    "INSERT INTO overridden SELECT sequence FROM entries"
    " WHERE id = NEW.about AND kind = 'decision' ON CONFLICT DO NOTHING"
)

IN_FORCE = "NEW.kind IN ('override', 'override_confirmation') AND NEW.route IS NOT NULL"

NOTES = (
    ("span", "NEW.sequence % 1024 = 0", SPANS),
    ("overridden", IN_FORCE, OVERRIDDEN),
)
"""What the database notes when an entry is appended: its name, when, and how."""


def _note(name: str, condition: str, noting: str, *, postgresql: bool) -> None:
    if not postgresql:
        op.execute(
            f"CREATE TRIGGER entries_note_{name} AFTER INSERT ON entries WHEN {condition}"
            f" BEGIN {noting}; END"
        )
        return
    op.execute(
        f"CREATE FUNCTION note_{name}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN {noting}; RETURN NULL; END $$"
    )
    op.execute(
        f"CREATE TRIGGER entries_note_{name} AFTER INSERT ON entries FOR EACH ROW"
        f" WHEN ({condition}) EXECUTE FUNCTION note_{name}()"
    )


AS_IT_IS = "ALTER TABLE entries ALTER leaf SET STORAGE EXTERNAL"
"""Leaves are not compressed, which would take a third of the time of a commit."""

REFUSE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the decision log only grows: % on % is refused', TG_OP, TG_TABLE_NAME; END
$$
"""


def _forbid(table: str, changes: tuple[str, ...], *, postgresql: bool) -> None:
    """Let the database refuse these changes of a table's rows."""
    if postgresql:
        every = " OR ".join((*changes, "TRUNCATE") if "DELETE" in changes else changes)
        op.execute(
            f"CREATE TRIGGER {table}_only_grows BEFORE {every} ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    for change in changes:
        op.execute(
            f"CREATE TRIGGER {table}_refuses_{change.lower()} BEFORE {change} ON {table} BEGIN"
            f" SELECT RAISE(ABORT, 'the decision log only grows: {change} on {table} is refused');"
            " END"
        )
    if table in KEYS:
        same = " OR ".join(f"{key} = NEW.{key}" for key in KEYS[table])
        op.execute(
            f"CREATE TRIGGER {table}_refuses_replace BEFORE INSERT ON {table}"  # noqa: S608 (our names)
            f" WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) BEGIN"
            f" SELECT RAISE(ABORT, 'the decision log only grows: REPLACE on {table} is refused');"
            " END"
        )


KEYS = {
    "entries": ("sequence", "id"),
    "heads": ("size",),
    "rulebooks": ("digest",),
    "log": ("id",),
    "signing_keys": ("key_id",),
}
"""By what rows are told apart. SQLite would replace one without asking the other triggers."""
