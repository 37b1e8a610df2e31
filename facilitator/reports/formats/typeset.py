"""A report as PDF: the sheet as data for a template, and the line of phases."""

from __future__ import annotations

from dataclasses import asdict
from typing import Literal

from flask import get_template_attribute
from flask_babel import get_locale, gettext

from facilitator.meetings.pictures import Stop, line
from facilitator.pdf import typeset
from facilitator.reports.blocks import Sheet
from facilitator.reports.report import Report

WIDTH = 460


def pdf(report: Report, sheet: Sheet) -> bytes:
    """The whole report, in the language that the sheet's words are in."""
    data = {
        **asdict(sheet),
        "foot": f"{sheet.name} · {sheet.state}" if sheet.state else sheet.name,
        "legend": str(gettext("outline: planned, bar: used")),
        "line": _line(report),
    }
    return typeset("report", data, locale=str(get_locale() or "nl"), title=document_title(sheet)).content


def document_title(sheet: Sheet) -> str:
    """What a file calls itself."""
    return f"{sheet.name}: {sheet.title}" if sheet.title.strip() else sheet.name


def _line(report: Report) -> dict[str, object] | None:
    """Every phase as a stop, from the start of the meeting on, and the same in a sentence."""
    stops = [Stop(row.short, max(1, round(row.planned / 60))) for row in report.times]
    if not stops or report.here < 0:
        return None
    in_words = get_template_attribute("partials/line.html", "line_in_words")
    marks = [{"title": stop.title, "state": _state(index, report.here)} for index, stop in enumerate(stops)]
    return {"stops": marks, "in_words": str(in_words(line(stops, report.here, WIDTH, "report"))).strip()}


def _state(index: int, here: int) -> Literal["behind", "here", "ahead"]:
    return "here" if index == here else "behind" if index < here else "ahead"
