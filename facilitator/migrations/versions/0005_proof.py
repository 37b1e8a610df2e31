"""Proof of participation"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attendance_sheets",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("organisation_id", sa.String(length=32), nullable=False),
        sa.Column("meeting_mark", sa.String(length=64), nullable=False),
        sa.Column("held_at", sa.DateTime(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(), nullable=True),
        sa.Column("confirmed_by", sa.String(length=32), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["users.id"], name="fk_attendance_sheets_confirmed_by", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="fk_attendance_sheets_organisation_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_attendance_sheets"),
        sa.UniqueConstraint("meeting_mark", name="uq_attendance_sheets_meeting_mark"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_attendance_sheets_organisation_id", "attendance_sheets", ["organisation_id"])
    op.create_index("ix_attendance_sheets_held_at", "attendance_sheets", ["held_at"])

    op.create_table(
        "attendances",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("sheet_id", sa.String(length=32), nullable=False),
        sa.Column("seat_mark", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=True),
        sa.Column("confirmed", sa.LargeBinary(), nullable=True),
        sa.Column("particulars", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["attendance_sheets.id"], name="fk_attendances_sheet_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_attendances_user_id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_attendances"),
        sa.UniqueConstraint("seat_mark", name="uq_attendances_seat_mark"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_attendances_sheet_id", "attendances", ["sheet_id"])
    op.create_index("ix_attendances_user_id", "attendances", ["user_id"])

    op.create_table(
        "certificates",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("attendance_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("issued_at", sa.DateTime(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attendance_id"], ["attendances.id"], name="fk_certificates_attendance_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_certificates"),
        sa.UniqueConstraint("number", name="uq_certificates_number"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_certificates_attendance_id", "certificates", ["attendance_id"])

    op.create_table(
        "annexes",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("organisation_id", sa.String(length=32), nullable=False),
        sa.Column("holder_mark", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=True),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="fk_annexes_organisation_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_annexes_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_annexes"),
        sa.UniqueConstraint("holder_mark", name="uq_annexes_holder_mark"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_annexes_organisation_id", "annexes", ["organisation_id"])
    op.create_index("ix_annexes_user_id", "annexes", ["user_id"])
