"""No more than is read"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

FACTS = {
    "seats": {"agreed_at": "has_agreed", "admitted_at": "is_admitted", "expelled_at": "is_expelled"},
    "report_versions": {"mailed_at": "is_mailed"},
    "invitations": {"accepted_at": "is_accepted", "withdrawn_at": "is_withdrawn"},
    "cards": {"withdrawn_at": "is_withdrawn"},
    "card_remarks": {"edited_at": "is_edited", "withdrawn_at": "is_withdrawn"},
    "card_follows": {"stopped_at": "is_stopped"},
    "certificates": {"replaced_at": "is_replaced"},
}
# The column, the day in its place, and whether there is always one.
DAYS = {
    "seat_tokens": (("kept_at", "kept_on", False),),
    "cards": (("created_at", "made_on", True), ("published_at", "published_on", False)),
    "card_remarks": (("written_at", "written_on", True),),
    "feed_tokens": (("made_at", "made_on", True),),
    "attendance_sheets": (("held_at", "counted_from", True), ("confirmed_at", "confirmed_on", False)),
    "certificates": (("issued_at", "issued_on", True),),
}
UNREAD = {
    "organisations": ("created_at",),
    "users": ("confirmed_at", "created_at"),
    "invitations": ("invited_by", "created_at", "accepted_by"),
    "welcomes": ("created_at",),
    "members": ("added_by",),
    "report_versions": ("made_at", "made_by", "made_by_seat", "offered_by"),
    "report_approvals": ("by_seat", "by_user", "is_beside"),
    "attendance_sheets": ("confirmed_by",),
    "annexes": ("changed_at",),
    "cards": ("outcome_at",),
    "attachments": ("made_at",),
    "card_follows": ("began_at",),
}
ORDER = (
    "UPDATE card_remarks SET number = (SELECT count(*) FROM card_remarks AS other "
    "WHERE other.card_id = card_remarks.card_id AND (other.written_at < card_remarks.written_at "
    "OR (other.written_at = card_remarks.written_at AND other.id <= card_remarks.id)))"
)


def upgrade() -> None:
    tables = sorted({*FACTS, *DAYS, *UNREAD})
    for table in tables:
        for time, fact in FACTS.get(table, {}).items():
            op.add_column(table, sa.Column(fact, sa.Boolean(), nullable=False, server_default=sa.false()))
            op.execute(f"UPDATE {table} SET {fact} = ({time} IS NOT NULL)")  # noqa: S608 – names of our own
        for time, day, _ in DAYS.get(table, ()):
            op.add_column(table, sa.Column(day, sa.Date(), nullable=True))
            op.execute(f"UPDATE {table} SET {day} = date({time})")  # noqa: S608
    op.add_column("card_remarks", sa.Column("number", sa.Integer(), nullable=False, server_default="0"))
    op.execute(ORDER)
    op.execute(f"UPDATE attendance_sheets SET counted_from = {end_of_month()}")  # noqa: S608
    op.drop_index("ix_attendance_sheets_held_at", "attendance_sheets")
    for table in tables:
        let_go(table)
    op.create_index("ix_attendance_sheets_counted_from", "attendance_sheets", ["counted_from"])
    if op.get_context().dialect.name == "postgresql":  # it leaves what a dropped column held in the rows that have it
        for table in tables:
            op.execute(f"CLUSTER {table} USING pk_{table}")


def end_of_month() -> str:
    """The last day of the month in which a meeting was held: the moment itself would lead to the meeting."""
    if op.get_context().dialect.name == "sqlite":
        return "date(held_at, 'start of month', '+1 month', '-1 day')"
    return "date(date_trunc('month', held_at) + interval '1 month' - interval '1 day')"


def let_go(table: str) -> None:
    days = DAYS.get(table, ())
    with op.batch_alter_table(table) as changing:
        for _, day, is_always_there in days:
            if is_always_there:
                changing.alter_column(day, existing_type=sa.Date(), nullable=False)
        for column in (*FACTS.get(table, {}), *(time for time, *_ in days), *UNREAD.get(table, ())):
            changing.drop_column(column)
