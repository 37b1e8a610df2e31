"""Whose words and whose consent"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rounds", sa.Column("is_told", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("contributions", sa.Column("from_seat_id", sa.String(length=32), nullable=True))
    op.add_column("actions", sa.Column("from_seat_id", sa.String(length=32), nullable=True))
    # A case of a meeting that has begun is its case giver's.
    op.execute(
        "UPDATE rounds SET is_told = (case_giver_id IS NOT NULL) "
        "WHERE meeting_id IN (SELECT id FROM meetings WHERE started_at IS NOT NULL)"
    )
    op.execute(
        "UPDATE actions SET from_seat_id = (SELECT earlier.owner_id FROM actions AS earlier "
        "WHERE earlier.id = actions.from_id) WHERE from_id IS NOT NULL"
    )
    # What the moderator said of somebody without a phone stood where proof stands: it opens no card any more.
    op.execute(
        "UPDATE consents SET user_id = NULL WHERE seat_id IN "
        "(SELECT id FROM seats WHERE kind = 'participant' AND NOT has_phone)"
    )
    op.execute(
        "UPDATE seats SET said_to_be = user_id, user_id = NULL "
        "WHERE kind = 'participant' AND NOT has_phone AND user_id IS NOT NULL"
    )
