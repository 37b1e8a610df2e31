"""Invitations, changes and cancellations by mail, and a word to whoever leads a meeting to which too few people come.

Promises: what somebody's calendar has to hear goes out once, whatever is interrupted and however many workers are at it: it counts as
told only when a mail server took it, one that was cut off there is sent again as the very same mail, and what changed twice
before anybody was told is told once. Nothing is told of what is over. A mail says when and where, never what about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import TypeVar

from flask_babel import force_locale
from sqlalchemy import ColumnElement, and_, or_, select, update

from facilitator.accounts import mail
from facilitator.accounts.models import User
from facilitator.calendar.entries import CANCEL, REQUEST, as_mail
from facilitator.calendar.few import Few, few_come
from facilitator.calendar.links import token_of
from facilitator.calendar.members import follow_members, still_ahead
from facilitator.calendar.models import Appointment, Guest
from facilitator.calendar.saying import said
from facilitator.core.clock import clock
from facilitator.core.config import settings
from facilitator.core.db import db
from facilitator.meetings.addresses import base_of

CLAIMED_FOR = timedelta(minutes=3)  # longer than a mail server may take
FAILURES_AT_MOST = 3
T = TypeVar("T")


def tell_due(moment: datetime) -> int:
    """Brings everybody's calendar up to date; answers how many mails went out. What could not be sent is tried again. By a clock
    that is in doubt nothing is told.
    """
    if clock().is_held(moment):
        return 0
    follow_members(moment)
    return _each(_due(moment), lambda guest_id: _tell(guest_id, moment))


def warn_due(moment: datetime) -> int:
    """Tells whoever leads a meeting two days before that too few people said that they come; answers how many that were. Raises
    ClockInDoubt.
    """
    clock().check(moment)
    return _each(list(few_come(moment)), lambda few: _warn(few, moment))


def _each(things: Iterable[T], tell: Callable[[T], bool | None]) -> int:
    """Tells one after the other, until the mail server is away; answers how many mails went out."""
    sent = failed = 0
    for thing in things:
        is_sent = tell(thing)
        sent += is_sent is True
        failed += is_sent is False
        if failed == FAILURES_AT_MOST:
            break
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
    guest = _claim(guest_id, moment, _is_behind())
    if guest is None:
        return None
    claimed, appointment, user = guest.due, *_about(guest)
    has_nothing_to_hear = guest.told is None and (guest.is_out or appointment.is_cancelled)
    is_sent = has_nothing_to_hear or _mail(appointment, guest, user, claimed)
    if is_sent:  # else it waits for a while, so that one who cannot be reached keeps nobody else from hearing
        with db.writing() as session:
            session.execute(update(Guest).where(Guest.id == guest_id).values(claimed_at=None, told=claimed))
    return None if has_nothing_to_hear else is_sent


def _claim(guest_id: str, moment: datetime, *still: ColumnElement[bool]) -> Guest | None:
    """A guest whom nobody else mails meanwhile; None where somebody does, or where it is not so any more."""
    with db.writing() as session:
        mine = update(Guest).where(Guest.id == guest_id, _is_free(moment), *still)
        if session.scalar(mine.values(claimed_at=moment).returning(Guest.id)) is None:
            return None
        return session.get_one(Guest, guest_id, populate_existing=True)


def _about(guest: Guest) -> tuple[Appointment, User]:
    appointment = db.session.get_one(Appointment, guest.appointment_id, populate_existing=True)
    return appointment, db.session.get_one(User, guest.user_id)


def _warn(few: Few, moment: datetime) -> bool | None:
    """Tells whoever leads one meeting."""
    guest = _claim(few.guest_id, moment)
    if guest is None:
        return None
    appointment, user = _about(guest)
    with force_locale(user.locale):
        when = said(appointment, settings().timezone)
    base = base_of(None)
    is_sent = mail.is_on_its_way(
        "few",
        user.email,
        user.locale,
        key=f"{guest.id}.few.{appointment.begins:%Y%m%d%H%M}",
        name=user.name,
        when=when,
        few=few,
        link=f"{base}/meetings/{appointment.meeting_id}/when" if base else "",
    )
    if is_sent:
        with db.writing() as session:
            session.execute(update(Guest).where(Guest.id == guest.id).values(claimed_at=None))
            warned = update(Appointment).where(Appointment.id == appointment.id)
            session.execute(warned.values(warned_for=appointment.begins))
    return is_sent


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
