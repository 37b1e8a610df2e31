"""Whose device was there"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("presences", sa.Column("hand_id", sa.String(32), nullable=True))


def downgrade() -> None:
    op.drop_column("presences", "hand_id")
