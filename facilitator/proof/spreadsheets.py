"""Tables as CSV that spreadsheets open without running anything.

Promises: a text that a spreadsheet would take for a formula is quoted; every cell reads back as what it was, but for that
apostrophe; the file says that it is UTF-8.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from facilitator.core.text import cleaned

BYTE_ORDER_MARK = "\ufeff"
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
Cell = str | int | float


def table(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """A table with one row of heads."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([quoted(cell) for cell in row] for row in rows)
    return BYTE_ORDER_MARK + file.getvalue()


def quoted(cell: Cell) -> Cell:
    """A text without what nobody sees, with an apostrophe before what would be a formula."""
    if not isinstance(cell, str):
        return cell
    text = cleaned(cell)
    return f"'{text}" if text.startswith(FORMULAS) else text
