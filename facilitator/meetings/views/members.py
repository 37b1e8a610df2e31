"""Who was who: the moderator says which participant is which member of the group."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, abort, current_app, flash, make_response, redirect, render_template, request
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from facilitator.accounts.models import User
from facilitator.core.addresses import base_here
from facilitator.core.codes import in_groups
from facilitator.core.db import db
from facilitator.core.qr import qr
from facilitator.core.refusals import Refused
from facilitator.groups.models import Group
from facilitator.groups.rules import members_of
from facilitator.meetings import models, personal, refusals
from facilitator.meetings.actions import accounts
from facilitator.meetings.views import blueprint
from facilitator.meetings.views.live import led_by_account
from facilitator.meetings.visitor import lead_of

FIELD = "seat_"


@dataclass(frozen=True, slots=True)
class Named:
    """A participant on the page. `state`: connected (by themselves, or agreed), asked, said (of somebody without a phone), or
    nothing. `is_open`: the moderator's word still counts. Of a pseudonym on a phone the page tells nothing but the name, connected or not.
    """

    seat_id: str
    name: str
    has_phone: bool
    user_id: str
    account: str
    state: str
    is_open: bool
    is_pseudonym: bool = False


@blueprint.route("/meetings/<meeting_id>/members", methods=["GET", "POST"])
def members(meeting_id: str) -> BaseResponse:
    """Shows who is connected with an account, and keeps what the moderator says."""
    lead_id = _lead(meeting_id)
    if request.method == "GET":
        return _page(meeting_id)
    wanted = {key.removeprefix(FIELD): value for key, value in request.form.items() if key.startswith(FIELD)}
    try:
        accounts.name_members(meeting_id, lead_id, wanted)
    except Refused as refused:
        if refused.status == 404:
            abort(404)
        flash(refusals.sentence(refused.code), "error")
        return _page(meeting_id, refused.status)
    follow: Callable[[str], None] = current_app.extensions["follow_account"]  # of the rooms above, whom the frame knows
    for seat_id in wanted:
        follow(seat_id)
    flash(_("Saved. Whoever has a phone is asked there first."), "success")
    return redirect(f"/meetings/{meeting_id}/members")


@blueprint.route("/meetings/<meeting_id>/people/<seat_id>/code", methods=["GET", "POST"])
def personal_code(meeting_id: str, seat_id: str) -> BaseResponse:
    """A personal code for somebody without a phone: made by whoever leads, in the room, and shown once, to be handed over."""
    lead, seat = lead_of(meeting_id), db.session.get(models.Seat, seat_id)
    if lead is None or seat is None or seat.meeting_id != meeting_id or not seat.takes_part:
        abort(404)
    name, code, problem, status = seat.name, "", "", 200
    try:
        accounts.require_code_is_due(db.session(), db.session.get_one(models.Meeting, meeting_id), seat)
        if request.method == "POST":
            code = accounts.make_code(meeting_id, lead.id, seat_id)
    except Refused as refused:
        problem, status = refusals.sentence(refused.code), refused.status
    link = f"{base_here()}/mine/{code}" if code else ""
    page = render_template(
        "meetings/personal_code.html",
        meeting_id=meeting_id,
        name=name,
        has_phone=seat.has_phone,
        is_made=not problem and personal.kept_since(seat_id) is not None,
        problem=problem,
        code=in_groups(code),
        qr=qr(link) if code else None,
        where=f"{base_here()}/mine/code",
    )
    return make_response(page, status)


def _lead(meeting_id: str) -> str | None:
    """The moderator's seat of this device; None where an account asks whose meeting it is to lead. Others find nothing."""
    seat = lead_of(meeting_id)
    if seat is not None:
        return seat.id
    led_by_account(meeting_id)
    return None


def _page(meeting_id: str, status: int = 200) -> Response:
    meeting = db.session.get_one(models.Meeting, meeting_id)
    group = db.session.get(Group, meeting.group_id) if meeting.group_id else None
    page = render_template(
        "meetings/members.html",
        meeting=meeting,
        group=group,
        people=[_named(seat, meeting.uses_pseudonyms) for seat in _participants(meeting_id)],
        members=_members(group),
    )
    return make_response(page, status)


def _participants(meeting_id: str) -> list[models.Seat]:
    query = select(models.Seat).where(models.Seat.meeting_id == meeting_id).order_by(models.Seat.position)
    return [seat for seat in db.session.scalars(query) if seat.takes_part]


def _members(group: Group | None) -> list[User]:
    if group is None:
        return []
    found = db.session.scalars(select(User).where(User.id.in_(members_of(group.id))))
    return sorted(found, key=lambda user: user.name.casefold())


def _named(seat: models.Seat, uses_pseudonyms: bool) -> Named:
    if uses_pseudonyms and seat.has_phone:
        return Named(seat.id, seat.name, True, user_id="", account="", state="", is_open=False, is_pseudonym=True)
    account = accounts.account_of(seat.user_id or seat.said_to_be)
    return Named(
        seat_id=seat.id,
        name=seat.name,
        has_phone=seat.has_phone,
        user_id=account.id if account else "",
        account=account.name if account else "",
        state=_state(seat),
        is_open=seat.user_id is None,
    )


def _state(seat: models.Seat) -> str:
    if seat.user_id is not None:
        return "connected"
    if seat.said_to_be is None:
        return ""
    return "asked" if seat.has_phone else "said"
