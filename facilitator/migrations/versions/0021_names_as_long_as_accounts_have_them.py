"""Names as long as accounts have them"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

COLUMNS = (("seats", "name", False), ("contributions", "brought_by", True), ("actions", "owner_name", False))


def upgrade() -> None:
    for table, column, may_be_null in COLUMNS:
        if op.get_bind().dialect.name == "postgresql":
            op.alter_column(
                table, column, type_=sa.String(80), existing_type=sa.String(40), existing_nullable=may_be_null
            )
        else:
            _in_place(table, column, may_be_null)


def _in_place(table: str, column: str, may_be_null: bool) -> None:
    """SQLite changes no type; a column beside it takes over, so that the table itself stays as it is."""
    beside = f"{column}_longer"
    default = None if may_be_null else ""
    op.add_column(table, sa.Column(beside, sa.String(80), nullable=may_be_null, server_default=default))
    op.execute(f"UPDATE {table} SET {beside} = {column}")  # noqa: S608 – the names stand above
    op.drop_column(table, column)
    op.execute(f"ALTER TABLE {table} RENAME COLUMN {beside} TO {column}")
