"""Tables as CSV and as XLSX, which spreadsheets open at once and without running anything.

Promises: what is quoted, and how, is RFC 4180, in UTF-8 with a byte order mark, so that every script is read; cells are parted by what
spreadsheets of the reader's language expect, a semicolon where numbers have a comma; no text can begin a formula, whichever sign a
spreadsheet takes for the one that parts cells. Whatever there is as CSV there is as XLSX: who offers tables offers `KINDS`.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from xml.sax.saxutils import escape

from babel.numbers import get_decimal_symbol
from flask_babel import LazyString, format_decimal, get_locale, lazy_gettext

from facilitator.core.text import printable

BYTE_ORDER_MARK = "\ufeff"
# Where a spreadsheet may begin a cell – also one that takes semicolons for separators and so loses our quotes – and what
# begins a formula there: OWASP's list, with its full-width forms and what nobody sees before it. Tabs have become spaces.
# In a table of semicolons a comma parts cells for who expects those; in one of commas it is within quotes.
UNSEEN = r"[\s\u200b-\u200f\u2060-\u2069\u00ad]*"
SIGN = r"([=+\-@\uff1d\uff0b\uff0d\uff20\ufe62\ufe63\ufe66\ufe6b])"
FORMULA = {
    ",": re.compile(rf"((?:^|[\n;\"]){UNSEEN}){SIGN}"),
    ";": re.compile(rf"((?:^|[\n;\",]){UNSEEN}){SIGN}"),
}
LONGEST_CELL = 32_767
CODED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # what XLSX reads as a sign by its number
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
OFFICE = "http://schemas.openxmlformats.org"
MAIN, LINKS = f"{OFFICE}/spreadsheetml/2006/main", f"{OFFICE}/package/2006/relationships"
KIND, MADE = (
    f"{OFFICE}/officeDocument/2006/relationships",
    "application/vnd.openxmlformats-officedocument.spreadsheetml",
)
SHEET = (
    f'<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" state="frozen"/>'
    '</sheetView></sheetViews><sheetFormatPr defaultColWidth="24" defaultRowHeight="15"/><sheetData>{rows}</sheetData></worksheet>'
)
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{OFFICE}/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{MADE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{MADE}.styles+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{MADE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{LINKS}">'
    f'<Relationship Id="rId1" Type="{KIND}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{KIND}">'
    '<sheets><sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{LINKS}">'
    f'<Relationship Id="rId1" Type="{KIND}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{KIND}/styles" Target="styles.xml"/></Relationships>',
    # As they are; texts over several lines; heads in bold.
    "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><fonts count="2"><font/><font><b/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/>'
    '<xf applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf><xf fontId="1" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}
Cell = str | int | Decimal


def table(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A table with one row of heads; numbers are written as in the language of the request."""
    written = io.StringIO(newline="")
    parted = separator()
    writer = csv.writer(written, delimiter=parted, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([_in_csv(cell, parted) for cell in row] for row in (heads, *rows))
    return (BYTE_ORDER_MARK + written.getvalue()).encode()


def _in_csv(cell: Cell, parted: str) -> str | int:
    if isinstance(cell, Decimal):
        return str(format_decimal(cell, "0.00"))
    return safe(cell, parted) if isinstance(cell, str) else cell


def separator() -> str:
    """What parts cells in the language of the request."""
    return ";" if get_decimal_symbol(get_locale()) == "," else ","


def safe(text: str, parted: str = ",") -> str:
    """A text in which nothing begins a formula, in a table whose cells are `parted` by that: an apostrophe stands before what would."""
    return FORMULA[parted].sub(r"\1'\2", printable(text))


def workbook(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The same table as XLSX: its cells are what they are whatever the reader's spreadsheet expects, and its texts are texts, never
    formulas. Nothing in it tells who made it, or when.
    """
    written = io.BytesIO()
    sheet = SHEET.format(rows="".join(_xml_row(number, row) for number, row in enumerate((heads, *rows), start=1)))
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in {**PARTS, "xl/worksheets/sheet1.xml": sheet}.items():
            file.writestr(zipfile.ZipInfo(name), f"{XML}{part}", zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _xml_row(number: int, row: Sequence[Cell]) -> str:
    return f'<row r="{number}">{"".join(_xml_cell(cell, is_head=number == 1) for cell in row)}</row>'


def _xml_cell(cell: Cell, *, is_head: bool) -> str:
    if not isinstance(cell, str):
        return f'<c s="1"><v>{round(cell, 2)}</v></c>'
    text = escape(CODED.sub("_x005F_", printable(cell)[:LONGEST_CELL]))
    return f'<c s="{2 if is_head else 1}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


@dataclass(frozen=True, slots=True)
class Kind:
    """A file with a table in it: what it is called, its media type, and what writes it."""

    title: LazyString
    media_type: str
    write: Callable[[Sequence[str], Iterable[Sequence[Cell]]], bytes]


KINDS: dict[str, Kind] = {
    "xlsx": Kind(lazy_gettext("Spreadsheet (Excel)"), f"{MADE}.sheet", workbook),
    "csv": Kind(lazy_gettext("Spreadsheet (CSV)"), "text/csv; charset=utf-8; header=present", table),
}
