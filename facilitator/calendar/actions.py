"""The verbs of planned meetings: a series in one go, and what becomes of each of its meetings afterwards.

Promises: a series that is sent twice, or that was cut off in the middle and is sent again, is there once, and another one under its name is refused; a meeting that has opened
stays where it is; what changes is in the calendars of those it concerns as soon as mails go out (`mailing`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from facilitator.accounts.models import User
from facilitator.calendar.members import GUESTS, is_theirs
from facilitator.calendar.models import NO, UNSAID, YES, Appointment, Guest
from facilitator.calendar.moments import clock_in, moment_of
from facilitator.calendar.turns import let_all_go, let_go
from facilitator.core.clock import clock
from facilitator.core.config import settings
from facilitator.core.db import announce, count_change, db, now, random_id, take_turns
from facilitator.core.refusals import Refused
from facilitator.groups.models import Group
from facilitator.meetings import models
from facilitator.meetings.actions import setting_up
from facilitator.methods import timing
from facilitator.methods.vocabulary import Method

USUAL_LENGTH = 90  # minutes
ABOUT_THE_SAME = 5  # minutes: phases are planned in halves, and their sum is seldom what somebody typed


@dataclass(frozen=True, slots=True)
class Series:
    """What somebody plans at once: `op` is the page's name for this attempt, `at` the time on the clock of `zone`."""

    op: str
    group_id: str
    days: Sequence[date]
    at: time
    zone: str
    minutes: int
    place: str
    goal: str
    method: Method
    locale: str


@dataclass(frozen=True, slots=True)
class When:
    """When and where one meeting is."""

    begins: datetime
    zone: str
    minutes: int
    place: str


def plan(by: User, series: Series) -> int:
    """Plans the meetings of a series; answers how many it has now. Raises `Refused` where the group is not theirs to use."""
    series_id = hashlib.sha256(f"series:{by.id}:{series.op}".encode()).hexdigest()[:22]
    in_series = select(Appointment.number).where(Appointment.series_id == series_id)
    known = set(db.session.scalars(in_series))
    _require_same(series, series_id)
    for number, day in enumerate(series.days):
        if number not in known:
            _plan_one(by, series, series_id, number, datetime.combine(day, series.at))
    return len(db.session.scalars(in_series).all())


def _require_same(series: Series, series_id: str) -> None:
    """Whoever goes back to the page and plans something else with it would find that nothing happened, or half of it."""
    for one in db.session.scalars(select(Appointment).where(Appointment.series_id == series_id)):
        said = (one.group_id, one.begins, one.zone, one.minutes, one.place)
        day = series.days[one.number] if one.number < len(series.days) else None
        asked = day and (series.group_id, datetime.combine(day, series.at), series.zone, series.minutes, series.place)
        if said != asked:
            raise Refused("planned_already")


def _plan_one(by: User, series: Series, series_id: str, number: int, begins: datetime) -> None:
    def in_calendars(session: Session, row: models.Meeting) -> None:
        session.add(
            Appointment(
                meeting_id=row.id,
                group_id=row.group_id,
                led_by=by.id,
                series_id=series_id,
                number=number,
                begins=begins,
                zone=series.zone,
                minutes=series.minutes,
                place=series.place,
            )
        )
        session.flush()

    try:
        setting_up.create(_plan_of(by, series, begins), also=in_calendars)
    except IntegrityError:  # the same page, sent twice at once: the other one planned it
        db.session.rollback()


def _plan_of(by: User, series: Series, begins: datetime) -> setting_up.Plan:
    turns = timing.turns(series.method)
    minutes = timing.scaled_in_turn(series.method, max(1.0, series.minutes - series.method.lobby_minutes), turns)
    return setting_up.Plan(
        organisation_id=by.organisation_id,
        user_id=by.id,
        goal=series.goal,
        method=series.method,
        minutes=timing.spread(series.method.phases, minutes),
        turns=turns,
        locale=series.locale,
        group_id=series.group_id,
        follows_group=True,
        place=series.place,
        planned_for=moment_of(begins, series.zone),
    )


