"""Search"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_cards",
        sa.Column("card_id", sa.String(length=32), nullable=False),
        sa.Column("organisation_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["card_id"], ["cards.id"], name="fk_search_cards_card_id"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="fk_search_cards_organisation_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("card_id", name="pk_search_cards"),
        sa.UniqueConstraint("organisation_id", "number", name="uq_search_cards_organisation_id_number"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "search_postings",
        sa.Column("organisation_id", sa.String(length=32), nullable=False),
        sa.Column("term", sa.LargeBinary(), nullable=False),
        sa.Column("chunk", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("bits", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="fk_search_postings_organisation_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organisation_id", "term", "chunk", name="pk_search_postings"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "search_chunks",
        sa.Column("organisation_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("revision", sa.String(length=32), nullable=False),
        sa.Column("columns", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="fk_search_chunks_organisation_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organisation_id", "number", name="pk_search_chunks"),
        sqlite_with_rowid=False,
    )
