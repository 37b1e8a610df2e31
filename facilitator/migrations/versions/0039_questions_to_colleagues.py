"""Questions to colleagues"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

INDEXES = (
    ("questions", "asker_hash"),
    ("questions", "author_id"),
    ("questions", "organisation_id"),
    ("question_answers", "author_id"),
    ("question_answers", "question_id"),
    ("question_themes", "theme_id"),
    ("question_helps", "user_id"),
)


def key(table: str, column: str, of: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{of}.id"], name=f"fk_{table}_{column}", ondelete=ondelete)


def upgrade() -> None:
    op.create_table(
        "questions",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("organisation_id", sa.String(32), nullable=False),
        sa.Column("author_id", sa.String(32)),
        sa.Column("asker_hash", sa.String(64)),
        sa.Column("locale", sa.String(5), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("is_edited", sa.Boolean(), nullable=False),
        key("questions", "author_id", "users", "SET NULL"),
        key("questions", "organisation_id", "organisations", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_questions"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "question_answers",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("question_id", sa.String(32), nullable=False),
        sa.Column("author_id", sa.String(32)),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.Column("is_edited", sa.Boolean(), nullable=False),
        sa.Column("has_worked", sa.Boolean(), nullable=False),
        key("question_answers", "author_id", "users", "SET NULL"),
        key("question_answers", "question_id", "questions", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_question_answers"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "question_themes",
        sa.Column("question_id", sa.String(32), nullable=False),
        sa.Column("theme_id", sa.String(32), nullable=False),
        key("question_themes", "question_id", "questions", "CASCADE"),
        key("question_themes", "theme_id", "themes", "CASCADE"),
        sa.PrimaryKeyConstraint("question_id", "theme_id", name="pk_question_themes"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "question_helps",
        sa.Column("answer_id", sa.String(32), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=False),
        key("question_helps", "answer_id", "question_answers", "CASCADE"),
        key("question_helps", "user_id", "users", "CASCADE"),
        sa.PrimaryKeyConstraint("answer_id", "user_id", name="pk_question_helps"),
        sqlite_with_rowid=False,
    )
    for table, column in INDEXES:
        op.create_index(f"ix_{table}_{column}", table, [column])


def downgrade() -> None:
    for table in ("question_helps", "question_themes", "question_answers", "questions"):
        op.drop_table(table)
