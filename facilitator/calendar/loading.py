"""What the pages of planned meetings show, and who may see it.

Promises: a planned meeting is seen by the members of its group and by whoever leads it; who comes is shown to the same people
and to nobody else, administrators included; who may edit the group sees the days of its meetings.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from facilitator.accounts.models import User
from facilitator.calendar import feeding
from facilitator.calendar.entries import Between
from facilitator.calendar.members import still_ahead
from facilitator.calendar.models import NO, YES, Appointment, Guest
from facilitator.calendar.rota_words import own_role
from facilitator.calendar.saying import Said, said
from facilitator.core.config import settings
from facilitator.core.db import db
from facilitator.groups import agreements, rules
from facilitator.groups.loading import member_names
from facilitator.groups.models import Group
from facilitator.meetings import models, summaries
from facilitator.meetings.actions import offering
from facilitator.meetings.snapshot import Expected
from facilitator.meetings.turns import Turn, turns_of_each

OPEN = ("lobby", "running")


@dataclass(frozen=True, slots=True)
class Coming:
    """What people said, by name; `unsaid` are those who said nothing yet."""

    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """A planned meeting, for one person. `answer` is None where it is not theirs to come to; `coming` where they may not know, who then
    know no `turns` either; `own_turns` are sentences; `is_open` while people come in or are at it.
    """

    meeting_id: str
    group: str
    when: Said
    as_seen: str
    place: str
    is_cancelled: bool
    leads: bool
    answer: str | None
    coming: Coming | None
    is_open: bool
    turns: tuple[Turn, ...] = ()
    own_turns: tuple[str, ...] = ()


def readers_zone() -> str:
    """The zone by whose clock pages and mails are read."""
    return settings().timezone


def group_of(user: User, group_id: str) -> Group | None:
    """A group that somebody sees."""
    return db.session.scalar(select(Group).where(Group.id == group_id, rules.readable(user, summaries.led_by(user.id))))


def may_plan(user: User, group: Group) -> bool:
    """Whether somebody may plan meetings of a group. One that has ended meets no more."""
    usable = select(Group.id).where(Group.id == group.id, rules.usable(user, summaries.led_by(user.id)))
    return group.ended_at is None and db.session.scalar(usable) is not None


def of_meeting(user: User, meeting_id: str) -> Appointment | None:
    """The appointment of a meeting, for its group's members and whoever leads it."""
    return db.session.scalar(_theirs(user).where(Appointment.meeting_id == meeting_id))


def of_group(user: User, group: Group, moment: datetime) -> list[Listed]:
    """The meetings of a group that are ahead, the soonest first."""
    ahead = select(Appointment).where(Appointment.group_id == group.id, still_ahead(moment))
    return _listed(user, _still(ahead, moment))


def of_user(user: User, moment: datetime) -> list[Listed]:
    """The meetings ahead that are somebody's to come to, or to lead."""
    return _listed(user, _still(_theirs(user).where(still_ahead(moment)), moment))


def between(user: User, moment: datetime) -> list[tuple[Between, Said]]:
    """The moments ahead that somebody agreed with one or two others, the soonest first."""
    ahead = (one for one in feeding.between(user) if one.until > moment)
    return [(one, said(one, readers_zone())) for one in sorted(ahead, key=lambda one: (one.moment, one.id))]


def listed(user: User, appointment: Appointment) -> Listed:
    return _listed(user, [appointment])[0]


def is_theirs(user: User, one: Appointment) -> bool:
    """Whether somebody sees who comes to a meeting, and who does what."""
    return user.id == one.led_by or rules.is_member(db.session(), user.id, one.group_id)


def _theirs(user: User) -> Select[Appointment]:
    own = or_(Appointment.group_id.in_(rules.groups_of(user.id)), Appointment.led_by == user.id)
    query = select(Appointment).join(Group, Group.id == Appointment.group_id)
    return query.where(Group.organisation_id == user.organisation_id, own)


def _still(query: Select[Appointment], moment: datetime) -> list[Appointment]:
    every = db.session.scalars(query).all()
    return sorted((one for one in every if one.until > moment), key=lambda one: (one.moment, one.id))


