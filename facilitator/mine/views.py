"""The pages of what concerns one person: by the seat their phone holds, by their personal link, or signed in.

Promises: a page shows one seat's things, or one account's, and every right is asked anew; to whoever has neither there is
nothing to see, and no difference between a meeting that exists and one that does not.
"""

from __future__ import annotations

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_limiter.util import get_remote_address
from werkzeug.wrappers import Response

from facilitator.accounts import mail
from facilitator.accounts.access import me, sign_in_required, signed_in
from facilitator.db import db
from facilitator.extensions import limiter
from facilitator.meetings import addresses, models, personal, sealing, seats
from facilitator.meetings.actions import belonging
from facilitator.meetings.actions.base import Refused
from facilitator.meetings.actions.people import device_token
from facilitator.mine.forms import MailForm
from facilitator.mine.loading import attended, goals_of, seat_of_account
from facilitator.mine.rooms import ROOMS, sorted_entries
from facilitator.proof.annexes import follow_account

FRESH = "fresh_personal_link"
WRONG_LINKS = "40 per minute"
LINKS = "20 per 15 minutes"
MAILS = "6 per 15 minutes"
MAILS_FROM_ONE_ADDRESS = "60 per hour"

mine = Blueprint("mine", __name__)


def _was_wrong(response: Response) -> bool:
    return response.status_code == 410


@mine.get("/mine")
@sign_in_required
def overview() -> ResponseReturnValue:
    """Everything of somebody who is signed in, across all their meetings."""
    entries = [entry for room in ROOMS for entry in room.entries_for_user(me())]
    waiting, rest = sorted_entries(entries)
    goals = goals_of(me(), entries)
    return render_template("mine/index.html", waiting=waiting, rest=rest, attended=attended(me()), goals=goals)


@mine.route("/mine/<token>", methods=["GET", "POST"])
@limiter.limit(WRONG_LINKS, key_func=get_remote_address, deduct_when=_was_wrong)
def come_back(token: str) -> ResponseReturnValue:
    """A personal link: gives this device the seat again. Asks first where that would push somebody else's seat aside."""
    seat = personal.seat_of_link(token)
    if seat is None:
        return _closed(
            _("This link has ended. It was replaced or withdrawn, or the meeting's texts have been erased."), 410
        )
    present = seats.held_seat(seat.meeting_id, "phone") or seat_of_account(seat.meeting_id, signed_in())
    if present is not None and present.id != seat.id and request.method == "GET":
        return make_response(render_template("mine/other_seat.html", held=present, seat=seat))
    answer = redirect(f"/meetings/{seat.meeting_id}/mine")
    seats.put_cookie(answer, seats.cookie_name(seat.meeting_id, "phone"), token)
    return answer


@mine.get("/meetings/<meeting_id>/mine")
def of_meeting(meeting_id: str) -> ResponseReturnValue:
    """What one meeting has for one person."""
    return _page(meeting_id, MailForm())


@mine.post("/meetings/<meeting_id>/mine/link")
@limiter.limit(LINKS)
def link(meeting_id: str) -> ResponseReturnValue:
    """Makes a personal link, or withdraws it; this device keeps its seat either way."""
    seat = _held(meeting_id)
    try:
        if request.form.get("do") == "end":
            personal.end_link(meeting_id, seat.id)
            flash(_("The link is withdrawn. Whoever has it can do nothing with it any more."), "success")
        else:
            session[FRESH] = {"seat": seat.id, "token": personal.make_link(meeting_id, seat.id)}
    except Refused as refused:
        abort(refused.status)
    return _back(seat)


@mine.post("/meetings/<meeting_id>/mine/mail")
@limiter.limit(MAILS)
@limiter.limit(MAILS_FROM_ONE_ADDRESS, key_func=get_remote_address)
def mail_link(meeting_id: str) -> ResponseReturnValue:
    """Mails somebody their own link. The address is not kept anywhere."""
    seat, form = _held(meeting_id), MailForm()
    behind = personal.seat_of_link(form.typed("token"))
    if behind is None or behind.id != seat.id:
        flash(_("This link was replaced meanwhile. Make a new one."), "warning")
        return redirect(_address(meeting_id))
    if not form.is_fine():
        return _page(meeting_id, form, form.typed("token"))
    mail.send("personal", form.typed("email"), seat.locale, link=_link(form.typed("token")))
    flash(_("The mail is on its way. We did not keep your address."), "success")
    session[FRESH] = {"seat": seat.id, "token": form.typed("token")}
    return redirect(_address(meeting_id))


