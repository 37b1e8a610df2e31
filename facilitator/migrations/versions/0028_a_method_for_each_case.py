"""A method for each case"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rounds", sa.Column("method_key", sa.String(40), nullable=False, server_default=""))
    op.add_column("rounds", sa.Column("method_titles", sa.JSON(), nullable=False, server_default="{}"))
    op.execute(
        "UPDATE rounds SET method_key = (SELECT meetings.method_key FROM meetings WHERE meetings.id = rounds.meeting_id)"
    )


def downgrade() -> None:
    op.drop_column("rounds", "method_titles")
    op.drop_column("rounds", "method_key")
