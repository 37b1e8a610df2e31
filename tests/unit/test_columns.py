"""Every column of both databases is in docs/confidentiality.md with what needs it, and no other; something of the product reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import Column

from facilitator.core import sealing
from facilitator.migrations.tables import metadata
from tests.promises import DOCUMENT, ROOT

SECTION = DOCUMENT.read_text(encoding="utf-8").partition("## Every column")[2].partition("\n## ")[0]
TABLES = [*metadata.sorted_tables, *sealing.metadata.sorted_tables]
CODE = "\n".join(
    path.read_text(encoding="utf-8")
    for pattern in ("*.py", "*.html")
    for path in sorted((ROOT / "facilitator").rglob(pattern))
    if "versions" not in path.parts and path.name != "models.py"
)
# Read by the library for signing in, which has them from the model.
BY_A_LIBRARY = {"users.password", "users.active"}


def documented() -> Iterator[tuple[str, str, str]]:
    """Table, column and reason, as they stand in the document."""
    for table, cell in re.findall(r"^\| `(\w+)` \| (.*?)(?:\[\^[a-z-]+\])+ \|$", SECTION, re.MULTILINE):
        for piece in cell.split(" · "):
            names, _, why = piece.partition(": ")
            yield from ((table, name, why) for name in re.findall(r"`(\w+)`", names))


@pytest.mark.promise("every-column")
def test_the_document_and_the_databases_have_the_same_columns() -> None:
    kept = sorted((table.name, column.name) for table in TABLES for column in table.columns)
    assert len(kept) > 200
    assert sorted((table, column) for table, column, _ in documented()) == kept


@pytest.mark.promise("every-column")
def test_each_has_a_reason() -> None:
    assert [(table, column) for table, column, why in documented() if len(why.split()) < 2] == []


@pytest.mark.promise("every-column")
@pytest.mark.parametrize("column", [column for table in TABLES for column in table.columns], ids=str)
def test_something_reads_it(column: Column[object]) -> None:
    """By name, and not only to write it: what is only set – `row.name = …`, `Row(name=…)` – is needed by nobody."""
    if str(column) in BY_A_LIBRARY or column.primary_key:
        return
    read = rf"""[\w\])]\.{column.name}\b(?!\s*(?:=[^=]|,[^()\n]*? = ))|["']{column.name}["']|\b{column.name} (?:=|IS|IN)\b"""
    assert re.search(read, CODE), f"nothing reads {column}"
