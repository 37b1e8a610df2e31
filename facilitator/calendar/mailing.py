"""Invitations, changes and cancellations by mail, and a word to whoever leads a meeting to which too few people come.

Promises: what somebody's calendar has to hear goes out once, whatever is interrupted and however many workers are at it: it counts as
told only when a mail server took it, one that was cut off there is sent again as the very same mail, and what changed twice
before anybody was told is told once. Nothing is told of what is over. A mail says when and where, never what about.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from flask_babel import force_locale
from sqlalchemy import ColumnElement, and_, or_, select, update

from facilitator.accounts import mail
from facilitator.accounts.models import User
from facilitator.accounts.once import BRIEFLY, PUT_OFF, Watch, is_let_go, require_taken, send_once, send_until_taken
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


def tell_due(moment: datetime) -> int:
    """Brings everybody's calendar up to date; answers how many mails went out. What could not be sent is tried again. By a clock
    that is in doubt nothing is told, and whoever left has no turn all the same.
    """
    follow_members(moment)
    if clock().is_held(moment):
        return 0
    watch = Watch(moment)
    return send_until_taken(partial(_tell, guest_id, watch) for guest_id in _due(moment))


def warn_due(moment: datetime) -> int:
    """Tells whoever leads a meeting two days before that too few people said that they come; answers how many that were. Raises
    ClockInDoubt.
    """
    clock().check(moment)
    watch = Watch(moment)
    return send_until_taken(partial(_warn, few, watch) for few in list(few_come(moment)))


def _due(moment: datetime) -> Iterator[str]:
    """The guests whose calendar is behind, who wait longest for the first time first."""
    query = (
        select(Guest.id, Appointment)
        .join(Appointment, Appointment.id == Guest.appointment_id)
        .where(still_ahead(moment), _is_behind(), is_let_go(Guest.claimed_at, moment, BRIEFLY))
        .where(or_(Guest.told.is_not(None), and_(Guest.is_out.is_(False), Appointment.is_cancelled.is_(False))))
        .order_by(Appointment.begins, Guest.id)
    )
    yield from (guest_id for guest_id, one in db.session.execute(query).all() if one.until > moment)


def _is_behind() -> ColumnElement[bool]:
    return or_(Guest.told.is_(None), Guest.told < Guest.due)


def _tell(guest_id: str, watch: Watch) -> bool:
    """Tells one person; False where somebody else does, or there is nothing to tell any more. Raises NotTaken."""
    guest = _claim(guest_id, watch.moment)
    if guest is None:
        return False
    claimed, appointment, user = guest.due, *_about(guest)
    has_to_hear = guest.told is not None or not (guest.is_out or appointment.is_cancelled)
    if (
        has_to_hear
    ):  # what is not taken waits for a while, so that one who cannot be reached keeps nobody else from hearing
        put_off = partial(_note, guest_id, claimed_at=watch.moment + PUT_OFF)
        require_taken(_mail(appointment, guest, user, claimed), put_off)
    _note(guest_id, claimed_at=None, told=claimed)
    return has_to_hear


def _note(guest_id: str, **values: datetime | int | None) -> None:
    with db.writing() as session:
        session.execute(update(Guest).where(Guest.id == guest_id).values(values))


def _claim(guest_id: str, moment: datetime) -> Guest | None:
    """A guest whom nobody else mails meanwhile; None where somebody does, or did."""
    with db.writing() as session:
        mine = update(Guest).where(Guest.id == guest_id, is_let_go(Guest.claimed_at, moment, BRIEFLY), _is_behind())
        if session.scalar(mine.values(claimed_at=moment).returning(Guest.id)) is None:
            return None
        return session.get_one(Guest, guest_id, populate_existing=True)


def _about(guest: Guest) -> tuple[Appointment, User]:
    appointment = db.session.get_one(Appointment, guest.appointment_id, populate_existing=True)
    return appointment, db.session.get_one(User, guest.user_id)


def _warn(few: Few, watch: Watch) -> bool:
    """Tells whoever leads one meeting. Raises NotTaken."""
    appointment, user = _about(db.session.get_one(Guest, few.guest_id))
    with force_locale(user.locale):
        when = said(appointment, settings().timezone)
    base = base_of(None)
    link = f"{base}/meetings/{appointment.meeting_id}/when" if base else ""
    about = f"{appointment.id}/{appointment.begins:%Y%m%d%H%M}"
    is_sent = send_once(about, "few", user, watch.moment, name=user.name, when=when, few=few, link=link)
    if is_sent:
        with db.writing() as session:
            warned = update(Appointment).where(Appointment.id == appointment.id)
            session.execute(warned.values(warned_for=appointment.begins))
    return is_sent


def _mail(appointment: Appointment, guest: Guest, user: User, count: int) -> mail.Fate:
    base, is_off = base_of(None), guest.is_out or appointment.is_cancelled
    kind = "cancelled" if is_off else "meeting" if guest.told is None else "moved"
    method = CANCEL if is_off else REQUEST
    with force_locale(user.locale):
        when = said(appointment, settings().timezone)
        content = as_mail(appointment, guest, user, base, count, method)
    return mail.sent_now(
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
