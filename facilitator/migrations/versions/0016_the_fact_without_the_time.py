"""The fact without the time"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

# Where nothing counts by a time, that it happened is enough: what tells when somebody wrote or tapped goes.
FACTS = {
    "meetings": {
        "locked_at": "is_locked",
        "blanked_at": "is_blanked",
        "screen_chosen_at": "is_screen_chosen",
        "stop_asked_at": "is_stop_asked",
    },
    "rounds": {"stopped_at": "is_stopped"},
    "steps": {"began_at": "has_begun", "skipped_at": "is_skipped", "revealed_at": "is_revealed"},
    "contributions": {
        "revealed_at": "is_revealed",
        "done_at": "is_done",
        "removed_at": "is_removed",
        "late_at": "is_late",
    },
    "actions": {"confirmed_at": "is_confirmed"},
    "invites": {"used_at": "is_used"},
}
UNREAD = {
    "contributions": ("written_at",),
    "steps": ("ended_at",),
    "transitions": ("by_seat_id", "from_position", "to_position"),
}
# By these presence is counted, and by moving on from a pause; of every other move the time is forgotten.
CLOCK = "('start', 'pause', 'resume', 'end', 'reopen')"
ONWARDS = "('next', 'skip', 'back', 'undo', 'stop_case')"


def upgrade() -> None:
    for table, facts in FACTS.items():
        for time, fact in facts.items():
            op.add_column(table, sa.Column(fact, sa.Boolean(), nullable=False, server_default=sa.false()))
            op.execute(f"UPDATE {table} SET {fact} = ({time} IS NOT NULL)")  # noqa: S608 – names of our own
            op.drop_column(table, time)
    for table, columns in UNREAD.items():
        for column in columns:
            op.drop_column(table, column)
    forget_most_moments()
    with op.batch_alter_table("used_ops") as table:
        table.add_column(sa.Column("meeting_id", sa.String(length=32), nullable=True))
        table.create_foreign_key("fk_used_ops_meeting_id", "meetings", ["meeting_id"], ["id"], ondelete="CASCADE")
        table.create_index("ix_used_ops_meeting_id", ["meeting_id"])
    write_anew()


def forget_most_moments() -> None:
    op.execute("ALTER TABLE transitions RENAME COLUMN at TO moment")
    op.add_column("transitions", sa.Column("at", sa.DateTime(), nullable=True))
    op.execute(
        f"UPDATE transitions SET at = moment WHERE move IN {CLOCK} OR (move IN {ONWARDS} AND 'pause' = "  # noqa: S608
        "(SELECT earlier.move FROM transitions AS earlier WHERE earlier.meeting_id = transitions.meeting_id "
        f"AND earlier.turn < transitions.turn AND (earlier.move IN {CLOCK} OR earlier.move IN {ONWARDS}) "
        "ORDER BY earlier.turn DESC LIMIT 1))"
    )
    op.drop_column("transitions", "moment")


def write_anew() -> None:
    """PostgreSQL leaves a dropped column's values in the rows that have them, until the table is written anew."""
    if op.get_context().dialect.name == "postgresql":
        for table in sorted({*FACTS, *UNREAD}):
            op.execute(f"CLUSTER {table} USING pk_{table}")