def change(by: User, appointment: Appointment, to: When, with_following: bool) -> int:
    """Puts a meeting elsewhere, and if asked those of its series that follow: by as many days, and of the rest what changed here.
    Answers how many were changed. Raises `Refused` where it has opened.
    """
    before = When(appointment.begins, appointment.zone, appointment.minutes, appointment.place)
    wanted = [appointment, *(following(appointment, by) if with_following else ())]
    moved = {one.id: _moved(one, before, to) for one in wanted}
    meeting_ids = sorted(one.meeting_id for one in wanted if one.meeting_id)
    with db.writing(is_counted=True) as session:
        for meeting_id in meeting_ids:
            take_turns(session, meeting_id)
            count_change(session, meeting_id)
        changed = sum(_change_one(session, one_id, when) for one_id, when in moved.items())
    for meeting_id in meeting_ids:
        announce(meeting_id)
    return changed


def _moved(one: Appointment, before: When, to: When) -> When:
    """Where a meeting of the series goes, when one of them goes from `before` to `to`."""
    days = to.begins.date() - before.begins.date()
    at = one.begins.time() if to.begins.time() == before.begins.time() else to.begins.time()
    return When(
        datetime.combine(one.begins.date() + days, at),
        one.zone if to.zone == before.zone else to.zone,
        one.minutes if to.minutes == before.minutes else to.minutes,
        one.place if to.place == before.place else to.place,
    )


def _change_one(session: Session, appointment_id: str, to: When) -> int:
    one = session.get_one(Appointment, appointment_id, populate_existing=True)
    row = session.get(models.Meeting, one.meeting_id, populate_existing=True) if one.meeting_id else None
    if row is None or one.is_cancelled:
        raise Refused("no_such_meeting", 404)
    setting_up.move_plan(session, row, moment_of(to.begins, to.zone), to.place, to.minutes / one.minutes)
    return _write(session, one, to)


def _write(session: Session, one: Appointment, to: When) -> bool:
    """Writes where a meeting is now; answers whether that is anything new. Who said they come at another time is asked again."""
    before = When(one.begins, one.zone, one.minutes, one.place)
    if before == to:
        return False
    one.begins, one.zone, one.minutes, one.place = to.begins, to.zone, to.minutes, to.place
    _is_new(session, one, is_asked_again=replace(before, place=to.place) != to)
    return True


def _is_new(session: Session, one: Appointment, is_asked_again: bool = False) -> None:
    """Everybody's calendar has to hear of it."""
    theirs = update(Guest).where(Guest.appointment_id == one.id, Guest.is_out.is_(False))
    session.execute(theirs.values(due=Guest.due + 1, **({"answer": UNSAID} if is_asked_again else {})))


def following(appointment: Appointment, by: User) -> list[Appointment]:
    """The meetings after this one in its series, that somebody leads and that have not opened."""
    query = (
        select(Appointment)
        .join(models.Meeting, models.Meeting.id == Appointment.meeting_id)
        .where(
            Appointment.series_id == appointment.series_id,
            Appointment.begins > appointment.begins,
            Appointment.is_cancelled.is_(False),
            models.Meeting.created_by == by.id,
            models.Meeting.status == "planned",
        )
        .order_by(Appointment.begins)
    )
    return list(db.session.scalars(query))


def cancel(by: User, appointment: Appointment, with_following: bool) -> int:
    """Calls a meeting off, and if asked those of its series that follow; answers how many. Raises `Refused` where it has opened."""
    wanted = [appointment, *(following(appointment, by) if with_following else ())]
    meeting_ids = [one.meeting_id for one in wanted if one.meeting_id]
    for meeting_id in reversed(meeting_ids):  # the one that was asked for comes last: asking again finds what is left
        setting_up.delete_plan(meeting_id)
    return len(meeting_ids)


def follow_plan(session: Session, row: models.Meeting, length: int) -> None:
    """After a meeting was planned, changed or taken back elsewhere, in that transaction: its calendar entry follows. One of a group
    that has a time comes into calendars.
    """
    one = session.scalar(select(Appointment).where(Appointment.meeting_id == row.id))
    if one is None:
        _invite(session, row, length)
        return
    if row.planned_for is None or row.group_id != one.group_id:
        let_all_go(session, one)
    if row.planned_for is None or row.group_id is None:
        one.is_cancelled, one.meeting_id = True, None
        _is_new(session, one)
        return
    is_there = row.planned_for == one.moment
    begins = one.begins if is_there else clock_in(one.zone, row.planned_for).replace(tzinfo=None)
    minutes = length if length and abs(length - one.minutes) >= ABOUT_THE_SAME else one.minutes
    one.group_id = row.group_id
    _write(session, one, When(begins, one.zone, minutes, row.place))


