"""What pages for people keep: calls in progress, and work that outlives the request for it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables; what was recorded stays as it is."""
    _drafts()
    _jobs()


def _drafts() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("way", sa.Text, nullable=False),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("begun_at", sa.Text, nullable=False),
        sa.Column("changed_at", sa.Text, nullable=False),
        sa.Column("offered", sa.Boolean, nullable=False),
        sa.Column("route", sa.Text),
        sa.Column("urgency", sa.Text),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("person", sa.LargeBinary),
        sa.Column("decision_id", sa.Text),
    )
    op.create_index("drafts_person", "drafts", ["person"])
    _index_where("decision_id IS NULL", "drafts_in_progress")
    _index_where("decision_id IS NOT NULL", "drafts_decided")


def _index_where(condition: str, name: str) -> None:
    those = sa.text(condition)
    op.create_index(name, "drafts", ["changed_at"], sqlite_where=those, postgresql_where=those)


def _jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("asked", sa.Text, nullable=False),
        sa.Column("asked_by", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("done", sa.BigInteger, nullable=False),
        sa.Column("total", sa.BigInteger, nullable=False),
        sa.Column("result", sa.Text),
        sa.Column("problem", sa.Text),
        sa.Column("begun_at", sa.Text, nullable=False),
        sa.Column("beat_at", sa.Text, nullable=False),
    )
    op.create_index("jobs_recent", "jobs", ["kind", "begun_at"])
