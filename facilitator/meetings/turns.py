"""Whose turn it is for what in a planned meeting, what happened to turns before, and who may lead because it is their turn.

`turns_of(meeting_id)` is for whoever shows it: a tuple with one `Turn` for each of `roles_in(meeting)`, in the order of `ROLES`; its
`user_id` and `name` are empty where nobody has it. It is for the people of the group and whoever leads: ask first who asks.

Promises: a turn is somebody's only as long as they are in the group. The turn to moderate opens the console of that meeting, and no other,
until it starts; after that it is whoever led it, by their account as well as by the device. Of meetings under pseudonyms nothing is told
but what was planned.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session, aliased

from facilitator.accounts.models import User
from facilitator.core.db import db
from facilitator.groups.loading import member_names
from facilitator.groups.models import Member
from facilitator.meetings import loading, models, table_ids
from facilitator.meetings.visitor import account_for_hours
from facilitator.methods.roles import RoleWords, roles_of
from facilitator.methods.vocabulary import Clients, Role

MODERATOR, CASE_GIVER = "moderator", str(Role.CASE_GIVER)
NOTE_TAKER, TIMEKEEPER = str(Role.NOTE_TAKER), str(Role.TIMEKEEPER)
ROLES = (MODERATOR, CASE_GIVER, NOTE_TAKER, TIMEKEEPER)
BEFORE_THE_START = ("planned", "lobby")


@dataclass(frozen=True, slots=True)
class Turn:
    """A role in a meeting, and who has it: nobody, where `user_id` is empty. `why` is one of `calendar.rota.Why`; `words` are what the method
    of the meeting calls roles, such as a presenter.
    """

    meeting_id: str
    role: str
    user_id: str = ""
    name: str = ""
    why: str = ""
    words: RoleWords = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Had:
    """That somebody had a role in a meeting that began at a moment."""

    role: str
    user_id: str
    moment: datetime


def roles_in(meeting: models.Meeting) -> tuple[str, ...]:
    """The roles that people take by turn; where everybody is client in turn nobody is by the rota."""
    head = meeting.method_head or {}
    return tuple(role for role in ROLES if role != CASE_GIVER or head.get("clients") != Clients.EACH)


def turns_of(meeting_id: str) -> tuple[Turn, ...]:
    meeting = db.session.get(models.Meeting, meeting_id)
    if meeting is None or meeting.group_id is None:
        return ()
    return turns_of_each([meeting])[meeting_id]


def turns_of_each(meetings: Iterable[models.Meeting], session: Session | None = None) -> dict[str, tuple[Turn, ...]]:
    """The turns of several meetings, by their ids."""
    meetings, session = list(meetings), session or db.session()
    names = member_names({one.group_id for one in meetings if one.group_id}, session)
    rows = {(row.meeting_id, row.role): row for row in session.scalars(_standing([one.id for one in meetings]))}

    def turn(meeting: models.Meeting, role: str) -> Turn:
        row = rows.get((meeting.id, role))
        name = names.get(meeting.group_id or "", {}).get(row.user_id) if row else None
        words = roles_of(loading.method_of(meeting)) if role == CASE_GIVER else {}
        has = Turn(meeting.id, role, row.user_id, name, row.why, words) if row and name else None
        return has or Turn(meeting.id, role, words=words)

    return {one.id: tuple(turn(one, role) for role in roles_in(one)) for one in meetings}


def _standing(meeting_ids: Sequence[str]) -> Select[models.TurnRow]:
    """The turns of people who are in the group of the meeting now."""
    return (
        select(models.TurnRow)
        .join(models.Meeting, models.Meeting.id == models.TurnRow.meeting_id)
        .join(User, User.id == models.TurnRow.user_id)
        .join(Member, (Member.group_id == models.Meeting.group_id) & (Member.user_id == User.id))
        .where(models.TurnRow.meeting_id.in_(meeting_ids), Member.left_at.is_(None), User.active)
    )


def may_lead(session: Session, user_id: str, meeting: models.Meeting) -> bool:
    """Whether a meeting is an account's to lead: it set it up, or it is their turn to moderate, or they led it by their turn."""
    if meeting.created_by == user_id:
        return True
    meeting_id = table_ids.plenary_of(meeting.id)
    turn = session.get(models.TurnRow, (meeting_id, MODERATOR))
    if turn is None or turn.user_id != user_id:
        return False
    whole = session.get_one(models.Meeting, meeting_id)
    if whole.status in BEFORE_THE_START:
        return session.scalar(_standing([meeting_id]).where(models.TurnRow.role == MODERATOR)) is not None
    return session.scalar(select(models.Meeting.id).where(models.Meeting.id == meeting_id, led(user_id))) is not None


def is_next_giver(session: Session, user_id: str, meeting_id: str) -> bool:
    """Whether it is somebody's turn to give the case of a meeting; of one in which everybody is client in turn it is nobody's."""
    if CASE_GIVER not in roles_in(session.get_one(models.Meeting, meeting_id)):
        return False
    mine = (models.TurnRow.role == CASE_GIVER, models.TurnRow.user_id == user_id)
    return session.scalar(_standing([meeting_id]).where(*mine)) is not None


def led(user_id: str) -> ColumnElement[bool]:
    """Which meetings an account set up, or led by its turn: not where somebody else had the lead before the start."""
    turn = (models.TurnRow.user_id == user_id, models.TurnRow.role == MODERATOR)
    seat = (models.Seat.user_id == user_id, models.Seat.kind == "moderator", models.Seat.is_expelled.is_(False))
    meeting = aliased(models.Meeting)
    kept = or_(models.Seat.left_at.is_(None), models.Seat.left_at > meeting.started_at)
    by_turn = select(models.TurnRow.meeting_id).join(models.Seat, models.Seat.meeting_id == models.TurnRow.meeting_id)
    by_turn = by_turn.join(meeting, meeting.id == models.TurnRow.meeting_id).where(*turn, *seat, kept)
    return or_(models.Meeting.created_by == user_id, models.Meeting.id.in_(by_turn))


def happened(group_id: str) -> list[Had]:
    """Who had which role in the meetings of a group that are over."""
    held = select(models.Meeting).where(
        models.Meeting.group_id == group_id,
        models.is_whole(),
        models.Meeting.status == "ended",
        models.Meeting.started_at.is_not(None),
    )
    return [
        Had(role, user_id, meeting.started_at)
        for meeting in db.session.scalars(held).all()
        for role, user_id in set(_planned(meeting) if meeting.uses_pseudonyms else _seen(meeting))
        if meeting.started_at is not None
    ]


def _planned(meeting: models.Meeting) -> Iterator[tuple[str, str]]:
    rows = select(models.TurnRow).where(models.TurnRow.meeting_id == meeting.id)
    yield from ((row.role, row.user_id) for row in db.session.scalars(rows))


def _seen(meeting: models.Meeting) -> Iterator[tuple[str, str]]:
    """Who led it to its end, whose case was told, and whom the group gave a role."""
    seats = db.session.scalars(select(models.Seat).where(models.Seat.meeting_id == meeting.id)).all()
    rounds = select(models.Round.case_giver_id).where(models.Round.meeting_id == meeting.id, models.Round.is_told)
    givers = set(db.session.scalars(rounds))
    for seat in seats:
        roles = {CASE_GIVER} if seat.id in givers else set()
        roles |= {MODERATOR} if seat.leads else {seat.role} & set(ROLES)
        account = account_for_hours(seat) if roles else None
        yield from ((role, account) for role in roles if account is not None)
