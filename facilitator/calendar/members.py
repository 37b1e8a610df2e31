"""Whom an appointment concerns: the members of its group, and whoever leads it. Follows who comes into a group and who leaves it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, select, union, update
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
    if _is_anybody_amiss(db.session(), moment):  # not in most minutes: then nobody who writes has to wait for this
        with db.writing() as session:
            take_turns(session, GUESTS)
            for appointment_id, user_id in session.execute(_missing(moment)).all():
                session.add(Guest(appointment_id=appointment_id, user_id=user_id))
            session.flush()
            _turn(session, moment, is_out=True)
            _turn(session, moment, is_out=False)
    follow_leaving()


def _is_anybody_amiss(session: Session, moment: datetime) -> bool:
    amiss = (select(Guest.id).where(*_wrong(moment, is_out)) for is_out in (True, False))
    return any(session.execute(query.limit(1)).first() for query in (_missing(moment), *amiss))


def _missing(moment: datetime) -> Select[str, str]:
    """Accounts that appointments concern, without a guest: by way of the groups, because of all pairs of the two hardly any is one."""
    member = and_(Member.group_id == Appointment.group_id, Member.left_at.is_(None))
    concerned = union(
        select(Appointment.id, Member.user_id).join(Member, member).where(*_ahead(moment)),
        select(Appointment.id, Appointment.led_by).where(*_ahead(moment)),
    ).subquery()
    appointment_id, user_id = concerned.c
    known = exists().where(Guest.appointment_id == appointment_id, Guest.user_id == user_id)
    return select(appointment_id, user_id).join(User, User.id == user_id).where(User.active, ~known)


def _ahead(moment: datetime) -> tuple[ColumnElement[bool], ...]:
    return still_ahead(moment), Appointment.is_cancelled.is_(False)


def _turn(session: Session, moment: datetime, is_out: bool) -> None:
    """Those who are in and should be out, or the other way round."""
    turned = update(Guest).where(*_wrong(moment, is_out)).values(is_out=is_out, due=Guest.due + 1, answer="")
    session.execute(turned.execution_options(synchronize_session=False))


def _wrong(moment: datetime, is_out: bool) -> tuple[ColumnElement[bool], ...]:
    """The guests who have to become out, or in again."""
    concerned = exists().where(Appointment.id == Guest.appointment_id, User.id == Guest.user_id, concerns())
    ahead = select(Appointment.id).where(*_ahead(moment))
    return Guest.appointment_id.in_(ahead), Guest.is_out.is_(not is_out), ~concerned if is_out else concerned


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
