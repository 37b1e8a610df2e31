"""Tables of a meeting

What is worked on at them, and who sits where.
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("meetings", sa.Column("division", sa.JSON(), nullable=True))
    op.add_column("seats", sa.Column("table", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("seats", "table")
    op.drop_column("meetings", "division")
