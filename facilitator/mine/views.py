"""The pages of what concerns one person: by the seat their phone holds, by their personal link, or signed in.

Promises: a page shows one seat's things, or one account's, and every right is asked anew; to whoever has neither there is
nothing to see, and no difference between a meeting that exists and one that does not.
"""

from __future__ import annotations

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from facilitator.accounts import mail
from facilitator.accounts.access import me, sign_in_required, signed_in
from facilitator.accounts.languages import readers_language
from facilitator.core import sealing
from facilitator.core.addresses import base_here
from facilitator.core.extensions import limiter
from facilitator.core.limits import here, wrong
from facilitator.core.qr import qr
from facilitator.core.refusals import Refused
from facilitator.meetings import models, personal, seats
from facilitator.meetings.actions import accounts
from facilitator.meetings.actions.people import device_token
from facilitator.meetings.forms import CodeForm as CodeOfMeetingForm
from facilitator.meetings.visitor import as_seat, seat_query, visitor
from facilitator.mine.forms import CodeForm, MailForm
from facilitator.mine.home import home_of
from facilitator.mine.loading import attended, goals_of
from facilitator.mine.rooms import ROOMS, follow_account, sorted_entries

FRESH = "fresh_personal_link"
WRONG_LINKS = "40 per minute"
PERSONAL = "personal links"  # typed as a code or followed as a link, it is one secret
LINKS = "20 per 15 minutes"
MAILS = "6 per 15 minutes"
MAILS_FROM_ONE_ADDRESS = "60 per hour"

mine = Blueprint("mine", __name__)


@mine.get("/")
def home() -> ResponseReturnValue:
    """The day's work for whoever is signed in, the code of a meeting for everybody else."""
    user = signed_in()
    if user is None:
        return render_template("meetings/code.html", form=CodeOfMeetingForm(formdata=None), problem="")
    return render_template("mine/home.html", home=home_of(user))


@mine.get("/mine")
@sign_in_required
def overview() -> ResponseReturnValue:
    """Everything of somebody who is signed in, across all their meetings."""
    entries = [entry for room in ROOMS for entry in room.entries_for_user(me())]
    waiting, rest = sorted_entries(entries)
    goals = goals_of(me(), entries)
    return render_template("mine/index.html", waiting=waiting, rest=rest, attended=attended(me()), goals=goals)


@mine.route("/mine/code", methods=["GET", "POST"])
def enter_code() -> ResponseReturnValue:
    """Where somebody types the personal code that they were given on paper."""
    form = CodeForm()
    if form.is_fine():
        if personal.seat_of_link(form.typed("code")) is not None:
            return redirect(f"/mine/{personal.as_token(form.typed('code'))}")
        wrong(WRONG_LINKS, PERSONAL)
        form.code.errors = [
            _("We do not know this code. Look at your paper again: three groups of four letters and digits.")
        ]
        return make_response(render_template("mine/code.html", form=form), 404)
    return make_response(render_template("mine/code.html", form=form), 422 if form.errors else 200)


@mine.route("/mine/<token>", methods=["GET", "POST"])
def come_back(token: str) -> ResponseReturnValue:
    """A personal link or code: gives this device the seat again, as its first. Asks first where that would push somebody else's
    seat aside, and where no device held the seat before. A code is nothing to whoever leads or led: they have seen it.
    """
    seat = personal.seat_of_link(token)
    found = visitor(seat.meeting_id, 1) if seat is not None else None
    if seat is None or found is None:
        wrong(WRONG_LINKS, PERSONAL)
        return _closed(
            _("This link has ended. It was replaced or withdrawn, or the meeting's texts have been erased."), 410
        )
    if personal.is_code(token) and found.led:
        return _closed(_("You lead this meeting, or led it. This code is for %(name)s alone.", name=seat.name), 403)
    present = found.device or next(iter((*found.own, *found.said)), None)
    if not seat.has_phone:
        if request.method == "GET":
            return make_response(render_template("mine/with_code.html", seat=seat, held=present))
        accounts.take_seat(seat.meeting_id, seat.id)
        follow_account(seat.id)
    elif present is not None and present.id != seat.id and request.method == "GET":
        return make_response(render_template("mine/other_seat.html", held=present, seat=seat))
    answer = redirect(f"/meetings/{seat.meeting_id}/mine")
    seats.put_cookie(answer, seats.cookie_name(seat.meeting_id, "phone"), personal.as_token(token))
    return answer


@mine.get("/meetings/<meeting_id>/mine")
def of_meeting(meeting_id: str) -> ResponseReturnValue:
    """What one meeting has for one person."""
    return _page(meeting_id, MailForm())


@mine.post("/meetings/<meeting_id>/mine/link")
@limiter.limit(LINKS, key_func=seats.whose)
def link(meeting_id: str) -> ResponseReturnValue:
    """Makes a personal link, or withdraws it; this device keeps its seat either way."""
    seat, device_id = _held(meeting_id), _device_id(meeting_id)
    try:
        if request.form.get("do") == "end":
            personal.end_link(meeting_id, device_id)
            flash(_("The link is withdrawn. Whoever has it can do nothing with it any more."), "success")
        else:
            session[FRESH] = {"seat": seat.id, "token": personal.make_link(meeting_id, device_id)}
    except Refused as refused:
        abort(refused.status)
    return _back(seat, device_id)


