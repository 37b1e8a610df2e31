"""Whom an appointment concerns: the members of its group, and whoever leads it. Follows who comes into a group and who leaves it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, select, update
from sqlalchemy.orm import Session

from facilitator.accounts.models import User
from facilitator.calendar.models import Appointment, Guest
from facilitator.calendar.turns import follow_leaving
from facilitator.core.db import db, take_turns
from facilitator.groups.models import Member

GUESTS = "guests"  # whose turn it is to make some
A_DAY = timedelta(days=1)  # no zone is further from UTC


def still_ahead(moment: datetime) -> ColumnElement[bool]:
    """Appointments that may not be over yet; which are is said by `until`."""
    return Appointment.begins > moment.replace(tzinfo=None) - 2 * A_DAY


def follow_members(moment: datetime) -> None:
    """Everybody whom an appointment concerns is its guest, and nobody else; whoever left the group has no turn."""
    with db.writing() as session:
        take_turns(session, GUESTS)
        missing = _missing(moment)
        for appointment_id, user_id in session.execute(missing).all():
            session.add(Guest(appointment_id=appointment_id, user_id=user_id))
        session.flush()
        _turn(session, moment, is_out=True)
        _turn(session, moment, is_out=False)
        follow_leaving(session)


def _missing(moment: datetime) -> Select[str, str]:
    known = exists().where(Guest.appointment_id == Appointment.id, Guest.user_id == User.id)
    return select(Appointment.id, User.id).where(
        still_ahead(moment), Appointment.is_cancelled.is_(False), concerns(), ~known
    )


def _turn(session: Session, moment: datetime, is_out: bool) -> None:
    """Those who are in and should be out, or the other way round."""
    concerned = exists().where(Appointment.id == Guest.appointment_id, User.id == Guest.user_id, concerns())
    ahead = select(Appointment.id).where(still_ahead(moment), Appointment.is_cancelled.is_(False))
    wrong = (Guest.appointment_id.in_(ahead), Guest.is_out.is_(not is_out), ~concerned if is_out else concerned)
    session.execute(
        update(Guest)
        .where(*wrong)
        .values(is_out=is_out, due=Guest.due + 1, answer="")
        .execution_options(synchronize_session=False)
    )


def is_theirs(session: Session, guest: Guest) -> bool:
    """Whether an appointment is a guest's at this very moment, also where nobody looked since they left."""
    mine = select(Guest.id).join(User, User.id == Guest.user_id)
    mine = mine.join(Appointment, Appointment.id == Guest.appointment_id)
    return session.scalar(mine.where(Guest.id == guest.id, Guest.is_out.is_(False), concerns())) is not None


def concerns() -> ColumnElement[bool]:
    """Whether an appointment is an account's: as a member of the group, or as whoever leads it."""
    is_member = exists().where(
        Member.group_id == Appointment.group_id, Member.user_id == User.id, Member.left_at.is_(None)
    )
    return and_(User.active, is_member | (User.id == Appointment.led_by))
