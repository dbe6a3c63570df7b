"""The outbox, the service requests that decisions were made on, and tokens good for one call."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables; what was recorded stays as it is, and nobody is told of it."""
    _message_requests()
    _outbox()
    _seen_tokens()
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table, changes in (("message_requests", ("UPDATE", "DELETE")), ("outbox", ("DELETE",))):
        _forbid(table, changes, postgresql=postgresql)


def _message_requests() -> None:
    op.create_table(
        "message_requests",
        sa.Column("key", sa.LargeBinary, primary_key=True),
        sa.Column("sequence", NUMBER, sa.ForeignKey("entries.sequence"), primary_key=True),
        sqlite_with_rowid=False,
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("sequence", NUMBER, sa.ForeignKey("entries.sequence"), nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("urgency", sa.Text),
        sa.Column("made_at", sa.Text, nullable=False),
        sa.Column("due_at", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("leased_until", sa.Text),
        sa.Column("failure", sa.Text),
        sa.Column("delivered_at", sa.Text),
    )
    op.create_index("outbox_told_once", "outbox", ["sequence", "channel"], unique=True)
    _index_of("waiting", "outbox_due", ["urgency", "due_at"])
    _index_of("dead", "outbox_dead", ["sequence"])


def _index_of(state: str, name: str, columns: list[str]) -> None:
    condition = sa.text(f"state = '{state}'")
    op.create_index(name, "outbox", columns, sqlite_where=condition, postgresql_where=condition)


def _seen_tokens() -> None:
    op.create_table(
        "seen_tokens",
        sa.Column("digest", sa.LargeBinary, primary_key=True),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("seen_tokens_expiry", "seen_tokens", ["expires_at"])


def _forbid(table: str, changes: tuple[str, ...], *, postgresql: bool) -> None:
    """Let the database refuse these changes of a table's rows, as step 0001 does for others."""
    if postgresql:
        every = " OR ".join((*changes, "TRUNCATE"))
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
