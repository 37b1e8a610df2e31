"""The talk after one has watched the other at work, or gone along for a day: a meeting of its method for the two alone, on two phones.

Promises: nobody else has room in it; whoever watched starts it and has its console and a phone in one, the other one comes in with one
tap and is the one it is about; there is one talk at a time. What comes of it stands where it stands of every meeting, for those who were in it.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from facilitator.accounts.models import User
from facilitator.arrangements import reading, rules
from facilitator.arrangements.models import COACHING, SHADOWING, Arrangement, Talk
from facilitator.arrangements.saying import form_of
from facilitator.core.db import db, now
from facilitator.core.entries import Entry
from facilitator.core.refusals import Refused
from facilitator.meetings import mine, models
from facilitator.meetings.actions import people, setting_up, steering, table
from facilitator.meetings.seats import Holding
from facilitator.meetings.visitor import seats_of
from facilitator.methods.loader import load_catalogue

METHODS = {COACHING: "coaching_on_the_job", SHADOWING: "shadowing_debrief"}
OPEN = ("planned", "lobby", "running")


@dataclass(frozen=True, slots=True)
class Talked:
    """A talk for one of its people. `entries` are their own actions, and those of which they are the buddy."""

    meeting_id: str
    is_open: bool
    is_led: bool
    was_there: bool
    entries: tuple[Entry, ...]


def talks(session: Session, user: User, arrangement: Arrangement) -> list[Talked]:
    """The talks of somebody's arrangement, the newest first."""
    query = select(models.Meeting).join(Talk, Talk.meeting_id == models.Meeting.id)
    query = query.where(Talk.arrangement_id == arrangement.id).order_by(models.Meeting.created_at.desc())
    own = seats_of(user)
    return [
        Talked(
            meeting_id=row.id,
            is_open=row.status in OPEN,
            is_led=row.created_by == user.id,
            was_there=bool(own.get(row.id)),
            entries=tuple(
                entry for seat in own.get(row.id, ()) for entry in mine.entries_for_seat(row.id, seat.id, is_own=True)
            ),
        )
        for row in session.scalars(query)
    ]


def begin(by: User, arrangement_id: str, language: str) -> tuple[Holding, Holding]:
    """Opens a talk; gives the console and the phone of whoever starts it. Raises LookupError, and Refused where there is one already."""
    session = db.session()
    arrangement = _running(session, by, arrangement_id)
    method = load_catalogue()[METHODS[arrangement.form]]
    plan = setting_up.Plan(
        organisation_id=by.organisation_id,
        user_id=by.id,
        goal=form_of(arrangement.form),
        method=method,
        minutes=tuple(phase.minutes for phase in method.phases),
        locale=language,
        capacity=len(reading.people_of(session, arrangement_id)),
    )

    def only_one(session: Session, row: models.Meeting) -> None:
        rules.take_turn(session, arrangement_id)
        _running(session, by, arrangement_id)
        if _open(session, arrangement_id) is not None:
            raise Refused(_("There is a talk already. Come in there."))
        session.add(Talk(meeting_id=row.id, arrangement_id=arrangement_id))
        session.flush()

    meeting_id = setting_up.create(plan, also=only_one)
    lead = people.moderator_seat(meeting_id, by.name, language, by.id)
    steering.steer(meeting_id, lead.seat_id, "open", 0)
    return lead, people.join(meeting_id, by.name, language, has_agreed=True, leads=True, user=by)


def come_in(by: User, arrangement_id: str, language: str) -> Holding:
    """The seat of somebody in the talk that is open; the first to come is the one it is about. Raises LookupError."""
    session = db.session()
    _running(session, by, arrangement_id)
    row = _open(session, arrangement_id)
    if row is None:
        raise LookupError(arrangement_id)
    if row.status == "planned":
        raise Refused(_("The talk is being opened at this moment. Come in again in a minute."))
    meeting_id, is_led = row.id, row.created_by == by.id
    holding = people.join(meeting_id, by.name, language, has_agreed=True, user=by, is_again=True)
    around = models.Round.meeting_id == meeting_id
    if (
        not is_led
        and db.session.scalar(select(models.Round.id).where(around, models.Round.case_giver_id.is_not(None))) is None
    ):
        lead = select(models.Seat.id).where(models.Seat.meeting_id == meeting_id, models.Seat.leads)
        leads = db.session.scalars(lead.order_by(models.Seat.kind)).first()
        if leads is not None and row.status == "lobby":
            table.name_case_giver(meeting_id, leads, holding.seat_id)
    return holding


def _running(session: Session, by: User, arrangement_id: str) -> Arrangement:
    arrangement = rules.readable_arrangement(session, by, arrangement_id)
    if arrangement.form not in METHODS:
        raise LookupError(arrangement_id)
    if not rules.holds(arrangement, now().date()):
        raise Refused(_("This has ended, or not everybody has said yes yet."))
    return arrangement


def _open(session: Session, arrangement_id: str) -> models.Meeting | None:
    query = select(models.Meeting).join(Talk, Talk.meeting_id == models.Meeting.id)
    return session.scalar(query.where(Talk.arrangement_id == arrangement_id, models.Meeting.status.in_(OPEN)).limit(1))
