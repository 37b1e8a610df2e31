"""Hints are the product's: phases that meetings keep no longer have a sentence for them"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

STEPS = sa.table("steps", sa.column("id", sa.String), sa.column("phase", sa.JSON))


def upgrade() -> None:
    connection = op.get_bind()
    for step_id, phase in connection.execute(sa.select(STEPS.c.id, STEPS.c.phase)).all():
        said = phase["texts"] if phase else {}
        texts = {language: {k: v for k, v in of.items() if k != "hint"} for language, of in said.items()}
        if texts != said:
            changed = STEPS.update().where(STEPS.c.id == step_id).values(phase={**phase, "texts": texts})
            connection.execute(changed)
