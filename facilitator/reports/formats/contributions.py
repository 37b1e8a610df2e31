"""The texts of a report as CSV and as XLSX, for whoever wants to sort and count them.

Promises: no column says who wrote what; the rest is promised by `core.spreadsheets`.
"""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext

from facilitator.core.spreadsheets import Kind
from facilitator.reports.report import Report
from facilitator.reports.sheet import section_heading
from facilitator.reports.texts import Section, Told

Row = tuple[str, str, str, str, str, str]


def as_table(report: Report, kind: Kind) -> bytes:
    """Every text of every phase, and the cases that were kept: a row each, under heads in the reader's language."""
    return kind.write(_heads(), _rows(report))


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
        heading = ": ".join(filter(None, (section_heading(section), told.column)))
        yield from _of_text(case, heading, section.kind.value, told)


def _of_text(case: str, phase: str, kind: str, told: Told) -> Iterator[Row]:
    chosen = str(gettext("yes")) if told.is_chosen else ""
    yield (case, phase, kind, "\n".join((told.text, *told.more)), chosen, "")
    for double in told.doubles:
        yield (case, phase, kind, double, chosen, told.text)
