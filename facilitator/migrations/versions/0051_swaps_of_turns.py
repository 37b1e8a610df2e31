"""Swaps of turns

What members ask each other: their turn in one meeting for the other's in another.
"""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "swaps",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("gives_id", sa.String(length=32), nullable=False),
        sa.Column("wants_id", sa.String(length=32), nullable=False),
        sa.Column("asked_by", sa.String(length=32), nullable=False),
        sa.Column("asked_of", sa.String(length=32), nullable=False),
        sa.Column("answer", sa.String(length=3), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_swaps_{column}_{table}"), ondelete="CASCADE"
            )
            for column, table in (
                ("gives_id", "meetings"),
                ("wants_id", "meetings"),
                ("asked_by", "users"),
                ("asked_of", "users"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_swaps")),
        sa.UniqueConstraint("gives_id", "wants_id", "role", name=op.f("uq_swaps_gives_id_wants_id_role")),
        sqlite_with_rowid=False,
    )
    for column in ("wants_id", "asked_by", "asked_of"):
        op.create_index(op.f(f"ix_swaps_{column}"), "swaps", [column])


def downgrade() -> None:
    op.drop_table("swaps")
