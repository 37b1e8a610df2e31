"""What groups agree on

Versions, who accepted them, the one a meeting is held under, and what whoever added a member said of them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agreements",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("group_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_agreements_group_id_groups"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreements")),
        sa.UniqueConstraint("group_id", "number", name=op.f("uq_agreements_group_id_number")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "acceptances",
        sa.Column("agreement_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["agreements.id"],
            name=op.f("fk_acceptances_agreement_id_agreements"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_acceptances_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("agreement_id", "user_id", name=op.f("pk_acceptances")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_acceptances_user_id"), "acceptances", ["user_id"])
    op.add_column("members", sa.Column("is_peer", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("seats", sa.Column("has_accepted", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("meetings", sa.Column("agreement_id", sa.String(length=32), nullable=True))


def downgrade() -> None:
    op.drop_column("meetings", "agreement_id")
    op.drop_column("seats", "has_accepted")
    op.drop_column("members", "is_peer")
    op.drop_table("acceptances")
    op.drop_table("agreements")
