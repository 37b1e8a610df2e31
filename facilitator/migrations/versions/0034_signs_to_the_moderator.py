"""Signs to the moderator

They take the place of the one wish to stop, of which only was known that somebody had it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "signals",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("meeting_id", sa.String(32), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name="fk_signals_meeting_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_signals"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_signals_meeting_id", "signals", ["meeting_id"])
    op.drop_column("meetings", "is_stop_asked")


def downgrade() -> None:
    op.add_column("meetings", sa.Column("is_stop_asked", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.drop_index("ix_signals_meeting_id", "signals")
    op.drop_table("signals")
