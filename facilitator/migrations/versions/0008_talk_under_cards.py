"""Talk under cards"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "card_remarks",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("card_id", sa.String(length=32), nullable=False),
        sa.Column("question_id", sa.String(length=32), nullable=True),
        sa.Column("author_id", sa.String(length=32), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.Column("edited_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name="fk_card_remarks_author_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["card_id"], ["cards.id"], name="fk_card_remarks_card_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["question_id"], ["card_remarks.id"], name="fk_card_remarks_question_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_card_remarks"),
        sqlite_with_rowid=False,
    )
    for column in ("author_id", "card_id", "question_id"):
        op.create_index(f"ix_card_remarks_{column}", "card_remarks", [column])

    op.create_table(
        "card_trials",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("card_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=True),
        sa.Column("verdict", sa.String(length=8), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["card_id"], ["cards.id"], name="fk_card_trials_card_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_card_trials_user_id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_card_trials"),
        sa.UniqueConstraint("card_id", "user_id", name="uq_card_trials_card_id_user_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_card_trials_user_id", "card_trials", ["user_id"])

    op.create_table(
        "card_follows",
        sa.Column("card_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("began_at", sa.DateTime(), nullable=True),
        sa.Column("stopped_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["card_id"], ["cards.id"], name="fk_card_follows_card_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_card_follows_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("card_id", "user_id", name="pk_card_follows"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_card_follows_user_id", "card_follows", ["user_id"])

    op.create_table(
        "feed_tokens",
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_feed_tokens_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name="pk_feed_tokens"),
        sa.UniqueConstraint("token_hash", name="uq_feed_tokens_token_hash"),
        sqlite_with_rowid=False,
    )
