"""What covers a question, by what it is found, and the card it became"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("questions", "question_answers"):
        op.add_column(table, sa.Column("cover", sa.String(8), nullable=False, server_default="open"))
    op.create_table(
        "question_cards",
        sa.Column("question_id", sa.String(32), nullable=False),
        sa.Column("card_id", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"], name="fk_question_cards_question_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["card_id"], ["cards.id"], name="fk_question_cards_card_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("question_id", name="pk_question_cards"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "question_terms",
        sa.Column("question_id", sa.String(32), nullable=False),
        sa.Column("term", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"], name="fk_question_terms_question_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("question_id", "term", name="pk_question_terms"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_question_terms_term", "question_terms", ["term"])
    op.create_table(
        "question_reports",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("question_id", sa.String(32), nullable=False),
        sa.Column("answer_id", sa.String(32)),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"], name="fk_question_reports_question_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["question_answers.id"], name="fk_question_reports_answer_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_question_reports"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_question_reports_question_id", "question_reports", ["question_id"])
    op.create_index("ix_question_reports_answer_id", "question_reports", ["answer_id"])


def downgrade() -> None:
    op.drop_table("question_reports")
    op.drop_table("question_terms")
    op.drop_table("question_cards")
    for table in ("question_answers", "questions"):
        op.drop_column(table, "cover")
