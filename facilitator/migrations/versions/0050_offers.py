"""What people offer and wish for

What it is about, and the keyed hashes of the words it is found by.
"""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "offers",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("organisation_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("form", sa.String(length=12), nullable=False),
        sa.Column("is_wish", sa.Boolean(), nullable=False),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_offers_organisation_id_organisations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_offers_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offers")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_offers_organisation_id"), "offers", ["organisation_id"])
    op.create_index(op.f("ix_offers_user_id"), "offers", ["user_id"])

    op.create_table(
        "offer_terms",
        sa.Column("offer_id", sa.String(length=32), nullable=False),
        sa.Column("term", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offers.id"], name=op.f("fk_offer_terms_offer_id_offers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("offer_id", "term", name=op.f("pk_offer_terms")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_offer_terms_term"), "offer_terms", ["term"])

    op.create_table(
        "offer_themes",
        sa.Column("offer_id", sa.String(length=32), nullable=False),
        sa.Column("theme_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offers.id"], name=op.f("fk_offer_themes_offer_id_offers"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["theme_id"], ["themes.id"], name=op.f("fk_offer_themes_theme_id_themes"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("offer_id", "theme_id", name=op.f("pk_offer_themes")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_offer_themes_theme_id"), "offer_themes", ["theme_id"])


def downgrade() -> None:
    op.drop_table("offer_themes")
    op.drop_table("offer_terms")
    op.drop_table("offers")
