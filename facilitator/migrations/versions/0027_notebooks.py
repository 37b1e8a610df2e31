"""Notebooks"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notebooks",
        sa.Column("seat_id", sa.String(32), nullable=False),
        sa.Column("meeting_id", sa.String(32), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name="fk_notebooks_meeting_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name="fk_notebooks_seat_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("seat_id", name="pk_notebooks"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_notebooks_meeting_id", "notebooks", ["meeting_id"])


def downgrade() -> None:
    op.drop_index("ix_notebooks_meeting_id", "notebooks")
    op.drop_table("notebooks")
