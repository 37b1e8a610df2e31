"""Retention"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

DAYS = {
    "raw_days_after_approval": 30,
    "raw_days_after_meeting": 60,
    "report_days": 365,
    "proof_years": 6,
    "review_months": 24,
}


def upgrade() -> None:
    for name, days in DAYS.items():
        op.add_column("organisations", sa.Column(name, sa.Integer(), nullable=False, server_default=str(days)))
    op.add_column("meetings", sa.Column("erase_warned_at", sa.DateTime(), nullable=True))
    op.add_column("meetings", sa.Column("erased_at", sa.DateTime(), nullable=True))
    op.add_column("groups", sa.Column("ended_at", sa.DateTime(), nullable=True))
    keep_what_is_noted()


def keep_what_is_noted() -> None:
    """The database itself refuses to change or drop an entry of the audit log."""
    if op.get_context().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_entries_no_{verb.lower()} BEFORE {verb} ON audit_entries "
                "BEGIN SELECT RAISE(ABORT, 'the audit log is only ever added to'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit log is only ever added to'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_entries_kept BEFORE UPDATE OR DELETE ON audit_entries "
        "FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()"
    )
