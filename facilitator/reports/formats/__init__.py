"""Every format a report leaves in. A format joins in the table here: its ending, its media type, what draws it, what it is
called and what it is good for; its address and its link follow from that.

Promises: a format gets the report and its words, both of which hold what may be read and nothing else, and gives bytes.
None asks the meeting, and none knows who reads.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from facilitator.core.spreadsheets import KINDS
from facilitator.reports.blocks import Sheet
from facilitator.reports.diary import diary_of
from facilitator.reports.markdown import markdown
from facilitator.reports.report import Report

# What people take a file along for; links stand together by it, in this order.
TO_READ, TO_WORK_IN, TO_COUNT, FOR_DATES = "read", "work", "count", "dates"
USES: dict[str, LazyString] = {
    TO_READ: _("To read, print and keep"),
    TO_WORK_IN: _("To go on working in"),
    TO_COUNT: _("To count, or to use in other programs"),
    FOR_DATES: _("To put in your calendar"),
}


@dataclass(frozen=True, slots=True)
class Format:
    """`draw` makes the file, in the language of the request: the sheet's words already are."""

    name: str | LazyString
    use: str
    media_type: str
    draw: Callable[[Report, Sheet], bytes]
    icon: str = "download"


# What draws is imported where it is needed: the libraries behind it would slow down every start.
def _pdf(report: Report, sheet: Sheet) -> bytes:
    from facilitator.reports.formats.typeset import pdf

    return pdf(report, sheet)


def _docx(report: Report, sheet: Sheet) -> bytes:
    from facilitator.reports.formats.word import docx

    return docx(report, sheet)


def _md(_report: Report, sheet: Sheet) -> bytes:
    return markdown(sheet).encode()


def _json(report: Report, _sheet: Sheet) -> bytes:
    from facilitator.reports.formats.data import as_json

    return as_json(report)


def _table(ending: str) -> Format:
    def write(report: Report, _sheet: Sheet) -> bytes:
        from facilitator.reports.formats.contributions import as_table

        return as_table(report, KINDS[ending])

    return Format(KINDS[ending].title, TO_COUNT, KINDS[ending].media_type, write)


def _ics(report: Report, _sheet: Sheet) -> bytes:
    from facilitator.reports.formats.dates import as_ics

    return as_ics(report)


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CALENDAR = "text/calendar; charset=utf-8; method=PUBLISH"
FORMATS: dict[str, Format] = {
    "pdf": Format("PDF", TO_READ, "application/pdf", _pdf),
    "docx": Format("Word", TO_WORK_IN, WORD, _docx),
    "md": Format("Markdown", TO_WORK_IN, "text/markdown; charset=utf-8", _md),
    **{ending: _table(ending) for ending in KINDS},
    "json": Format(_("Data (JSON)"), TO_COUNT, "application/json", _json),
    "ics": Format(_("Actions and next meeting"), FOR_DATES, CALENDAR, _ics, icon="calendar"),
}


def offered(report: Report) -> list[tuple[LazyString, dict[str, Format]]]:
    """The files that have something in them: what they are good for, and the formats by their endings."""
    fitting = {ending: found for ending, found in FORMATS.items() if found.use != FOR_DATES or has_dates(report)}
    together = [(title, {e: found for e, found in fitting.items() if found.use == use}) for use, title in USES.items()]
    return [(title, formats) for title, formats in together if formats]


def has_dates(report: Report) -> bool:
    """Whether there is anything to put into a calendar."""
    return bool(diary_of(report))
