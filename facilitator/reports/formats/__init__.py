"""Every format a report leaves in. A format joins in the table here: its ending, its media type, what draws it.

Promises: a format gets the report and its words, both of which hold what may be read and nothing else, and gives bytes.
None asks the meeting, and none knows who reads.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from facilitator.reports.blocks import Sheet
from facilitator.reports.markdown import markdown
from facilitator.reports.report import Report


@dataclass(frozen=True, slots=True)
class Format:
    """`draw` makes the file, in the language of the request: the sheet's words already are."""

    media_type: str
    draw: Callable[[Report, Sheet], bytes]


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


def _csv(report: Report, _sheet: Sheet) -> bytes:
    from facilitator.reports.formats.contributions import as_csv

    return as_csv(report)


def _ics(report: Report, _sheet: Sheet) -> bytes:
    from facilitator.reports.formats.dates import as_ics

    return as_ics(report)


FORMATS: dict[str, Format] = {
    "pdf": Format("application/pdf", _pdf),
    "docx": Format("application/vnd.openxmlformats-officedocument.wordprocessingml.document", _docx),
    "md": Format("text/markdown; charset=utf-8", _md),
    "json": Format("application/json", _json),
    "csv": Format("text/csv; charset=utf-8; header=present", _csv),
    "ics": Format("text/calendar; charset=utf-8; method=PUBLISH", _ics),
}


def offered(report: Report) -> tuple[str, ...]:
    """The endings of the files that have something in them."""
    return tuple(ending for ending in FORMATS if ending != "ics" or has_dates(report))


def has_dates(report: Report) -> bool:
    """Whether there is anything to put into a calendar."""
    return report.next_at is not None or any(deed.due for case in report.cases for deed in case.actions)
