"""Talks of two people

Which meeting is held for which arrangement.
"""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "arrangement_talks",
        sa.Column("meeting_id", sa.String(length=32), nullable=False),
        sa.Column("arrangement_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["arrangement_id"],
            ["arrangements.id"],
            name=op.f("fk_arrangement_talks_arrangement_id_arrangements"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_arrangement_talks_meeting_id_meetings"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("meeting_id", name=op.f("pk_arrangement_talks")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_arrangement_talks_arrangement_id"), "arrangement_talks", ["arrangement_id"])


def downgrade() -> None:
    op.drop_table("arrangement_talks")