@mine.post("/meetings/<meeting_id>/mine/account")
def connect(meeting_id: str) -> ResponseReturnValue:
    """Says whose account a seat is: the one signed in here, or the one the moderator named. Only the seat's own device may."""
    seat, user = _held(meeting_id), signed_in()
    try:
        if request.form.get("do") == "yes":
            belonging.agree(meeting_id, seat.id, request.form.get("user", ""))
        elif request.form.get("do") == "no":
            belonging.disagree(meeting_id, seat.id)
        elif user is not None:
            belonging.connect(meeting_id, seat.id, user)
        follow_account(seat.id)
    except Refused as refused:
        abort(refused.status)
    return redirect(_address(meeting_id))


def _page(meeting_id: str, form: MailForm, token: str = "") -> ResponseReturnValue:
    held = seats.held_seat(meeting_id, "phone", _as_seat())
    seat = held if held is not None and personal.takes_part(held) else seat_of_account(meeting_id, signed_in())
    if seat is None:
        sentence = _("There is nothing here for this device. Open your personal link, or sign in.")
        return _closed(sentence, 404)
    # What a room offers opens with the first seat of a phone: a second person there gets their own link, and no more.
    rooms = ROOMS if _as_seat() == 1 else ()
    waiting, rest = sorted_entries(entry for room in rooms for entry in room.entries_for_seat(meeting_id, seat.id))
    token = token or _fresh_token(seat)
    page = render_template(
        "mine/meeting.html",
        meeting=db.session.get_one(models.Meeting, meeting_id),
        seat=seat,
        waiting=waiting,
        rest=rest,
        is_held=seat is held,
        may_keep=seat is held and sealing.keyring().holds(meeting_id),
        kept_since=personal.kept_since(seat.id),
        form=form,
        token=token,
        link=_link(token) if token else "",
        qr=addresses.qr(_link(token)) if token else None,
        other=_other_seat(meeting_id),
        as_seat=_as_seat(),
        account=belonging.account_of(seat.user_id),
        proposed=belonging.account_of(seat.said_to_be),
        may_connect=_may_connect(seat),
    )
    return make_response(page, 422 if form.errors else 200)


def _held(meeting_id: str) -> models.Seat:
    """The seat this device holds; whoever has none learns nothing about the meeting."""
    seat = seats.held_seat(meeting_id, "phone", _as_seat())
    if seat is None or not personal.takes_part(seat):
        abort(404)
    return seat


def _back(seat: models.Seat) -> ResponseReturnValue:
    """Back to the page. A device that had come in by the link that ended gets a token of its own."""
    answer = redirect(_address(seat.meeting_id))
    if seats.held_seat(seat.meeting_id, "phone", _as_seat()) is None:
        name = seats.cookie_name(seat.meeting_id, "phone", _as_seat())
        seats.put_cookie(answer, name, device_token(seat.meeting_id, seat.id))
    return answer


def _other_seat(meeting_id: str) -> models.Seat | None:
    other = seats.held_seat(meeting_id, "phone", 3 - _as_seat())
    return other if other is not None and personal.takes_part(other) else None


def _may_connect(seat: models.Seat) -> bool:
    user = signed_in()
    if user is None or seat.user_id is not None:
        return False
    return belonging.organisation_of(db.session(), seat.meeting_id) == user.organisation_id


def _fresh_token(seat: models.Seat) -> str:
    """The token of a link that was made a moment ago: the page shows it once."""
    fresh = session.get(FRESH)
    if not isinstance(fresh, dict) or fresh.get("seat") != seat.id:
        return ""
    session.pop(FRESH)
    return str(fresh.get("token", ""))


def _as_seat() -> int:
    return 2 if request.values.get("as") == "2" else 1


def _address(meeting_id: str) -> str:
    return f"/meetings/{meeting_id}/mine{'?as=2' if _as_seat() == 2 else ''}"


def _link(token: str) -> str:
    return f"{addresses.base_here()}/mine/{token}"


def _closed(sentence: str, status: int) -> ResponseReturnValue:
    return make_response(render_template("accounts/closed.html", sentence=sentence), status)
