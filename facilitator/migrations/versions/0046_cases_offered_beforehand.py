"""Cases offered beforehand

What members offer before a meeting, each sealed with a key of its own.
"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "offered_cases",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("meeting_id", sa.String(length=32), nullable=True),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("tells", sa.String(length=8), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_offered_cases_meeting_id_meetings"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_offered_cases_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offered_cases")),
        sa.UniqueConstraint("meeting_id", "user_id", name=op.f("uq_offered_cases_meeting_id_user_id")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_offered_cases_user_id"), "offered_cases", ["user_id"])


def downgrade() -> None:
    op.drop_table("offered_cases")
