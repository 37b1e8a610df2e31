"""Somebody's sessions and hours over time, from what moderators confirmed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from flask_babel import to_user_timezone
from sqlalchemy import Row, Select, or_, select, update
from sqlalchemy.orm import Session as Transaction

from facilitator.accounts.models import User
from facilitator.core import sealing
from facilitator.core.db import db
from facilitator.meetings import models
from facilitator.meetings.visitor import is_said_to_be
from facilitator.proof import store
from facilitator.proof.content import Held, Role
from facilitator.proof.models import Attendance, Certificate, Sheet


@dataclass(frozen=True, slots=True)
class Session:
    """One meeting somebody took part in; `number` is empty until they got their certificate, `meeting_id` where the meeting
    is not known any more. `people`: how many took part, and whether `all_signed`, once that was looked up (`with_people`).
    """

    held: Held
    day: date
    role: Role
    minutes: int
    number: str
    meeting_id: str
    gave_by: str = ""
    sheet_id: str = ""
    people: int = 0
    all_signed: bool = False


@dataclass(frozen=True, slots=True)
class Year:
    """The sessions of one year; `share` is of the year with most hours."""

    year: int
    sessions: int
    minutes: int
    share: float


@dataclass(frozen=True, slots=True)
class Overview:
    """A period: its sessions, the latest first, and what they add up to."""

    first: date | None
    last: date | None
    sessions: tuple[Session, ...]
    minutes: int
    years: tuple[Year, ...]


def overview_of(sessions: Sequence[Session], first: date | None = None, last: date | None = None) -> Overview:
    """The sessions of a period, both days included, and their totals."""
    chosen = [s for s in sessions if (first is None or s.day >= first) and (last is None or s.day <= last)]
    chosen.sort(key=lambda s: s.held.started_at, reverse=True)
    return Overview(first, last, tuple(chosen), sum(s.minutes for s in chosen), _years(chosen))


def sessions_of(user: User) -> tuple[list[Session], int]:
    """Every meeting somebody was confirmed in, by their account, and how many there are that cannot be read any more."""
    damaged: list[Row[Attendance, Sheet]] = []
    with db.reading() as session:
        meetings = _meetings(session, user)
        rows = session.execute(_own(user, meetings)).all()
        read = partial(_session, session, meetings)
        found = [one for one in sealing.each(rows, read, damaged.append) if one is not None]
        strays = [row.id for row, _ in rows if row.user_id != user.id]
    if strays:
        _claim(user, strays)
    return _once_a_meeting(found), len(damaged)


def with_people(sessions: Sequence[Session]) -> list[Session]:
    """The same sessions, each with how many took part and whether all of them signed; where a row cannot be read, they did not."""
    sheets = {one.sheet_id for one in sessions}
    with db.reading() as session:
        rows = session.scalars(select(Attendance).where(Attendance.sheet_id.in_(sheets))).all()
        damaged: list[Attendance] = []
        there = [row for row in sealing.each(rows, _there, damaged.append) if row is not None]
    people = Counter(row.sheet_id for row in there)
    unsigned = {row.sheet_id for row in (*there, *damaged) if row in damaged or not row.has_signed}
    return [replace(one, people=people[one.sheet_id], all_signed=one.sheet_id not in unsigned) for one in sessions]


def _there(row: Attendance) -> Attendance | None:
    """A row, of somebody who was there."""
    confirmed = store.confirmed_of(row)
    return row if confirmed is not None and confirmed.was_there else None


def _once_a_meeting(found: list[tuple[str, Session]]) -> list[Session]:
    """Of somebody with two seats in a meeting the one that counts: with a certificate, or else the longer time."""
    best: dict[str, Session] = {}
    for sheet_id, one in found:
        known = best.get(sheet_id)
        if known is None or (bool(one.number), one.minutes) > (bool(known.number), known.minutes):
            best[sheet_id] = one
    return list(best.values())


def _own(user: User, meetings: dict[str, str]) -> Select[Attendance, Sheet]:
    """What is on the account already, and what belongs to seats that were connected with it since."""
    return (
        select(Attendance, Sheet)
        .join(Sheet, Sheet.id == Attendance.sheet_id)
        .where(
            Sheet.organisation_id == user.organisation_id,
            or_(Attendance.user_id == user.id, Attendance.seat_mark.in_(list(meetings))),
        )
    )


def _meetings(session: Transaction, user: User) -> dict[str, str]:
    """The meetings of somebody's seats, by the mark of the seat."""
    query = (
        select(models.Seat.id, models.Seat.meeting_id)
        .join(models.Meeting, models.Meeting.id == models.Seat.meeting_id)
        .where(models.Meeting.organisation_id == user.organisation_id)
        .where(or_(models.Seat.user_id == user.id, is_said_to_be(user)))
    )
    return {store.mark("seat", seat_id): meeting_id for seat_id, meeting_id in session.execute(query)}


def _session(
    session: Transaction, meetings: dict[str, str], found: Row[Attendance, Sheet]
) -> tuple[str, Session] | None:
    """A session and the sheet it stands on."""
    row, sheet = found
    held, confirmed = store.held_of(sheet), store.confirmed_of(row)
    if held is None or confirmed is None or not confirmed.was_there:
        return None
    live = select(Certificate.number).where(Certificate.attendance_id == row.id, Certificate.is_replaced.is_(False))
    day = to_user_timezone(held.started_at).date()
    number, meeting_id = session.scalar(live) or "", meetings.get(row.seat_mark, "")
    found_on = Session(held, day, confirmed.role, confirmed.minutes, number, meeting_id, confirmed.gave_by, sheet.id)
    return sheet.id, found_on


def _claim(user: User, row_ids: Sequence[str]) -> None:
    """Puts on the account what came from seats that were connected with it, so that it stays when the seats go."""
    with db.writing() as session:
        session.execute(update(Attendance).where(Attendance.id.in_(row_ids)).values(user_id=user.id))


def _years(sessions: Sequence[Session]) -> tuple[Year, ...]:
    minutes: dict[int, list[int]] = {}
    for one in sessions:
        minutes.setdefault(one.day.year, []).append(one.minutes)
    most = max((sum(each) for each in minutes.values()), default=0)
    return tuple(
        Year(year, len(each), sum(each), sum(each) / most if most else 0.0)
        for year, each in sorted(minutes.items(), reverse=True)
    )
