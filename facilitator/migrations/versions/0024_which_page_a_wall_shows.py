"""Which page a wall shows"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

COLUMNS = ("wall_page", "wall_pages")


def upgrade() -> None:
    for column in COLUMNS:
        op.add_column("meetings", sa.Column(column, sa.Integer(), nullable=False, server_default="1"))


def downgrade() -> None:
    for column in COLUMNS:
        op.drop_column("meetings", column)
