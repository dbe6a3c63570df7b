"""Run by Alembic: gives it the connection on which ``triage.store.schema`` asked for an upgrade."""

from alembic import context

from triage.store.tables import ENTRIES

context.configure(
    connection=context.config.attributes["connection"], target_metadata=ENTRIES.metadata
)
context.run_migrations()
