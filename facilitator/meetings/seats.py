"""From a cookie to a seat. A device proves its seat with a random token in a cookie of that meeting; the database knows
its hash. Rights are read anew each time: what somebody could do a second ago proves nothing.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from flask import current_app, request
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from facilitator.accounts.access import signed_in
from facilitator.core.config import settings
from facilitator.core.db import db
from facilitator.core.limits import here
from facilitator.core.remembering import remembered
from facilitator.core.sealing import hashed
from facilitator.meetings import models, table_ids
from facilitator.meetings.demo_mark import is_demo

KIND_OF_VIEW = {"phone": "participant", "console": "moderator", "wall": "wall"}
COOKIES = {"phone": "seat", "console": "lead", "wall": "wall"}
COOKIE_LASTS = 7 * 24 * 3600
DEMO_COOKIE_LASTS = 24 * 3600  # then the meeting is erased
PAIRING_COOKIE = "pairing"


@dataclass(frozen=True)
class Holding:
    """A seat and the token that proves it; the token leaves the server once, in a cookie."""

    meeting_id: str
    seat_id: str
    token: str


@dataclass(frozen=True)
class Said:
    """What a live page says about itself when it sends something: its script in headers, a form without a script in one field. It
    proves nothing but that whoever wrote the page has the token.
    """

    view: str
    as_seat: int
    token: str
    pages: str
    is_script: bool
    asks_for_news: bool = False


def said_by_page() -> Said:
    """By the page that sent this request."""
    given = request.headers
    if "X-View" in given:
        token, pages = given.get("X-Seat-Token", ""), given.get("X-Page", "")
        return Said(given["X-View"], number_of(given.get("X-As")), token, pages, is_script=True)
    try:
        form = request.form
    except RequestEntityTooLarge:  # said in words elsewhere
        return Said("", 1, "", "", is_script=False)
    view, number, token, pages = (form.get("plain", "").split(":") + [""] * 4)[:4]
    return Said(view, number_of(number), token, pages, is_script=False, asks_for_news="renew" in form)


def cookie_name(meeting_id: str, view: str, as_seat: int = 1) -> str:
    """The name of the cookie that holds a seat; a second seat on the same phone has one of its own."""
    number = str(as_seat) if view == "phone" and as_seat > 1 else ""
    # Whoever has a seat in a meeting that was divided proves the one at their table by the same cookie. A big screen is one place's.
    where = meeting_id if view == "wall" else table_ids.plenary_of(meeting_id)
    return f"{_prefix()}{COOKIES[view]}{number}_{where}"


def number_of(said: object) -> int:
    """Which of the two people on one phone is meant: 1 or 2."""
    return 2 if str(said) == "2" else 1


@dataclass(frozen=True)
class Held:
    """A seat that a device holds. `hand_id`: the seat the device came in with, if the moderator joined that one to this. Then
    only a personal code proves that it is the same person's.
    """

    seat: models.Seat
    hand_id: str | None
    is_proved: bool

    @property
    def device_id(self) -> str:
        """By what a page of this device is known."""
        return self.hand_id or self.seat.id


def held(meeting_id: str, view: str, as_seat: int = 1) -> Held | None:
    """How this request's cookie holds a seat for a view of a meeting, or None."""
    token = request.cookies.get(cookie_name(meeting_id, view, as_seat))
    if not token:
        return None
    return remembered(("seat", meeting_id, view, token), lambda: held_by_token(meeting_id, view, token))


def held_seat(meeting_id: str, view: str, as_seat: int = 1) -> models.Seat | None:
    """The seat itself."""
    found = held(meeting_id, view, as_seat)
    return found.seat if found is not None else None


def whose() -> str:
    """Whose requests are counted together: an account's, those of a seat of this meeting that the device proves, and only then
    those of an address, which a room shares.
    """
    user = signed_in()
    if user is not None:
        return f"account:{user.id}"
    meeting_id = str((request.view_args or {}).get("meeting_id", ""))
    views = (("phone", 1), ("phone", 2), ("console", 1), ("wall", 1))
    seats = (held_seat(meeting_id, view, as_seat) for view, as_seat in views)
    seat = next((seat for seat in seats if seat is not None), None)
    return f"seat:{seat.id}" if seat is not None else here()


def language_of_live_page() -> str | None:
    """The language of the seat whose page sent this request, if a live page did: its screen is in that language, whatever the device
    has chosen since, and what is said beside the screen is too.
    """
    said = said_by_page()
    view = said.view or request.args.get("view", "")
    as_seat = said.as_seat if said.view else number_of(request.args.get("as"))
    meeting_id = str((request.view_args or {}).get("meeting_id", ""))
    if view not in KIND_OF_VIEW or not meeting_id:
        return None
    try:
        row = held_seat(meeting_id, view, as_seat)
    except SQLAlchemyError:  # perhaps it is this that is to be said
        return None
    return row.locale if row is not None else None


