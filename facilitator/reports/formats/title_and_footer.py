"""Words that several formats need beside those of the sheet."""

from __future__ import annotations

from flask import get_template_attribute

from facilitator.core.pictures import Stop, line
from facilitator.reports.blocks import Sheet
from facilitator.reports.report import Report

WIDTH = 460


def document_title(sheet: Sheet) -> str:
    """What a file calls itself."""
    return f"{sheet.name}: {sheet.title}" if sheet.title.strip() else sheet.name


def footer(sheet: Sheet) -> str:
    """What stands at the bottom of each page."""
    return f"{sheet.name} · {sheet.state}" if sheet.state else sheet.name


def line_in_words(report: Report) -> str:
    """What is read out in place of the line of phases; nothing before the meeting has begun."""
    if not report.times or report.here < 0:
        return ""
    stops = [Stop(row.short, max(1, round(row.planned / 60))) for row in report.times]
    in_words = get_template_attribute("partials/line.html", "line_in_words")
    return str(in_words(line(stops, report.here, WIDTH, "report"))).strip()
