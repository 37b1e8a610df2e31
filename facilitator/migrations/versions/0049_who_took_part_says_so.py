"""Who took part says so: whether somebody confirmed it themselves, and which registers want that of everybody"""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table, column in (("attendances", "has_signed"), ("register_rules", "needs_all")):
        op.add_column(table, sa.Column(column, sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("register_rules", "needs_all")
    op.drop_column("attendances", "has_signed")
