"""Alembic's entry: runs on the connection that `upgrade` opened, inside its transaction.

A revision names plain column types: it must go on meaning the same when the product's own types change.
"""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

from facilitator.core.db import Moment
from facilitator.migrations.tables import metadata


def plain_type(kind: str, found: object, _context: Any) -> str | Literal[False]:  # Any: a type of Alembic's own
    """How a new revision spells a column's type; False leaves it to Alembic."""
    return "sa.DateTime()" if kind == "type" and isinstance(found, Moment) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    render_item=plain_type,
    compare_type=True,
    transactional_ddl=True,
    transaction_per_migration=False,
)
context.run_migrations()
