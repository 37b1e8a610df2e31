"""The personal link that leads a phone back to what concerns one person. A personal code is the same for somebody without a
phone, short enough to write down.

Promises: a link is a token of one seat and opens nothing that its phone could not; only its hash is kept. A new link ends
the old one, and with it every device that came in by it. Whoever was sent away has none, and none outlives the raw input.
"""

from __future__ import annotations

import secrets
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from facilitator.core import codes, sealing
from facilitator.core.codes import plain_code
from facilitator.core.db import changing, db, now
from facilitator.core.refusals import Refused
from facilitator.core.sealing import hashed
from facilitator.meetings import models
from facilitator.meetings.demo_mark import is_demo
from facilitator.meetings.seats import last_joined, whose_seat


def make_link(meeting_id: str, seat_id: str) -> str:
    """A new personal link for a seat: gives its token, which is not kept. An earlier one ends. Of a joined seat it leads to the
    other one, as its device does.

    Raises `Refused` for a seat that may have none (404) and for a meeting whose raw input was erased (410).
    """
    token = secrets.token_urlsafe(32)
    with changing(meeting_id) as session:
        seat = session.get(models.Seat, seat_id)
        if seat is None or seat.meeting_id != meeting_id or not whose_seat(session, seat).takes_part:
            raise Refused("no_such_seat", 404)
        if not sealing.keyring().holds(meeting_id):
            raise Refused("erased", 410)
        end_link_of(session, seat_id)
        session.add(models.SeatToken(token_hash=hashed(token), seat_id=seat_id, kept_on=now().date()))
    return token


def end_link(meeting_id: str, seat_id: str) -> None:
    """Withdraws a seat's personal link; whoever came in by it is out."""
    with changing(meeting_id) as session:
        seat = session.get(models.Seat, seat_id)
        if seat is None or seat.meeting_id != meeting_id:
            raise Refused("no_such_seat", 404)
        end_link_of(session, seat_id)


def seat_of_link(token: str) -> models.Seat | None:
    """The seat a personal link or code leads to, or None: withdrawn, never there, sent away, simulated, or its raw input was
    erased.
    """
    query = (
        select(models.Seat)
        .join(models.SeatToken, models.SeatToken.seat_id == models.Seat.id)
        .where(models.SeatToken.token_hash == hashed(as_token(token)), models.SeatToken.kept_on.is_not(None))
    )
    device = db.session.scalar(query)
    seat = whose_seat(db.session(), device) if device is not None else None
    if seat is None or is_demo(seat.meeting_id) or not seat.takes_part or not sealing.keyring().holds(seat.meeting_id):
        return None
    return seat


def as_token(typed: str) -> str:
    """What somebody typed or followed, as it was made: a code may come in small letters and in groups."""
    return plain_code(typed) if is_code(typed) else typed


def is_code(typed: str) -> bool:
    """Whether this is a code that was handed over, and no link: whoever made it has seen it."""
    return len(plain_code(typed)) == codes.PERSONAL


def proves(session: Session, seat_id: str, code: str) -> bool:
    """Whether somebody who types this code is the holder of a seat."""
    found = session.get(models.SeatToken, hashed(as_token(code)))
    if found is None or found.kept_on is None:
        return False
    return whose_seat(session, session.get_one(models.Seat, found.seat_id)).id == seat_id


def needs_code(session: Session, seat: models.Seat) -> bool:
    """Whether somebody has no device that proves their seat: none at all, or one by the moderator's word."""
    return not seat.has_phone or last_joined(session, seat) is not None


def code_since(session: Session, seat: models.Seat) -> date | None:
    """The day on which the personal code of somebody who needs one was made."""
    device = last_joined(session, seat)
    return kept_since(device.id if device is not None else seat.id)


def kept_since(seat_id: str) -> date | None:
    """The day on which the personal link of a seat was made, if it has one."""
    query = select(models.SeatToken.kept_on).where(
        models.SeatToken.seat_id == seat_id, models.SeatToken.kept_on.is_not(None)
    )
    return db.session.scalar(query)


def end_link_of(session: Session, seat_id: str) -> None:
    """The same within a transaction."""
    session.execute(
        delete(models.SeatToken).where(models.SeatToken.seat_id == seat_id, models.SeatToken.kept_on.is_not(None))
    )
