"""Who had the floor, and what the console need not say any more"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("floors", "put_away"):
        op.add_column("steps", sa.Column(name, sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    for name in ("put_away", "floors"):
        op.drop_column("steps", name)
