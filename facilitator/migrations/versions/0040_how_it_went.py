"""How it went

What is said of an action before the next meeting, which mails went out, and that a meeting continues what its group held last.
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "posted",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("claimed_at", sa.DateTime(), nullable=False),
        sa.Column("is_sent", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_posted")),
        sqlite_with_rowid=False,
    )
    op.add_column("actions", sa.Column("told", sa.LargeBinary(), nullable=True))
    op.add_column("meetings", sa.Column("follows_group", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("meetings", "follows_group")
    op.drop_column("actions", "told")
    op.drop_table("posted")
