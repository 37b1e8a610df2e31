"""Warmth, and earlier texts that were gone through

A tap of warmth was a dot beside what was warm.
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("marks", sa.Column("value", sa.String(8), nullable=False, server_default=""))
    op.add_column("steps", sa.Column("done", sa.JSON(), nullable=False, server_default="[]"))
    op.execute("UPDATE marks SET value = 'warm' WHERE kind = 'warmth'")


def downgrade() -> None:
    op.drop_column("steps", "done")
    op.drop_column("marks", "value")
