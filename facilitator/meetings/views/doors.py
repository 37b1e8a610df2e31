"""Doors without a sign-in: `/wall` on a meeting-room computer, and the moderator's role handed over by a QR code."""

from __future__ import annotations

from typing import TypeVar

from flask import Response, abort, flash, jsonify, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from facilitator.accounts.access import sign_in_required, signed_in
from facilitator.accounts.languages import readers_language
from facilitator.core.addresses import base_here
from facilitator.core.db import db
from facilitator.core.limits import here, refuse_after, wrong
from facilitator.core.qr import qr
from facilitator.core.refusals import Refused
from facilitator.meetings import addresses, forms, loading, models, refusals, seats
from facilitator.meetings.actions import doors
from facilitator.meetings.views import blueprint
from facilitator.meetings.views.live import led_by_account, led_by_other
from facilitator.meetings.views.pages import NEWS_SECONDS
from facilitator.meetings.visitor import lead_of

Answer = TypeVar("Answer", bound=BaseResponse)


@blueprint.get("/wall")
def wall_pairing() -> BaseResponse:
    """Shows the one-time code with which a moderator makes this computer the room screen."""
    token = request.cookies.get(seats.PAIRING_COOKIE, "")
    holding = _paired(token)
    if holding is not None:
        return _with_screen(redirect(_screen_of(holding)), holding)
    code = doors.offered_code(token) if token else None
    is_new = code is None
    if code is None:
        refuse_after("120 per minute", "room screens", here())
        token, code = doors.offer_wall()
    groups = (code[:3], code[3:])
    page = render_template("meetings/wall_pair.html", code=code, code_groups=groups, news_seconds=NEWS_SECONDS)
    answer = make_response(page)
    if is_new:
        seats.put_cookie(answer, seats.PAIRING_COOKIE, token)
    return answer


@blueprint.get("/wall/status")
def wall_status() -> Response:
    """What the waiting room screen asks every two seconds: where to go, once the moderator confirmed its code."""
    token = request.cookies.get(seats.PAIRING_COOKIE, "")
    if not token:
        return jsonify({"problem": refusals.sentence("no_cookies")})
    holding = _paired(token)
    if holding is not None:
        return _with_screen(jsonify({"go": _screen_of(holding)}), holding)
    return jsonify({} if doors.offered_code(token) is not None else {"go": "/wall"})


def _paired(token: str) -> seats.Holding | None:
    """The seat of this screen, once the moderator has confirmed its code."""
    return doors.take_wall(token, readers_language()) if token else None


def _screen_of(holding: seats.Holding) -> str:
    return f"/meetings/{holding.meeting_id}/screen"


def _with_screen(answer: Answer, holding: seats.Holding) -> Answer:
    seats.keep(answer, "wall", holding)
    answer.delete_cookie(seats.PAIRING_COOKIE, path="/")
    return answer


@blueprint.get("/meetings/<meeting_id>/handover")
def handover(meeting_id: str) -> BaseResponse:
    """A QR code and a link with which somebody else takes the lead; the same at each visit until it is used or over."""
    lead = lead_of(meeting_id)
    if lead is None:
        abort(404)
    try:
        offer = doors.offer_handover(meeting_id, lead.id)
    except Refused:
        abort(403)
    link = (
        f"{addresses.join_base(loading.read(meeting_id)) or base_here()}/meetings/{meeting_id}/takeover/{offer.token}"
    )
    page = render_template("meetings/handover.html", meeting_id=meeting_id, link=link, qr=qr(link), until=offer.until)
    return make_response(page)


@blueprint.route("/meetings/<meeting_id>/takeover/<token>", methods=["GET", "POST"])
def takeover(meeting_id: str, token: str) -> BaseResponse:
    """Asks for a name – the seat's, where there is one – and takes the lead."""
    if not doors.is_handover(meeting_id, token):
        wrong("120 per minute", "hand-overs")
        return _takeover_page(None, refusals.sentence("handover_over"), 410)
    form = forms.NameForm(db.session.get_one(models.Meeting, meeting_id).uses_pseudonyms)
    held = seats.held_seat(meeting_id, "phone")
    if held is not None and not form.name.data:
        form.name.data = held.name
    if not form.is_fine():
        return _takeover_page(form, "", 422 if form.was_sent else 200)
    user = signed_in()
    try:
        holding = doors.take_over(
            meeting_id,
            token,
            form.name.data or "",
            readers_language(),
            held.id if held else None,
            user.id if user else None,
        )
    except Refused as refused:
        if refused.code == "name_taken":
            form.name.errors = [refusals.sentence(refused.code)]
            return _takeover_page(form, "", refused.status)
        return _takeover_page(form, refusals.sentence(refused.code), refused.status)
    answer = redirect(f"/meetings/{meeting_id}/console")
    seats.keep(answer, "console", holding)
    return answer


@blueprint.post("/meetings/<meeting_id>/takeback")
@sign_in_required
def takeback(meeting_id: str) -> BaseResponse:
    """An account whose meeting it is to lead takes the lead, or takes it again."""
    user, meeting = led_by_account(meeting_id)
    try:
        holding = doors.take_back(meeting_id, user.id, user.name, readers_language())
    except Refused as refused:
        flash(refusals.sentence(refused.code), "error")
        return led_by_other(user, meeting, refused.status)
    answer = redirect(f"/meetings/{meeting_id}/console")
    seats.keep(answer, "console", holding)
    return answer


def _takeover_page(form: forms.NameForm | None, problem: str, status: int) -> Response:
    return make_response(render_template("meetings/takeover.html", form=form, problem=problem), status)
