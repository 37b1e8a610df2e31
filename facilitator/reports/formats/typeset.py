"""A report as PDF: the sheet as data for a template, and the line of phases."""

from __future__ import annotations

from dataclasses import asdict
from typing import Literal

from flask_babel import gettext

from facilitator.accounts.languages import readers_language
from facilitator.core.pdf import typeset
from facilitator.core.pictures.names import initials_of
from facilitator.reports.blocks import Sheet
from facilitator.reports.formats.title_and_footer import document_title, footer, line_in_words
from facilitator.reports.report import Report

MOST_AROUND = 14


def pdf(report: Report, sheet: Sheet) -> bytes:
    """The whole report, in the language that the sheet's words are in."""
    data = {
        **asdict(sheet),
        "foot": footer(sheet),
        "legend": str(gettext("outline: planned, bar: used")),
        "stretch": str(gettext("{planned} minutes planned, {used} used")),  # the template puts the figures in
        "line": _line(report),
        "circle": _circle(report),
    }
    return typeset("report", data, locale=readers_language(), title=document_title(sheet)).content


def _line(report: Report) -> dict[str, object] | None:
    """Every phase as a stop, from the start of the meeting on, and the same in a sentence."""
    in_words = line_in_words(report)
    if not in_words:
        return None
    stops = [{"title": row.short, "state": _state(index, report.here)} for index, row in enumerate(report.times)]
    return {"stops": stops, "in_words": in_words}


def _circle(report: Report) -> dict[str, object] | None:
    """Who was there, by the first letters of their names; no picture of one, and none of more than fit around a table."""
    names = report.people.present
    if not 2 <= len(names) <= MOST_AROUND:
        return None
    return {"initials": initials_of(names), "in_words": f"{gettext('At the table')}: {', '.join(names)}"}


def _state(index: int, here: int) -> Literal["behind", "here", "ahead"]:
    return "here" if index == here else "behind" if index < here else "ahead"
