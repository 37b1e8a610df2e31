"""Two seats of one person"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

COLUMNS = (("seats", "joined_to_id"), ("contributions", "hand_id"))


def upgrade() -> None:
    for table, column in COLUMNS:
        op.add_column(table, sa.Column(column, sa.String(32), nullable=True))
    op.create_index("ix_seats_joined_to_id", "seats", ["joined_to_id"])