@mine.post("/meetings/<meeting_id>/mine/mail")
@limiter.limit(MAILS, key_func=seats.whose)
@limiter.limit(MAILS_FROM_ONE_ADDRESS, key_func=here)
def mail_link(meeting_id: str) -> ResponseReturnValue:
    """Mails somebody their own link. The address is not kept anywhere."""
    seat, form = _held(meeting_id), MailForm()
    behind = personal.seat_of_link(form.typed("token"))
    if behind is None or behind.id != seat.id:
        flash(_("This link was replaced meanwhile. Make a new one."), "warning")
        return redirect(_address(meeting_id))
    if not form.is_fine():
        return _page(meeting_id, form, form.typed("token"))
    mail.send("personal", form.typed("email"), readers_language(), link=_link(form.typed("token")))
    flash(_("The mail is on its way. We did not keep your address."), "success")
    session[FRESH] = {"seat": seat.id, "token": form.typed("token")}
    return redirect(_address(meeting_id))


@mine.post("/meetings/<meeting_id>/mine/account")
def connect(meeting_id: str) -> ResponseReturnValue:
    """Says whose account a seat is: the one signed in here, or the one the moderator named. Only the seat's own device may."""
    seat, user = _held(meeting_id), signed_in()
    try:
        if request.form.get("do") == "yes":
            accounts.agree(meeting_id, seat.id, request.form.get("user", ""))
        elif request.form.get("do") == "no":
            accounts.disagree(meeting_id, seat.id)
        elif user is not None:
            accounts.connect(meeting_id, seat.id, user)
        follow_account(seat.id)
    except Refused as refused:
        abort(refused.status)
    return redirect(_address(meeting_id))


def _page(meeting_id: str, form: MailForm, token: str = "") -> ResponseReturnValue:
    found = visitor(meeting_id)
    seat = next(iter((*found.own, *found.said)), None) if found else None
    if found is None or seat is None:
        sentence = _("There is nothing here for this device. Open your personal link, or sign in.")
        return _closed(sentence, 404)
    is_held, is_own = seat is found.device, seat in found.own
    # What a room offers opens with the first seat of a phone: a second person there gets their own link, and no more.
    rooms = ROOMS if as_seat() == 1 else ()
    waiting, rest = sorted_entries(
        entry for room in rooms for entry in room.entries_for_seat(meeting_id, seat.id, is_own)
    )
    token = token or _fresh_token(seat)
    page = render_template(
        "mine/meeting.html",
        meeting=found.meeting,
        seat=seat,
        waiting=waiting,
        rest=rest,
        is_held=is_held,
        is_own=is_own,
        may_keep=is_held and sealing.keyring().holds(meeting_id),
        kept_since=personal.kept_since(found.held.device_id if found.held and is_held else seat.id),
        form=form,
        token=token,
        link=_link(token) if token else "",
        qr=qr(_link(token)) if token else None,
        other=found.other if found.other is not None and found.other.takes_part else None,
        as_seat=as_seat(),
        account=accounts.account_of(seat.user_id),
        proposed=accounts.account_of(seat.said_to_be),
        may_connect=found.user is not None and seat.user_id is None,
    )
    return make_response(page, 422 if form.errors else 200)


def _held(meeting_id: str) -> models.Seat:
    """The seat this device holds; whoever has none learns nothing about the meeting."""
    found = visitor(meeting_id)
    if found is None or found.device is None or not found.device.takes_part:
        abort(404)
    return found.device


def _device_id(meeting_id: str) -> str:
    """With which seat this device came in."""
    found = visitor(meeting_id)
    assert found is not None
    assert found.held is not None
    return found.held.device_id


def _back(seat: models.Seat, device_id: str) -> ResponseReturnValue:
    """Back to the page. A device that had come in by the link that ended gets a token of its own."""
    answer = redirect(_address(seat.meeting_id))
    if seats.held_seat(seat.meeting_id, "phone", as_seat()) is None:
        name = seats.cookie_name(seat.meeting_id, "phone", as_seat())
        seats.put_cookie(answer, name, device_token(seat.meeting_id, device_id))
    return answer


def _fresh_token(seat: models.Seat) -> str:
    """The token of a link that was made a moment ago: the page shows it once."""
    fresh = session.get(FRESH)
    if not isinstance(fresh, dict) or fresh.get("seat") != seat.id:
        return ""
    session.pop(FRESH)
    return str(fresh.get("token", ""))


def _address(meeting_id: str) -> str:
    return f"/meetings/{meeting_id}/mine{seat_query()}"


def _link(token: str) -> str:
    return f"{base_here()}/mine/{token}"


def _closed(sentence: str, status: int) -> ResponseReturnValue:
    return make_response(render_template("accounts/closed.html", sentence=sentence), status)
