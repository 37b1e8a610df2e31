"""Announcements"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

# Who was warned was told a week before. SQLite keeps a moment as text, PostgreSQL counts with one.
KEEP_WARNINGS = {
    "sqlite": """
        INSERT INTO announcements (kind, thing_id, goes_at, claimed_at, told_at)
        SELECT 'meeting', id, strftime('%Y-%m-%d %H:%M:%f000', erase_warned_at, '+7 days'), erase_warned_at, erase_warned_at
        FROM meetings WHERE erase_warned_at IS NOT NULL AND erased_at IS NULL
    """,
    "postgresql": """
        INSERT INTO announcements (kind, thing_id, goes_at, claimed_at, told_at)
        SELECT 'meeting', id, erase_warned_at + interval '7 days', erase_warned_at, erase_warned_at
        FROM meetings WHERE erase_warned_at IS NOT NULL AND erased_at IS NULL
    """,
}


def upgrade() -> None:
    op.create_table(
        "announcements",
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("thing_id", sa.String(length=32), nullable=False),
        sa.Column("goes_at", sa.DateTime(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(), nullable=False),
        sa.Column("told_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("kind", "thing_id", name="pk_announcements"),
        sqlite_with_rowid=False,
    )
    op.execute(KEEP_WARNINGS[op.get_context().dialect.name])
    op.drop_column("meetings", "erase_warned_at")
    op.execute("UPDATE organisations SET raw_days_after_approval = 7 WHERE raw_days_after_approval < 7")