def _listed(user: User, appointments: Sequence[Appointment]) -> list[Listed]:
    groups = {group.id: group.name for group in _groups(appointments)}
    members, answers = member_names(groups), _answers(db.session(), appointments)
    zone, is_open, turns = readers_zone(), _open(appointments), _turns(appointments)
    found = []
    for one in appointments:
        people = members.get(one.group_id, {})
        is_theirs = user.id in people or user.id == one.led_by
        found.append(
            Listed(
                meeting_id=one.meeting_id or "",
                group=groups[one.group_id],
                when=said(one, zone),
                as_seen=one.as_seen,
                place=one.place,
                is_cancelled=one.is_cancelled,
                leads=user.id == one.led_by,
                answer=answers.get((one.id, user.id), "") if user.id in people and not one.is_cancelled else None,
                coming=_coming(one, people, answers) if is_theirs else None,
                is_open=one.meeting_id in is_open,
                turns=turns.get(one.meeting_id or "", ()) if is_theirs else (),
                own_turns=own_turns(user.id, turns.get(one.meeting_id or "", ())),
            )
        )
    return found


def _open(appointments: Sequence[Appointment]) -> set[str]:
    """The meetings that people can come into."""
    theirs = models.Meeting.id.in_([one.meeting_id for one in appointments if one.meeting_id])
    return set(db.session.scalars(select(models.Meeting.id).where(theirs, models.Meeting.status.in_(OPEN))))


def may_offer(user: User, appointment: Appointment) -> bool:
    """Whether somebody may offer a case for a meeting: its group's members, until it begins."""
    row = db.session.get(models.Meeting, appointment.meeting_id) if appointment.meeting_id else None
    is_ahead = row is not None and row.status in offering.OPEN
    return is_ahead and not appointment.is_cancelled and rules.is_member(db.session(), user.id, appointment.group_id)


def _turns(appointments: Sequence[Appointment]) -> dict[str, tuple[Turn, ...]]:
    ids = [one.meeting_id for one in appointments if one.meeting_id and not one.is_cancelled]
    return turns_of_each(db.session.scalars(select(models.Meeting).where(models.Meeting.id.in_(ids))))


def own_turns(user_id: str, turns: Iterable[Turn]) -> tuple[str, ...]:
    """What somebody does in a meeting, in sentences."""
    return tuple(own_role(turn) for turn in turns if turn.user_id == user_id)


def last_report(user: User, group_id: str) -> str:
    """The address of what was agreed last time, where there is a report that somebody may read."""
    held = summaries.of_groups(user, [group_id], with_reports=True)
    return next((one.report for one in held if one.is_over), "")


def _groups(appointments: Sequence[Appointment]) -> Iterable[Group]:
    return db.session.scalars(select(Group).where(Group.id.in_({one.group_id for one in appointments})))


def _answers(session: Session, appointments: Sequence[Appointment]) -> dict[tuple[str, str], str]:
    query = select(Guest).where(Guest.appointment_id.in_([one.id for one in appointments]), Guest.is_out.is_(False))
    return {(guest.appointment_id, guest.user_id): guest.answer for guest in session.scalars(query)}


def _coming(one: Appointment, people: dict[str, str], answers: dict[tuple[str, str], str]) -> Coming:
    """What the members said; whoever leads is there anyway, as a member of the group too."""
    by_answer: dict[str, list[str]] = {}
    for user_id, name in people.items():
        by_answer.setdefault(answers.get((one.id, user_id), ""), []).append(name)
    return Coming(*(tuple(sorted(by_answer.get(says, ()), key=str.casefold)) for says in (YES, NO, "")))


def expected(session: Session, meeting: models.Meeting) -> Expected | None:
    """Who was invited to a meeting and what they said, for whoever leads it; None where calendars do not have it."""
    one = session.scalar(select(Appointment).where(Appointment.meeting_id == meeting.id))
    if one is None:
        return None
    people, answers = member_names([one.group_id], session).get(one.group_id, {}), _answers(session, [one])
    coming = _coming(one, people, answers)
    agreement = meeting.agreement_id or getattr(agreements.current(session, one.group_id), "id", None)
    accepted = agreements.accepted_by(session, agreement)
    waiting = {user_id: name for user_id, name in people.items() if agreement and user_id not in accepted}
    not_accepted = [name for user_id, name in waiting.items() if answers.get((one.id, user_id)) == YES]
    turns = tuple((turn.role, turn.name) for turn in turns_of_each([meeting], session)[meeting.id] if turn.name)
    return Expected(coming.yes, coming.no, coming.unsaid, tuple(sorted(not_accepted, key=str.casefold)), turns)


def is_planned(appointment: Appointment) -> bool:
    """Whether its meeting can still be put elsewhere."""
    row = db.session.get(models.Meeting, appointment.meeting_id) if appointment.meeting_id else None
    return row is not None and row.status == "planned"
