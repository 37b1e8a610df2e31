"""Who offers to take a role, and that the time was told"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("seats", sa.Column("offers", sa.String(60), nullable=False, server_default=""))
    op.add_column("steps", sa.Column("is_time_told", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("steps", "is_time_told")
    op.drop_column("seats", "offers")
