"""Who took a text down"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("contributions", sa.Column("taken_down_by", sa.String(length=32), nullable=True))
    # Until now only the moderator wrote for others; of several, the one who came first.
    op.execute(
        "UPDATE contributions SET taken_down_by = (SELECT seats.id FROM seats "
        "WHERE seats.meeting_id = contributions.meeting_id AND seats.kind = 'moderator' "
        "ORDER BY seats.joined_at, seats.id LIMIT 1) WHERE is_by_moderator"
    )
    op.drop_column("contributions", "is_by_moderator")
