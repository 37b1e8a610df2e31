"""Coming in with a code, a name and a promise; a second person on the same phone."""

from __future__ import annotations

from flask import Response, make_response, redirect, render_template, request
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from facilitator.accounts.access import signed_in
from facilitator.accounts.languages import readers_language
from facilitator.core.codes import plain_code
from facilitator.core.db import db
from facilitator.core.limits import here, refuse_after, wrong
from facilitator.core.refusals import Refused
from facilitator.meetings import forms, loading, models, refusals, seats, table_ids
from facilitator.meetings.actions import people
from facilitator.meetings.demo_mark import is_real
from facilitator.meetings.views import blueprint
from facilitator.meetings.visitor import lead_of

WRONG_CODES = "40 per minute"
JOINS = "1200 per minute"  # of one meeting, from one address: a whole hall


@blueprint.route("/j", methods=["GET", "POST"])
def code() -> BaseResponse:
    """Asks for the code on the screen."""
    form = forms.CodeForm()
    if form.is_fine():
        found = meeting_with(form.code.data)
        if found is not None:
            return redirect(f"/j/{found.code}")
        wrong(WRONG_CODES, "meeting codes")
        return _code_page(form, refusals.sentence("wrong_code"), 404)
    why = refusals.sentence("seat_elsewhere") if "without" in request.args else ""
    return _code_page(form, why, 422 if form.was_sent else 200)


@blueprint.route("/j/<code>", methods=["GET", "POST"])
def join(code: str) -> BaseResponse:
    """Takes a seat. Whoever has one already is led back to it."""
    meeting = meeting_with(code)
    if meeting is None:
        wrong(WRONG_CODES, "meeting codes")
        form = forms.CodeForm(formdata=None, data={"code": plain_code(code)})
        return _code_page(form, refusals.sentence("wrong_code"), 404)
    held = seats.held_seat(meeting.id, "phone")
    if held is not None and held.is_expelled:
        return _join_page(
            meeting, forms.JoinForm(meeting.uses_pseudonyms), refusals.sentence("expelled"), 403, as_seat=1
        )
    if held is not None and held.left_at is None:
        return redirect(f"/meetings/{meeting.id}/phone")
    # Somebody left with this phone, perhaps a borrowed one: its owner comes in as themselves.
    return _take_seat(meeting, as_seat=1, left_name=held.name if held else "")


@blueprint.route("/meetings/<meeting_id>/second", methods=["GET", "POST"])
def second(meeting_id: str) -> BaseResponse:
    """A seat for a second person on this phone."""
    meeting_id = table_ids.plenary_of(meeting_id)
    meeting = db.session.get(models.Meeting, meeting_id)
    first = seats.held_seat(meeting_id, "phone")
    if meeting is None or first is None or first.is_expelled:
        return redirect("/j")
    if seats.held_seat(meeting_id, "phone", 2) is not None:
        return redirect(f"/meetings/{meeting_id}/phone?as=2&cover=1")
    return _take_seat(meeting, as_seat=2)


def meeting_with(text: str | None) -> models.Meeting | None:
    """The meeting with a code as somebody typed it."""
    wanted = plain_code(text)
    query = select(models.Meeting).where(models.Meeting.code == wanted, is_real())  # no person joins simulated ones
    found = db.session.scalar(query) if len(wanted) == 8 else None
    # A table has no door of its own.
    return db.session.get(models.Meeting, table_ids.plenary_of(found.id)) if found is not None else None


def _take_seat(meeting: models.Meeting, as_seat: int, left_name: str = "") -> BaseResponse:
    form, is_again = forms.JoinForm(meeting.uses_pseudonyms), "again" in request.form
    if not form.is_fine():
        return _join_page(meeting, form, "", 422 if form.was_sent else 200, as_seat, left_name)
    refuse_after(JOINS, "joins", f"{here()} meeting:{meeting.id}")
    leads = as_seat == 1 and lead_of(meeting.id) is not None
    try:
        # Whoever is signed in on a phone that two share is the first of them.
        user = signed_in() if as_seat == 1 and not left_name else None
        earlier = seats.held_before(meeting, as_seat) if not left_name else ()
        name, language = form.name.data or "", readers_language()
        holding = people.join(meeting.id, name, language, form.agrees.data, leads, user, earlier, is_again)
    except Refused as refused:
        if refused.code == "name_taken":
            form.name.errors = [refusals.sentence(refused.code)]
            return _join_page(meeting, form, "", refused.status, as_seat, left_name, taken_name=name)
        return _join_page(meeting, form, refusals.sentence(refused.code), refused.status, as_seat)
    ending = "?as=2" if as_seat == 2 else ""
    answer = redirect(f"/meetings/{meeting.id}/phone{ending}")
    seats.keep(answer, "phone", holding, as_seat)
    return answer


def _code_page(form: forms.CodeForm, problem: str, status: int) -> Response:
    return make_response(render_template("meetings/code.html", form=form, problem=problem), status)


def _join_page(
    meeting: models.Meeting,
    form: forms.JoinForm,
    problem: str,
    status: int,
    as_seat: int,
    left_name: str = "",
    taken_name: str = "",
) -> Response:
    texts = loading.method_of(meeting).text(readers_language())
    template = "meetings/second.html" if as_seat == 2 else "meetings/join.html"
    page = render_template(
        template,
        form=form,
        problem=problem,
        method_agreement=texts.agreement,
        uses_pseudonyms=meeting.uses_pseudonyms,
        meeting_id=meeting.id,
        left_name=left_name,
        taken_name=taken_name,
    )
    return make_response(page, status)
