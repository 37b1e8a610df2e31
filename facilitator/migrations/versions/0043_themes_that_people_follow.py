"""Themes that people follow, and who is to be told of a question"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def key(table: str, column: str, of: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{of}.id"], name=f"fk_{table}_{column}", ondelete="CASCADE")


def upgrade() -> None:
    op.add_column("questions", sa.Column("is_told", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.create_table(
        "theme_follows",
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("theme_id", sa.String(32), nullable=False),
        key("theme_follows", "user_id", "users"),
        key("theme_follows", "theme_id", "themes"),
        sa.PrimaryKeyConstraint("user_id", "theme_id", name="pk_theme_follows"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "news_paces",
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("is_at_once", sa.Boolean(), nullable=False),
        sa.Column("told_on", sa.Date()),
        key("news_paces", "user_id", "users"),
        sa.PrimaryKeyConstraint("user_id", name="pk_news_paces"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "question_news",
        sa.Column("question_id", sa.String(32), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("claimed_at", sa.DateTime()),
        key("question_news", "question_id", "questions"),
        key("question_news", "user_id", "users"),
        sa.PrimaryKeyConstraint("question_id", "user_id", name="pk_question_news"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_theme_follows_theme_id", "theme_follows", ["theme_id"])
    op.create_index("ix_question_news_user_id", "question_news", ["user_id"])


def downgrade() -> None:
    for table in ("question_news", "news_paces", "theme_follows"):
        op.drop_table(table)
    op.drop_column("questions", "is_told")
