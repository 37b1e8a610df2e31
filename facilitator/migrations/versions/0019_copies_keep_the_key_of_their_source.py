"""Copies keep the key of their source"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("contributions", "actions"):
        op.add_column(table, sa.Column("key_of", sa.String(length=32), nullable=True))
        op.create_index(f"ix_{table}_key_of", table, ["key_of"])
    op.add_column("report_versions", sa.Column("key_of", sa.String(length=32), nullable=True))
    op.add_column("consents", sa.Column("draft_key", sa.String(length=32), nullable=True))
