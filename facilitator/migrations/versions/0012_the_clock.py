"""When the clock was last looked at"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# What was written until now tells what time it is, before a clock that may be wrong writes anything.
BEGIN = """
INSERT INTO looks (kind, at) SELECT 'clock', max(known.at) FROM (
  SELECT max(at) AS at FROM audit_entries
  UNION ALL SELECT max(created_at) FROM users
  UNION ALL SELECT max(created_at) FROM meetings
  UNION ALL SELECT max(opened_at) FROM meetings
  UNION ALL SELECT max(ended_at) FROM meetings
) AS known HAVING max(known.at) IS NOT NULL
"""


def upgrade() -> None:
    op.create_table(
        "looks",
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("kind", name="pk_looks"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sightings",
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("thing_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "thing_id", name="pk_sightings"),
        sqlite_with_rowid=False,
    )
    op.execute(BEGIN)
