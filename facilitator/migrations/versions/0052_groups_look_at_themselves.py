"""Groups look at themselves

When a group is asked how it works together, what it answers until then, and what came out.
"""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evaluations",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("group_id", sa.String(length=32), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=True),
        sa.Column("is_closed", sa.Boolean(), nullable=False),
        sa.Column("key_id", sa.String(length=32), nullable=True),
        sa.Column("result", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_evaluations_group_id_groups"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluations")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_evaluations_group_id"), "evaluations", ["group_id"])
    for table, key, length in (("evaluation_answers", "id", 32), ("evaluation_marks", "mark", 64)):
        sealed = [sa.Column("body", sa.LargeBinary(), nullable=False)] if table == "evaluation_answers" else []
        op.create_table(
            table,
            sa.Column(key, sa.String(length=length), nullable=False),
            sa.Column("evaluation_id", sa.String(length=32), nullable=False),
            *sealed,
            sa.ForeignKeyConstraint(
                ["evaluation_id"],
                ["evaluations.id"],
                name=op.f(f"fk_{table}_evaluation_id_evaluations"),
                ondelete="CASCADE",
            ),
            sa.PrimaryKeyConstraint(key, name=op.f(f"pk_{table}")),
            sqlite_with_rowid=False,
        )
        op.create_index(op.f(f"ix_{table}_evaluation_id"), table, ["evaluation_id"])


def downgrade() -> None:
    op.drop_table("evaluation_marks")
    op.drop_table("evaluation_answers")
    op.drop_table("evaluations")
