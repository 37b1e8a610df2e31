"""Reports"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reports",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("organisation_id", sa.String(length=32), nullable=False),
        sa.Column("meeting_id", sa.String(length=32), nullable=True),
        sa.Column("group_id", sa.String(length=32), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name="fk_reports_group_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name="fk_reports_meeting_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="fk_reports_organisation_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_reports"),
        sa.UniqueConstraint("meeting_id", name="uq_reports_meeting_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_reports_organisation_id", "reports", ["organisation_id"])
    op.create_index("ix_reports_group_id", "reports", ["group_id"])
    op.create_table(
        "report_versions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by", sa.String(length=32), nullable=True),
        sa.Column("made_by_seat", sa.String(length=32), nullable=True),
        sa.Column("offered_at", sa.DateTime(), nullable=True),
        sa.Column("offered_by", sa.String(length=32), nullable=True),
        sa.Column("mailed_at", sa.DateTime(), nullable=True),
        sa.Column("approved_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name="fk_report_versions_made_by", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["offered_by"], ["users.id"], name="fk_report_versions_offered_by", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name="fk_report_versions_report_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_report_versions"),
        sa.UniqueConstraint("report_id", "number", name="uq_report_versions_report_id_number"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "report_approvals",
        sa.Column("version_id", sa.String(length=32), nullable=False),
        sa.Column("case_number", sa.Integer(), nullable=False),
        sa.Column("passage", sa.String(length=60), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by_seat", sa.String(length=32), nullable=True),
        sa.Column("by_user", sa.String(length=32), nullable=True),
        sa.Column("is_beside", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["by_user"], ["users.id"], name="fk_report_approvals_by_user", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["version_id"], ["report_versions.id"], name="fk_report_approvals_version_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("version_id", "case_number", "passage", name="pk_report_approvals"),
        sqlite_with_rowid=False,
    )
