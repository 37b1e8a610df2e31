"""The addresses of a session report: a page, and files in other formats.

Promises: for now only whoever leads the meeting, or set it up, sees it; to everybody else there is no such page. Of a
meeting whose texts were erased nothing is made any more.
"""

from __future__ import annotations

from flask import Blueprint, Response, abort, make_response, render_template

from facilitator.meetings import loading, rules, sealing, seats
from facilitator.meetings.pictures import LinePicture, Stop, line
from facilitator.meetings.snapshot import Snapshot
from facilitator.meetings.views.answers import readers_language
from facilitator.meetings.views.live import own_meeting
from facilitator.reports.formats import FORMATS
from facilitator.reports.report import Report, session_report
from facilitator.reports.sheet import file_name, sheet

LINE_WIDTH = 820

blueprint = Blueprint("reports", __name__)


@blueprint.get("/meetings/<meeting_id>/report")
def report(meeting_id: str) -> str:
    """The report as a page."""
    found = session_report(_read(meeting_id), readers_language())
    return render_template("reports/report.html", sheet=sheet(found), line=_line(found), meeting_id=meeting_id)


@blueprint.get("/meetings/<meeting_id>/report.<ending>")
def download(meeting_id: str, ending: str) -> Response:
    """The report as a file, in one of the formats there are."""
    if ending not in FORMATS:
        abort(404)
    found = session_report(_read(meeting_id), readers_language())
    answer = make_response(FORMATS[ending].draw(found, sheet(found)))
    answer.headers["Content-Type"] = FORMATS[ending].media_type
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name(found, ending)}"'
    return answer


def _read(meeting_id: str) -> Snapshot:
    """The meeting, for whoever may read its report: asked anew each time, as every right is."""
    seat = seats.held_seat(meeting_id, "console")
    if seat is None or seat.left_at is not None or seat.expelled_at is not None:
        own_meeting(meeting_id)
        seat = None
    try:
        snapshot = loading.read(meeting_id)
    except loading.NoSuchMeeting:
        abort(404)
    except sealing.KeyIsGone:
        abort(410)
    lead = snapshot.seat(seat.id) if seat else None
    if seat is not None and (lead is None or not rules.is_moderator(snapshot, lead)):
        abort(404)
    return snapshot


def _line(found: Report) -> LinePicture | None:
    """The phases as stops, from the start on."""
    stops = [Stop(row.short, max(1, round(row.planned / 60))) for row in found.times]
    return line(stops, found.here, LINE_WIDTH, "report") if stops and found.here >= 0 else None
