"""What goes out as a file: certificate, attendance list, annex, overview. Nobody keeps a copy on the way."""

from __future__ import annotations

from flask import Response, abort, make_response, render_template, request

from facilitator.accounts.access import me, sign_in_required, signed_in
from facilitator.accounts.languages import readers_language
from facilitator.core import sealing
from facilitator.core.audit import Deed, note
from facilitator.core.db import db, now
from facilitator.core.spreadsheets import KINDS
from facilitator.meetings import models
from facilitator.proof import documents, store
from facilitator.proof.access import holder, kept_meeting, own_holder
from facilitator.proof.actions import certificate, may_print, rows_of, sheet_of, standing
from facilitator.proof.annexes import annex_of
from facilitator.proof.content import Confirmed, Particulars
from facilitator.proof.models import Attendance
from facilitator.proof.views import blueprint
from facilitator.proof.views.overview import chosen_overview, overview_table


@blueprint.get("/meetings/<meeting_id>/proof.pdf")
def proof_pdf(meeting_id: str) -> Response:
    """The certificate of whoever asks; given out the first time. Whoever leads gets it for people without a phone."""
    seat_id, user_id = _whose(meeting_id)
    found = certificate(meeting_id, seat_id, user_id)
    if found is None:
        page = render_template("proof/not_yet.html", meeting_id=meeting_id, is_list=False)
        return make_response(page, 409)
    content = documents.certificate(found, readers_language())
    return pdf(content, documents.file_name("proof", found.proof.held.started_at))


@blueprint.get("/meetings/<meeting_id>/attendance.pdf")
def attendance_pdf(meeting_id: str) -> Response:
    """The attendance list, for whoever leads."""
    meeting = kept_meeting(meeting_id)
    user = signed_in()
    with db.writing() as session:
        sheet = sheet_of(session, meeting.id)
        try:
            held = store.held_of(sheet) if sheet else None
            people = _in_order([_person(row) for row in rows_of(session, sheet).values()]) if sheet else []
        except sealing.Damaged:  # a list without somebody would be untrue, and confirming once more mends it
            held = None
        if sheet is None or held is None or sheet.confirmed_on is None:
            page = render_template("proof/not_yet.html", meeting_id=meeting_id, is_list=True)
            return make_response(page, 409)
        confirmed_on = sheet.confirmed_on
        note(session, sheet.organisation_id, user.id if user else None, Deed.EXPORTED, "proof", sheet.id)
    content = documents.attendance(held, people, confirmed_on, readers_language())
    return pdf(content, documents.file_name("attendance", held.started_at))


@blueprint.get("/meetings/<meeting_id>/annex.pdf")
def annex_pdf(meeting_id: str) -> Response:
    """The annex of whoever asks, as they kept it."""
    mine = own_holder(meeting_id)
    with db.reading() as session:
        annex = annex_of(session, mine)
        if annex is None:
            abort(404)
        found = store.reflection_of(annex)
    name = mine.user.name if mine.user else mine.seat.name
    return pdf(documents.annex(found, name, readers_language()), documents.file_name("annex", found.held_at))


@blueprint.get("/proof.pdf")
@sign_in_required
def overview_pdf() -> Response:
    """The own overview of a period, on paper."""
    content = documents.overview(chosen_overview(), me().name, now(), readers_language())
    return pdf(content, documents.file_name("overview", now()))


@blueprint.get(f"/proof.<any({', '.join(KINDS)}):ending>")
@sign_in_required
def overview_spreadsheet(ending: str) -> Response:
    """The own overview of a period, for a spreadsheet."""
    answer = make_response(overview_table(chosen_overview(), readers_language(), KINDS[ending]))
    answer.headers["Content-Type"] = KINDS[ending].media_type
    return named(answer, documents.file_name("overview", now(), ending))


def _whose(meeting_id: str) -> tuple[str, str | None]:
    """Whose certificate is asked for: the own one, or of somebody who has no phone to ask with."""
    asked = request.args.get("seat")
    if not asked:
        mine = holder(meeting_id)
        if not may_print(mine, standing(meeting_id, mine.seat.id)):
            abort(404)
        return mine.seat.id, mine.user_id
    meeting = kept_meeting(meeting_id)
    seat = db.session.get(models.Seat, asked)
    if seat is None or seat.meeting_id != meeting.id or seat.has_phone or seat.kind != "participant":
        abort(404)
    user = signed_in()
    return seat.id, user.id if user else None


def _person(row: Attendance) -> tuple[Confirmed, Particulars, bool] | None:
    confirmed = store.confirmed_of(row)
    said = sealing.readable(lambda: store.particulars_of(row), Particulars())
    return (confirmed, said, row.has_signed) if confirmed else None


def _in_order(
    people: list[tuple[Confirmed, Particulars, bool] | None],
) -> list[tuple[Confirmed, Particulars, bool]]:
    found = [person for person in people if person is not None]
    return sorted(found, key=lambda person: (person[0].name.casefold(), person[0].name))


def pdf(content: bytes, name: str) -> Response:
    answer = make_response(content)
    answer.headers["Content-Type"] = "application/pdf"
    return named(answer, name)


def named(answer: Response, name: str) -> Response:
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
