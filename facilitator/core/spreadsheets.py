"""Tables as CSV that spreadsheets open at once, and without running anything.

Promises: what is quoted, and how, is RFC 4180, in UTF-8 with a byte order mark, so that every script is read; cells are parted by what
spreadsheets of the reader's language expect, a semicolon where numbers have a comma; no text can begin a formula, whichever sign a
spreadsheet takes for the one that parts cells.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from babel.numbers import get_decimal_symbol
from flask_babel import get_locale

from facilitator.core.text import printable

BYTE_ORDER_MARK = "\ufeff"
# Where a spreadsheet may begin a cell – also one that takes semicolons for separators and so loses our quotes – and what
# begins a formula there: OWASP's list, with its full-width forms and what nobody sees before it. Tabs have become spaces.
BEFORE = r"(?:^|[\n;\"])[\s\u200b-\u200f\u2060-\u2069\u00ad]*"
FORMULA = re.compile(rf"({BEFORE})([=+\-@\uff1d\uff0b\uff0d\uff20\ufe62\ufe63\ufe66\ufe6b])")
Cell = str | int


def table(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A table with one row of heads."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=separator(), quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([safe(cell) if isinstance(cell, str) else cell for cell in row] for row in (heads, *rows))
    return (BYTE_ORDER_MARK + written.getvalue()).encode()


def separator() -> str:
    """What parts cells in the language of the request."""
    return ";" if get_decimal_symbol(get_locale()) == "," else ","


def safe(text: str) -> str:
    """A text in which nothing begins a formula: an apostrophe stands before what would."""
    return FORMULA.sub(r"\1'\2", printable(text))
