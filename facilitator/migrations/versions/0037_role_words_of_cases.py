"""What the method of each case calls the roles

Those of the first case are taken from what its meeting kept of its method.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

ROUNDS = sa.table(
    "rounds",
    sa.column("meeting_id", sa.String),
    sa.column("method_key", sa.String),
    sa.column("method_roles", sa.JSON),
)


def upgrade() -> None:
    op.add_column("rounds", sa.Column("method_roles", sa.JSON(), nullable=False, server_default="{}"))
    kept = sa.text("SELECT id, method_key, method_head FROM meetings WHERE method_head IS NOT NULL")
    for meeting_id, key, stored in op.get_bind().execute(kept).all():
        head = json.loads(stored) if isinstance(stored, str) else stored
        if head:
            roles = {language: texts.get("roles", {}) for language, texts in head["texts"].items()}
            of_meeting = (ROUNDS.c.meeting_id == meeting_id) & (ROUNDS.c.method_key == key)
            op.execute(ROUNDS.update().where(of_meeting).values(method_roles=roles))


def downgrade() -> None:
    op.drop_column("rounds", "method_roles")
