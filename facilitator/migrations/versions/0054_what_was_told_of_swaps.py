"""What was told of swaps

Which answer to a swap was mailed already; what remembers mails forgets them earlier than meetings are planned.
"""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("swaps", sa.Column("told", sa.String(length=3), nullable=True))


def downgrade() -> None:
    op.drop_column("swaps", "told")