def held_before(meeting: models.Meeting, as_seat: int = 1) -> tuple[str, ...]:
    """The seats this device still proves in the meetings that this one continues."""
    found: list[str] = []
    earlier_id, seen = meeting.continues_id, {meeting.id}
    while earlier_id is not None and earlier_id not in seen:
        seen.add(earlier_id)
        mine = held(earlier_id, "phone", as_seat)
        found += [mine.seat.id] if mine is not None and mine.is_proved and not mine.seat.is_expelled else []
        earlier_id = db.session.scalar(select(models.Meeting.continues_id).where(models.Meeting.id == earlier_id))
    return tuple(found)


def held_by_token(meeting_id: str, view: str, token: str) -> Held | None:
    """The seat a token leads to, if it is of this meeting and of the kind that may have this view."""
    number = table_ids.number_of(meeting_id)
    if number and view != "wall":
        there = held_by_token(table_ids.plenary_of(meeting_id), view, token)
        return _held_at(there, number) if there is not None else None
    query = (
        select(models.Seat, models.SeatToken.kept_on)
        .join(models.SeatToken, models.SeatToken.seat_id == models.Seat.id)
        .where(models.SeatToken.token_hash == hashed(token), models.Seat.meeting_id == meeting_id)
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        return None
    device, kept_on = row
    seat = whose_seat(db.session(), device)
    if seat.kind != KIND_OF_VIEW.get(view, ""):
        return None
    is_joined = seat is not device
    return Held(seat, device.id if is_joined else None, is_proved=not is_joined or kept_on is not None)


def _held_at(there: Held, number: int) -> Held | None:
    """How a device that holds a seat in a meeting holds the one at a table of it. It says where that is, and nothing more."""
    row = db.session.get(models.Seat, table_ids.seat_at(there.seat.id, number))
    if row is None or there.seat.is_expelled or (row.kind == "moderator" and not there.seat.leads):
        return None
    if there.hand_id is None:
        return Held(row, None, is_proved=there.is_proved)
    hand = db.session.get(models.Seat, table_ids.seat_at(there.hand_id, number))
    return Held(row, hand.id, is_proved=there.is_proved) if hand is not None and hand.joined_to_id == row.id else None


def last_joined(session: Session, seat: models.Seat) -> models.Seat | None:
    """The seat that was joined to this one last: somebody lost the device that proves theirs, and holds it by the moderator's word."""
    query = select(models.Seat).where(models.Seat.joined_to_id == seat.id)
    return session.scalar(query.order_by(models.Seat.joined_at.desc(), models.Seat.id).limit(1))


def whose_seat(session: Session, seat: models.Seat) -> models.Seat:
    """The seat itself or, where it was joined to another one, that."""
    return session.get_one(models.Seat, seat.joined_to_id) if seat.joined_to_id is not None else seat


def csrf_token(meeting_id: str, view: str, as_seat: int = 1) -> str:
    """What a live page sends along with every POST: derived from the seat's cookie, which other sites cannot read."""
    token = request.cookies.get(cookie_name(meeting_id, view, as_seat), "")
    return csrf_of(token)


def csrf_of(token: str) -> str:
    """The request token that goes with a seat's token."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, b"seat-csrf:" + hashed(token).encode(), hashlib.sha256).hexdigest()


def is_csrf_right(meeting_id: str, view: str, as_seat: int, given: str) -> bool:
    """Whether a POST comes from a page of ours that holds this seat."""
    return hmac.compare_digest(csrf_token(meeting_id, view, as_seat).encode(), given.encode())


def keep(answer: Response, view: str, holding: Holding, as_seat: int = 1) -> None:
    """Puts a seat's token on the device, for no longer than there is something to hold it in."""
    lasts = DEMO_COOKIE_LASTS if is_demo(holding.meeting_id) else COOKIE_LASTS
    put_cookie(answer, cookie_name(holding.meeting_id, view, as_seat), holding.token, lasts)


def put_cookie(answer: Response, name: str, value: str, lasts: int = COOKIE_LASTS) -> None:
    """A cookie scripts cannot read; path `/`, because Socket.IO's path is not under the meeting's."""
    answer.set_cookie(name, value, max_age=lasts, httponly=True, samesite="Lax", secure=_is_https(), path="/")


def drop(answer: Response, meeting_id: str, view: str, as_seat: int = 1) -> None:
    """Takes a seat off the device."""
    answer.delete_cookie(cookie_name(meeting_id, view, as_seat), path="/", secure=_is_https(), httponly=True)


def _is_https() -> bool:
    return settings().is_https


def _prefix() -> str:
    return "__Host-" if _is_https() else ""
