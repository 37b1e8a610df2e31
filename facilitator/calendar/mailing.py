"""Invitations, changes and cancellations by mail, and a word to whoever leads a meeting to which too few people come.

Promises: what somebody's calendar has to hear goes out once, whatever is interrupted and however many workers are at it: it counts as
told only when a mail server took it, one that was cut off there is sent again as the very same mail, and what changed twice
before anybody was told is told once. Nothing is told of what is over. A mail says when and where, never what about.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from flask_babel import force_locale
from sqlalchemy import ColumnElement, and_, or_, select, update

from facilitator.accounts import mail
from facilitator.accounts.models import User
from facilitator.calendar.entries import CANCEL, REQUEST, as_mail
from facilitator.calendar.links import token_of
from facilitator.calendar.members import follow_members, still_ahead
from facilitator.calendar.models import Appointment, Guest
from facilitator.calendar.saying import said
from facilitator.core.config import settings
from facilitator.core.db import db
from facilitator.meetings.addresses import base_of

CLAIMED_FOR = timedelta(minutes=3)  # longer than a mail server may take
FAILURES_AT_MOST = 3


def tell_due(moment: datetime) -> int:
    """Brings everybody's calendar up to date; answers how many mails went out. What could not be sent is tried again."""
    follow_members(moment)
    sent = failed = 0
    for guest_id in _due(moment):
        is_sent = _tell(guest_id, moment)
        sent += is_sent is True
        failed += is_sent is False
        if failed == FAILURES_AT_MOST:
            break  # the mail server is away
    return sent


def _due(moment: datetime) -> Iterator[str]:
    """The guests whose calendar is behind, who wait longest for the first time first."""
    query = (
        select(Guest.id, Appointment)
        .join(Appointment, Appointment.id == Guest.appointment_id)
        .where(still_ahead(moment), _is_behind(), _is_free(moment))
        .where(or_(Guest.told.is_not(None), and_(Guest.is_out.is_(False), Appointment.is_cancelled.is_(False))))
        .order_by(Appointment.begins, Guest.id)
    )
    yield from (guest_id for guest_id, one in db.session.execute(query).all() if one.until > moment)


def _is_behind() -> ColumnElement[bool]:
    return or_(Guest.told.is_(None), Guest.told < Guest.due)


def _is_free(moment: datetime) -> ColumnElement[bool]:
    """Nobody else is telling them just now; whoever began and was cut off has let go after a while."""
    return or_(Guest.claimed_at.is_(None), Guest.claimed_at <= moment - CLAIMED_FOR, Guest.claimed_at > moment)


def _tell(guest_id: str, moment: datetime) -> bool | None:
    """Tells one person; None where somebody else does, or there is nothing to tell any more."""
    with db.writing() as session:
        mine = update(Guest).where(Guest.id == guest_id, _is_behind(), _is_free(moment))
        claimed = session.scalar(mine.values(claimed_at=moment).returning(Guest.due))
        if claimed is None:
            return None
        guest = session.get_one(Guest, guest_id, populate_existing=True)
        appointment = session.get_one(Appointment, guest.appointment_id)
        user = session.get_one(User, guest.user_id)
    has_nothing_to_hear = guest.told is None and (guest.is_out or appointment.is_cancelled)
    is_sent = has_nothing_to_hear or _mail(appointment, guest, user, claimed)
    if is_sent:  # else it waits for a while, so that one who cannot be reached keeps nobody else from hearing
        with db.writing() as session:
            session.execute(update(Guest).where(Guest.id == guest_id).values(claimed_at=None, told=claimed))
    return None if has_nothing_to_hear else is_sent


def _mail(appointment: Appointment, guest: Guest, user: User, count: int) -> bool:
    base, is_off = base_of(None), guest.is_out or appointment.is_cancelled
    kind = "cancelled" if is_off else "meeting" if guest.told is None else "moved"
    method = CANCEL if is_off else REQUEST
    with force_locale(user.locale):
        when = said(appointment, settings().timezone)
        content = as_mail(appointment, guest, user, base, count, method)
    return mail.is_on_its_way(
        kind,
        user.email,
        user.locale,
        key=f"{guest.id}.{count}",
        calendar=mail.ForCalendar(method, content),
        name=user.name,
        when=when,
        place=appointment.place,
        link=f"{base}/comes/{token_of(guest.id)}" if base and not is_off else "",
        is_out=guest.is_out and not appointment.is_cancelled,
    )
