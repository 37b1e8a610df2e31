"""Rather not and waiting again"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("waits_again", "declines"):
        op.add_column("seats", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(
        "UPDATE seats SET declines = (SELECT COUNT(*) > 0 FROM tallies"
        " WHERE tallies.seat_id = seats.id AND tallies.instead = 'declines')"
    )
    op.execute("UPDATE tallies SET instead = '' WHERE instead = 'declines'")
