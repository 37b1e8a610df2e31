"""Alembic's entry: runs on the connection that `upgrade` opened, inside its transaction."""

from __future__ import annotations

from alembic import context

from facilitator.migrations.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
    transactional_ddl=True,
    transaction_per_migration=False,
)
context.run_migrations()
