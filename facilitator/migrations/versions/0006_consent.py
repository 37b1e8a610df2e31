"""Consent"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("organisations", sa.Column("cooling_off_days", sa.Integer(), nullable=False, server_default="7"))
    op.create_table(
        "consents",
        sa.Column("card_id", sa.String(length=32), nullable=False),
        sa.Column("meeting_id", sa.String(length=32), nullable=True),
        sa.Column("round_id", sa.String(length=32), nullable=True),
        sa.Column("seat_id", sa.String(length=32), nullable=True),
        sa.Column("user_id", sa.String(length=32), nullable=True),
        sa.Column("link_hash", sa.String(length=64), nullable=True),
        sa.Column("draft", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["card_id"], ["cards.id"], name="fk_consents_card_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name="fk_consents_meeting_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name="fk_consents_round_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name="fk_consents_seat_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_consents_user_id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("card_id", name="pk_consents"),
        sa.UniqueConstraint("link_hash", name="uq_consents_link_hash"),
        sa.UniqueConstraint("round_id", name="uq_consents_round_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_consents_meeting_id", "consents", ["meeting_id"])
    op.create_index("ix_consents_user_id", "consents", ["user_id"])

    op.create_table(
        "objections",
        sa.Column("card_id", sa.String(length=32), nullable=False),
        sa.Column("seat_id", sa.String(length=32), nullable=False),
        sa.Column("answer", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(["card_id"], ["cards.id"], name="fk_objections_card_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name="fk_objections_seat_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("card_id", "seat_id", name="pk_objections"),
        sqlite_with_rowid=False,
    )
