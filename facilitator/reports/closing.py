"""The end of a report in words: what this group agreed, the next meeting, and what leaves the group.

Promises: that nothing was shared and that somebody refused to share read the same; refusing is visible to nobody.
"""

from __future__ import annotations

from flask_babel import format_datetime, gettext

from facilitator.reports.blocks import Block, Facts, Line, Lines, Part, Words
from facilitator.reports.report import Report


def _(text: str, /, **names: object) -> str:
    return str(gettext(text, **names))


def closing_parts(report: Report) -> list[Part]:
    """What stands after the texts of the meeting."""
    return [*_agreements(report), *_next(report), *_sharing(report)]


def _agreements(report: Report) -> list[Part]:
    if not report.agreements:
        return []
    lines = Lines(tuple(Line(text) for text in report.agreements))
    return [Part("agreements", _("Agreements of this meeting"), 2, (lines,))]


def _next(report: Report) -> list[Part]:
    blocks = next_blocks(report)
    return [Part("next", _("Next meeting"), 2, blocks)] if blocks else []


def next_blocks(report: Report) -> tuple[Block, ...]:
    """When the next meeting is, and who does what in it."""
    blocks: list[Block] = []
    if report.next_at:
        blocks.append(Facts(((_("Date and time"), format_datetime(report.next_at, "EEEE d MMMM yyyy, HH:mm")),)))
    if report.rota:
        blocks.append(Lines(tuple(Line(text) for text in report.rota)))
    return tuple(blocks)


def _sharing(report: Report) -> list[Part]:
    if report.approved_at is None or not any(case.case_giver for case in report.cases):
        return []
    sentence = _(
        "This report is for the group. Only the person whose case it is decides whether anything of it is shared with the "
        "organisation, without names. Whoever does not want that says nothing."
    )
    return [Part("sharing", _("Sharing"), 2, (Words(sentence, is_quiet=True),))]
