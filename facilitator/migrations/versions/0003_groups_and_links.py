"""Groups and personal links"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Columns are added in place: rebuilding a table would cost it its WITHOUT ROWID.
    op.add_column(
        "groups",
        sa.Column(
            "created_by",
            sa.String(length=32),
            sa.ForeignKey("users.id", name="fk_groups_created_by"),
            nullable=True,
        ),
        inline_references=True,
    )
    op.add_column(
        "seats",
        sa.Column(
            "said_to_be", sa.String(length=32), sa.ForeignKey("users.id", name="fk_seats_said_to_be"), nullable=True
        ),
        inline_references=True,
    )
    op.add_column("seat_tokens", sa.Column("kept_at", sa.DateTime(), nullable=True))
    op.create_table(
        "sign_in_links",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_sign_in_links_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_sign_in_links"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_sign_in_links_user_id", "sign_in_links", ["user_id"])
