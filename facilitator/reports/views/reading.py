"""The addresses of a session report: a page, and files in other formats.

Promises: everybody who has to do with the meeting gets what is theirs to read now, and everybody else finds no such page.
Whoever opens or takes along a report is noted. Of a meeting whose texts were erased nothing is made any more.
"""

from __future__ import annotations

from flask import Response, abort, make_response, render_template
from werkzeug.wrappers import Response as BaseResponse

from facilitator.core import sealing
from facilitator.core.audit import Deed
from facilitator.core.pictures import LinePicture, Stop, line
from facilitator.core.times import whole_minutes
from facilitator.reports import actions, store
from facilitator.reports.access import Reader, reader_of
from facilitator.reports.formats import FORMATS, offered
from facilitator.reports.reading import in_words_of_reader, reading
from facilitator.reports.report import Report
from facilitator.reports.sheet import file_name, sheet
from facilitator.reports.states import State, state_of
from facilitator.reports.views import blueprint

LINE_WIDTH = 820


@blueprint.get("/meetings/<meeting_id>/report")
def report(meeting_id: str) -> BaseResponse:
    """The report as a page; to whoever may not read it yet, that it will come."""
    try:
        found = reading(meeting_id)
    except sealing.Damaged:
        return _damaged(meeting_id)
    if found.report is None:
        return make_response(render_template("reports/waiting.html"))
    actions.opened(found.reader, Deed.OPENED)
    return _page(found.report, found.reader, state=state_of(found))


@blueprint.get("/meetings/<meeting_id>/report/versions/<number>")
def version(meeting_id: str, number: str) -> BaseResponse:
    """An approved version as it was, for those who may correct it."""
    reader = reader_of(meeting_id)
    if not reader.sees_draft or not number.isascii() or not number.isdigit() or len(number) > 6:
        abort(404)
    try:
        old = store.version_of(meeting_id, int(number))
    except sealing.KeyIsGone:
        abort(410)
    if old is None:
        abort(404)
    actions.opened(reader, Deed.OPENED)
    return _page(in_words_of_reader(old.report), reader, old_version=old.report.version)


@blueprint.get("/meetings/<meeting_id>/report.<ending>")
def download(meeting_id: str, ending: str) -> Response:
    """The report as a file, in one of the formats there are."""
    if ending not in FORMATS:
        abort(404)
    found = reading(meeting_id)
    if found.report is None:
        abort(404)
    actions.opened(found.reader, Deed.EXPORTED)
    answer = make_response(FORMATS[ending].draw(found.report, sheet(found.report)))
    answer.headers["Content-Type"] = FORMATS[ending].media_type
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name(found.report, ending)}"'
    return answer


def _page(found: Report, reader: Reader, state: State | None = None, old_version: int | None = None) -> BaseResponse:
    page = render_template(
        "reports/report.html",
        sheet=sheet(found),
        line=_line(found),
        meeting_id=found.meeting_id,
        reader=reader,
        seat_query="?as=2" if reader.as_seat == 2 else "",
        offered=offered(found),
        state=state,
        old_version=old_version,
    )
    return make_response(page)


def _damaged(meeting_id: str) -> BaseResponse:
    """That it cannot be read; who may correct it is led to the earlier versions."""
    reader = reader_of(meeting_id)
    versions = store.versions(meeting_id) if reader.sees_draft else ()
    seat_query = "?as=2" if reader.as_seat == 2 else ""
    page = render_template("reports/damaged.html", meeting_id=meeting_id, versions=versions, seat_query=seat_query)
    return make_response(page, 503)


def _line(found: Report) -> LinePicture | None:
    """The phases as stops, from the start on."""
    stops = [Stop(row.short, max(1, whole_minutes(row.planned))) for row in found.times]
    return line(stops, found.here, LINE_WIDTH, "report") if stops and found.here >= 0 else None