def _invite(session: Session, row: models.Meeting, length: int) -> None:
    """A single meeting, by the clock of this installation."""
    if row.planned_for is None or row.group_id is None:
        return
    zone = settings().timezone
    session.add(
        Appointment(
            meeting_id=row.id,
            group_id=row.group_id,
            led_by=row.created_by,
            series_id=random_id(),
            number=0,
            begins=clock_in(zone, row.planned_for).replace(tzinfo=None),
            zone=zone,
            minutes=length or USUAL_LENGTH,
            place=row.place,
        )
    )


def keep_to_clocks(moment: datetime) -> int:
    """Where a zone's rules of summer time changed since a meeting was planned, it stays at the time on the clock; answers how many
    moved. Raises ClockInDoubt.
    """
    clock().check(moment)
    ahead = select(Appointment).join(models.Meeting, models.Meeting.id == Appointment.meeting_id)
    ahead = ahead.where(models.Meeting.status == "planned", models.Meeting.planned_for > moment)
    off = [one.id for one in db.session.scalars(ahead) if _meeting_of(db.session(), one).planned_for != one.moment]
    for appointment_id in off:
        with db.writing(is_counted=True) as session:
            one = session.get_one(Appointment, appointment_id)
            row = _meeting_of(session, one)
            if row.status == "planned":
                row.planned_for = one.moment
                _is_new(session, one)
    return len(off)


def _meeting_of(session: Session, one: Appointment) -> models.Meeting:
    return session.get_one(models.Meeting, one.meeting_id)


def answer(guest_id: str, says: str, seen: str = "") -> bool:
    """Keeps whether somebody comes; False where it is not theirs to say any more, or over. Raises `Refused` where the page that they said it
    on showed another time (`seen`): who comes then is asked again.
    """
    if says not in (YES, NO, UNSAID):
        raise Refused("no_such_move", 422)
    with db.writing() as session:
        guest = session.get(Guest, guest_id)
        one = session.get(Appointment, guest.appointment_id) if guest else None
        if guest is None or one is None or not is_theirs(session, guest) or one.is_cancelled or one.until <= now():
            return False
        if seen and seen != one.as_seen:
            raise Refused("moved_already")
        if says == NO:  # before anything is written: whoever changes the meeting comes to its guests in this order, too
            let_go(session, one, guest.user_id)
        guest.answer = says
        if is_awaited := _is_awaited(session, one):
            count_change(session, is_awaited)
    if is_awaited:
        announce(is_awaited)
    return True


def _is_awaited(session: Session, one: Appointment) -> str:
    """The meeting whose doors are open, where whoever leads looks who comes; empty where that is over or not yet so."""
    row = session.get(models.Meeting, one.meeting_id) if one.meeting_id else None
    return row.id if row is not None and row.status == "lobby" else ""


def answer_as(user: User, appointment: Appointment, says: str, seen: str = "") -> bool:
    """The same for somebody who is signed in, also where no mail went out to them yet."""
    with db.writing() as session:
        take_turns(session, GUESTS)
        mine = select(Guest).where(Guest.appointment_id == appointment.id, Guest.user_id == user.id)
        guest = session.scalar(mine)
        if guest is None:
            guest = Guest(id=random_id(), appointment_id=appointment.id, user_id=user.id)
            session.add(guest)
            session.flush()
        guest_id = guest.id
    return answer(guest_id, says, seen)


def forget_past(organisation_id: str, before: datetime) -> int:
    """Lets go of an organisation's appointments that were before a moment, and with them of who had said that they come; answers how
    many there were.
    """
    of_organisation = Appointment.group_id.in_(select(Group.id).where(Group.organisation_id == organisation_id))
    with db.writing() as session:
        query = select(Appointment).where(of_organisation, Appointment.begins < before.replace(tzinfo=None))
        past = session.scalars(query).all()
        for one in past:
            session.delete(one)
    return len(past)
