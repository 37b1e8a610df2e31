"""The three live pages on first load: the phone, the console and the room screen. After that they are pushed, or ask."""

from __future__ import annotations

from flask import Response, abort, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from facilitator.accounts.access import signed_in
from facilitator.accounts.languages import readers_language
from facilitator.accounts.models import User
from facilitator.core import sealing
from facilitator.core.db import db
from facilitator.core.db import now as moment
from facilitator.core.extensions import limiter
from facilitator.core.refusals import Refused
from facilitator.meetings import live, models, rules, screens, seats, table_ids
from facilitator.meetings.actions import doors, people
from facilitator.meetings.machine import Status
from facilitator.meetings.showing.console_lists import Pages
from facilitator.meetings.turns import may_lead
from facilitator.meetings.views import blueprint
from facilitator.meetings.views.answers import OFTEN, gone, held, holder, own_screen, plain
from facilitator.meetings.views.pages import NEWS_SECONDS, page
from facilitator.meetings.visitor import as_seat, lead_of


@blueprint.get("/meetings/<meeting_id>/phone")
def phone(meeting_id: str) -> BaseResponse:
    """A participant's screen; somebody without a seat is led to the code, and told why."""
    found = seats.held(meeting_id, "phone", as_seat())
    if found is None:
        return redirect("/j?without=seat")
    return page(found.seat, "phone", as_seat(), _pages())


@blueprint.get("/meetings/<meeting_id>/console")
def console(meeting_id: str) -> BaseResponse:
    """The moderator's private view: for whoever holds the moderator's seat, or whose meeting it is to lead, and who still leads it."""
    lead = lead_of(meeting_id)
    if lead is not None:
        return page(lead, "console", pages=_pages())
    user, meeting = led_by_account(meeting_id)
    try:
        holding = people.moderator_seat(meeting_id, user.name, readers_language(), user.id)
    except Refused as refused:
        return not_leading(user, meeting, refused)
    answer = redirect(f"/meetings/{meeting_id}/console")
    seats.keep(answer, "console", holding)
    return answer


@blueprint.get("/meetings/<meeting_id>/see")
def see(meeting_id: str) -> str | BaseResponse:
    """What the phone of somebody at the table shows now, for whoever leads: without anything that is that person's own. A phone that is
    at a table of a meeting, or back from one, is seen there.
    """
    lead = lead_of(meeting_id)
    if lead is None:
        abort(404)
    try:
        snapshot = live.current(live.hall(), meeting_id).snapshot
    except sealing.KeyIsGone:
        abort(410)
    phones = [seat for seat in rules.participants(snapshot) if seat.has_phone]
    asked = request.args.get("seat")
    seat = next((one for one in phones if asked in (None, one.id)), None)
    if seat is None and asked is not None:
        abort(404)
    if seat is not None and snapshot.is_apart and seat.table:
        place, number = table_ids.table_id(meeting_id, seat.table), seat.table
        return redirect(f"/meetings/{place}/see?seat={table_ids.seat_at(seat.id, number)}")
    if table_ids.number_of(meeting_id) and snapshot.state.status is Status.ENDED:
        whose = f"?seat={table_ids.seat_of(seat.id)}" if seat else ""
        return redirect(f"/meetings/{table_ids.plenary_of(meeting_id)}/see{whose}")
    return render_template(
        "meetings/see.html",
        meeting_id=meeting_id,
        people=phones,
        seat=seat,
        screen=screens.seen_as(snapshot, seat, readers_language()) if seat else "",
        title=snapshot.now.phase.text(readers_language()).title if snapshot.now.is_running else "",
        news_seconds=NEWS_SECONDS,
    )


@blueprint.get("/meetings/<meeting_id>/screen")
def wall(meeting_id: str) -> BaseResponse:
    """The room screen: paired, or opened by whoever leads."""
    row = seats.held_seat(meeting_id, "wall")
    if row is not None and not row.is_expelled:
        return page(row, "wall", pages=_pages())
    lead = lead_of(meeting_id)
    if lead is None:
        if row is not None:
            return redirect("/wall")  # it was disconnected, and can be connected anew
        led_by_account(meeting_id)
        return redirect(f"/meetings/{meeting_id}/console")
    holding = doors.wall_seat(meeting_id, lead.locale)
    answer = redirect(f"/meetings/{meeting_id}/screen")
    seats.keep(answer, "wall", holding)
    return answer


@blueprint.get("/meetings/<meeting_id>/now")
@limiter.limit(OFTEN, key_func=seats.whose)
def now(meeting_id: str) -> BaseResponse:
    """The screen of a page that no live connection reaches, which asks every few seconds; without it where the page shows that very
    screen already.
    """
    view = request.args.get("view", "")
    asks = holder(held(meeting_id, view, as_seat()), meeting_id, view, as_seat(), request.args.get("page"))
    if isinstance(asks, Response):
        return asks
    live.hall().asks(meeting_id, asks.seat_id)
    try:
        screen = own_screen(asks)
    except sealing.KeyIsGone:
        return gone("erased", 410)
    if screen is None:
        return gone("no_seat", 403)
    screen["at"] = moment().timestamp()  # not when the meeting last changed: that would tell when hidden text came
    is_known = screen["digest"] == request.args.get("digest")
    return plain({name: part for name, part in screen.items() if not (is_known and name == "html")}, 200)


def own_meeting(meeting_id: str) -> models.Meeting:
    """The meeting, if the account that is signed in set it up; to everybody else it does not exist."""
    user, meeting = led_by_account(meeting_id)
    if meeting.created_by != user.id:
        abort(404)
    return meeting


def led_by_account(meeting_id: str) -> tuple[User, models.Meeting]:
    """The account that is signed in and the meeting, if it is theirs to lead (`turns.may_lead`); to everybody else it does not exist."""
    user = signed_in()
    meeting = db.session.get(models.Meeting, meeting_id) if user is not None else None
    if user is None or meeting is None or meeting.organisation_id != user.organisation_id:
        abort(404)
    if not may_lead(db.session(), user.id, meeting):
        abort(404)
    return user, meeting


def not_leading(user: User, meeting: models.Meeting, refused: Refused) -> BaseResponse:
    """What an account sees that got no console: how it takes the lead, where somebody else leads."""
    if refused.code != "led_by_other":
        abort(refused.status)
    return led_by_other(user, meeting, refused.status)


def led_by_other(user: User, meeting: models.Meeting, status: int) -> BaseResponse:
    is_own = meeting.created_by == user.id
    return make_response(render_template("meetings/led_by_other.html", meeting=meeting, is_own=is_own), status)


def _pages() -> Pages:
    return Pages.read(request.args.get("page"))
