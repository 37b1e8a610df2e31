"""The texts of a report as CSV, for whoever wants to sort and count them.

Promises: RFC 4180 in UTF-8 with a byte order mark, so that spreadsheets read every script; no text can begin a formula,
whichever separator a spreadsheet takes for its own; and no column says who wrote what.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from flask_babel import gettext

from facilitator.core.text import printable
from facilitator.reports.report import Report
from facilitator.reports.sheet import section_heading
from facilitator.reports.texts import Section, Told

# Where a spreadsheet may begin a cell – also one that takes semicolons for separators and so loses our quotes – and what
# begins a formula there: OWASP's list, with its full-width forms and what nobody sees before it. Tabs have become spaces.
BEFORE = r"(?:^|[\n;\"])[\s\u200b-\u200f\u2060-\u2069\u00ad]*"
FORMULA = re.compile(rf"({BEFORE})([=+\-@\uff1d\uff0b\uff0d\uff20\ufe62\ufe63\ufe66\ufe6b])")
Row = tuple[str, str, str, str, str, str]


def as_csv(report: Report) -> bytes:
    """Every text of every phase, and the cases that were kept: a row each, under heads in the reader's language."""
    written = io.StringIO()
    rows = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    rows.writerow([safe(head) for head in _heads()])
    rows.writerows([safe(cell) for cell in row] for row in _rows(report))
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def safe(text: str) -> str:
    """A text in which nothing begins a formula: an apostrophe stands before what would."""
    return FORMULA.sub(r"\1'\2", printable(text))


def _heads() -> Row:
    return (
        str(gettext("Case")),
        str(gettext("Phase")),
        str(gettext("Kind")),
        str(gettext("Text")),
        str(gettext("Chosen")),
        str(gettext("Together with")),
    )


def _rows(report: Report) -> Iterator[Row]:
    for case in report.cases:
        for section in case.sections:
            yield from _of_section(str(case.number), section)
    for section in report.sections:
        yield from _of_section("", section)
    for told in report.kept_cases:
        yield from _of_text("", str(gettext("Cases kept for next time")), "pick", told)


def _of_section(case: str, section: Section) -> Iterator[Row]:
    for told in section.texts:
        yield from _of_text(case, section_heading(section), section.kind.value, told)


def _of_text(case: str, phase: str, kind: str, told: Told) -> Iterator[Row]:
    chosen = str(gettext("yes")) if told.is_chosen else ""
    yield (case, phase, kind, "\n".join((told.text, *told.more)), chosen, "")
    for double in told.doubles:
        yield (case, phase, kind, double, chosen, told.text)
