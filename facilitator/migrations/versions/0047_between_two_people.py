"""Between two people

Arrangements, who is in them, their moments and check-ins.
"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "arrangements",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("organisation_id", sa.String(length=32), nullable=False),
        sa.Column("form", sa.String(length=12), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_arrangements_organisation_id_organisations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrangements")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_arrangements_organisation_id"), "arrangements", ["organisation_id"])

    op.create_table(
        "arrangement_moments",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("arrangement_id", sa.String(length=32), nullable=False),
        sa.Column("begins", sa.DateTime(), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["arrangement_id"],
            ["arrangements.id"],
            name=op.f("fk_arrangement_moments_arrangement_id_arrangements"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrangement_moments")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_arrangement_moments_arrangement_id"), "arrangement_moments", ["arrangement_id"])

    op.create_table(
        "arrangement_parties",
        sa.Column("arrangement_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("proposed", sa.Boolean(), nullable=False),
        sa.Column("has_accepted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["arrangement_id"],
            ["arrangements.id"],
            name=op.f("fk_arrangement_parties_arrangement_id_arrangements"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_arrangement_parties_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("arrangement_id", "user_id", name=op.f("pk_arrangement_parties")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_arrangement_parties_user_id"), "arrangement_parties", ["user_id"])

    op.create_table(
        "check_ins",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("arrangement_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["arrangement_id"],
            ["arrangements.id"],
            name=op.f("fk_check_ins_arrangement_id_arrangements"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_check_ins_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_ins")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_check_ins_arrangement_id"), "check_ins", ["arrangement_id"])
    op.create_index(op.f("ix_check_ins_user_id"), "check_ins", ["user_id"])

    op.create_table(
        "arrangement_moment_yes",
        sa.Column("moment_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["moment_id"],
            ["arrangement_moments.id"],
            name=op.f("fk_arrangement_moment_yes_moment_id_arrangement_moments"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_arrangement_moment_yes_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("moment_id", "user_id", name=op.f("pk_arrangement_moment_yes")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_arrangement_moment_yes_user_id"), "arrangement_moment_yes", ["user_id"])


def downgrade() -> None:
    op.drop_table("arrangement_moment_yes")
    op.drop_table("check_ins")
    op.drop_table("arrangement_parties")
    op.drop_table("arrangement_moments")
    op.drop_table("arrangements")
