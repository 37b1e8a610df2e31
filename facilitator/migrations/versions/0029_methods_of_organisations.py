"""Methods of organisations"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "own_methods",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("organisation_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("draft", sa.JSON(), nullable=False),
        sa.Column("changed_by", sa.String(length=32), nullable=True),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("in_use", sa.Integer(), nullable=True),
        sa.Column("is_put_away", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_own_methods_organisation_id"),
        sa.ForeignKeyConstraint(["changed_by"], ["users.id"], name="fk_own_methods_changed_by"),
        sa.PrimaryKeyConstraint("id", name="pk_own_methods"),
        sa.UniqueConstraint("organisation_id", "key", name="uq_own_methods_organisation_id_key"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "method_versions",
        sa.Column("method_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.String(length=32), nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["method_id"], ["own_methods.id"], name="fk_method_versions_method_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name="fk_method_versions_made_by"),
        sa.PrimaryKeyConstraint("method_id", "number", name="pk_method_versions"),
        sqlite_with_rowid=False,
    )
    op.add_column("meetings", sa.Column("method_head", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("meetings", "method_head")
    op.drop_table("method_versions")
    op.drop_table("own_methods")
