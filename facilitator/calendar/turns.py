"""The verbs of a rota: turns are given for a whole series in one go, and let go.

Promises: what was shown is what is kept: a turn that somebody else changed meanwhile is not overwritten; every rule is asked once more in
the transaction that keeps a turn; only meetings that have not opened change, and only those that are one's own to plan; whoever loses
the turn to moderate leads no longer, on no device. Whoever declines or leaves the group has no turn any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from facilitator.accounts.models import User
from facilitator.calendar.models import NO, Appointment, Guest, Spared
from facilitator.calendar.rota import NEVER_TOGETHER, Proposed, Sitting, Slot, Why, proposal
from facilitator.core.db import announce, count_change, db, now, take_turns
from facilitator.core.refusals import Refused
from facilitator.core.text import name_key
from facilitator.groups.loading import member_names
from facilitator.groups.models import Group, Member
from facilitator.meetings import models
from facilitator.meetings.turns import BEFORE_THE_START, MODERATOR, ROLES, Turn, happened, turns_of_each


@dataclass(frozen=True, slots=True)
class Rota:
    """Everything by which the turns of a group are divided: its planned meetings in the order of time, the turns in them, its members by
    account in the order of their names, and who cannot come or cannot take a role.
    """

    appointments: tuple[Appointment, ...]
    turns: Mapping[str, tuple[Turn, ...]]
    members: Mapping[str, str]
    away: Mapping[str, frozenset[str]]
    spared: Mapping[str, frozenset[str]]

    @property
    def stands(self) -> dict[Slot, str]:
        """Whose turn each is; empty where it is nobody's."""
        return {(turn.meeting_id, turn.role): turn.user_id for turns in self.turns.values() for turn in turns}

    def refusal(self, slot: Slot, user_id: str, given: Mapping[Slot, str]) -> str:
        """Why somebody cannot have a turn beside other turns, as the code of a refusal; empty where they can."""
        meeting_id, role = slot
        other = NEVER_TOGETHER.get(role)
        if user_id not in self.members:
            return "turn_not_member"
        if user_id in self.away.get(meeting_id, ()):
            return "turn_away"
        if user_id in self.spared.get(role, ()):
            return "turn_spared"
        return "turn_torn" if other is not None and given.get((meeting_id, other)) == user_id else ""


def rota_of(group: Group, moment: datetime) -> Rota:
    """As it stands now."""
    query = (
        select(Appointment, models.Meeting)
        .join(models.Meeting, models.Meeting.id == Appointment.meeting_id)
        .where(
            Appointment.group_id == group.id, Appointment.is_cancelled.is_(False), models.Meeting.status == "planned"
        )
        .execution_options(populate_existing=True)
    )
    ahead = [(one, row) for one, row in db.session.execute(query) if one.until > moment]
    ahead.sort(key=lambda found: (found[0].moment, found[0].id))
    names = member_names([group.id]).get(group.id, {})
    said_no = select(Appointment.meeting_id, Guest.user_id).join(Guest, Guest.appointment_id == Appointment.id)
    said_no = said_no.where(Appointment.group_id == group.id, Guest.answer == NO, Guest.is_out.is_(False))
    spared = select(Spared.role, Spared.user_id).where(Spared.group_id == group.id)
    return Rota(
        tuple(one for one, _ in ahead),
        turns_of_each(row for _, row in ahead),
        {user_id: names[user_id] for user_id in sorted(names, key=lambda one: (name_key(names[one]), names[one]))},
        _together(db.session.execute(said_no)),
        _together(db.session.execute(spared)),
    )


def proposed(group: Group, rota: Rota, by: User) -> dict[Slot, Proposed]:
    """Somebody for each open turn of the meetings that are theirs to plan."""
    last: dict[tuple[str, str], datetime] = {}
    for had in happened(group.id):
        last[had.role, had.user_id] = max(had.moment, last.get((had.role, had.user_id), had.moment))
    sittings = [_sitting(one, rota, by) for one in rota.appointments]
    return proposal(sittings, list(rota.members), rota.spared, last)


def _sitting(one: Appointment, rota: Rota, by: User) -> Sitting:
    turns = rota.turns[one.meeting_id or ""]
    settled = {turn.role: turn.user_id for turn in turns if turn.user_id}
    roles = [turn.role for turn in turns if one.led_by == by.id or turn.user_id]
    return Sitting(one.meeting_id or "", one.moment, roles, rota.away.get(one.meeting_id or "", frozenset()), settled)


def settle(by: User, group: Group, wanted: Mapping[Slot, str], shown: Mapping[Slot, str]) -> dict[Slot, str]:
    """Gives the turns that somebody wants, all of them or none; `shown` are those that they saw. Answers what stands against it, by turn, as
    codes of refusals. Raises `Refused` where another one changed a turn meanwhile.
    """
    with db.writing() as session:
        take_all_turns(session, group.id, {meeting_id for meeting_id, _ in wanted})
        rota = rota_of(group, now())
        mine = {one.meeting_id for one in rota.appointments if one.led_by == by.id}
        new = {slot: user_id for slot, user_id in wanted.items() if user_id != shown.get(slot, "")}
        stands = rota.stands
        if any(slot[0] not in mine or stands.get(slot) != shown.get(slot, "") for slot in new):
            raise Refused("turns_changed")
        given = {**stands, **new}
        against = {slot: rota.refusal(slot, user_id, given) for slot, user_id in new.items() if user_id}
        if found := {slot: code for slot, code in against.items() if code}:
            return found
        why = proposed(group, rota, by)
        for slot, user_id in new.items():
            is_proposed = slot in why and why[slot].user_id == user_id
            give(session, slot, user_id, why[slot].why if is_proposed else Why.CHOSEN)
    return {}


def give(session: Session, slot: Slot, user_id: str, why: Why = Why.CHOSEN) -> None:
    """Writes whose turn it is, in the running transaction; nobody's where `user_id` is empty."""
    meeting_id, role = slot
    session.execute(delete(models.TurnRow).where(models.TurnRow.meeting_id == meeting_id, models.TurnRow.role == role))
    session.expire_all()
    if role == MODERATOR:
        _step_down(session, meeting_id)
    if user_id:
        session.add(models.TurnRow(meeting_id=meeting_id, role=role, user_id=user_id, why=why))
    session.flush()


def _step_down(session: Session, meeting_id: str) -> None:
    """Whoever led by the turn before leads no longer, and nobody to whom they handed the lead."""
    creator = select(models.Meeting.created_by).where(models.Meeting.id == meeting_id).scalar_subquery()
    theirs = (models.Seat.meeting_id == meeting_id, models.Seat.kind == "moderator")
    others = models.Seat.user_id.is_distinct_from(creator)
    session.execute(update(models.Seat).where(*theirs, others).values(is_expelled=True, left_at=now()))
    session.execute(
        delete(models.Invite).where(models.Invite.meeting_id == meeting_id, models.Invite.kind == "handover")
    )


def let_go(session: Session, appointment: Appointment, user_id: str) -> None:
    """After somebody said that they do not come, in that transaction: their turns are open again."""
    take_all_turns(session, appointment.group_id, filter(None, [appointment.meeting_id]))
    row = session.get(models.Meeting, appointment.meeting_id) if appointment.meeting_id else None
    if row is not None and row.status == "planned":
        _open(session, models.TurnRow.meeting_id == row.id, models.TurnRow.user_id == user_id)


def follow_leaving() -> None:
    """Turns of those who are no longer in the group of a planned meeting are open again; once the lobby is open that is the turn to moderate,
    and with it goes the console.
    """
    for group_id, meeting_ids in _together(_left_behind(db.session())).items():
        with db.writing() as session:
            take_all_turns(session, group_id, meeting_ids)
            opened = [one for one in _left_behind(session, models.Meeting.id.in_(meeting_ids)) if one[0] == group_id]
            for _, meeting_id in opened:
                _open(session, models.TurnRow.meeting_id == meeting_id, *_is_left_behind())
                count_change(session, meeting_id)
        for _, meeting_id in opened:
            announce(meeting_id)


def _left_behind(session: Session, *which: ColumnElement[bool]) -> list[tuple[str, str]]:
    """The groups and meetings in which somebody who left has a turn."""
    query = select(models.Meeting.group_id, models.Meeting.id).join(models.TurnRow).where(*_is_left_behind(), *which)
    return [(group_id or "", meeting_id) for group_id, meeting_id in session.execute(query.distinct())]


def _is_left_behind() -> tuple[ColumnElement[bool], ...]:
    stays = exists().where(
        models.Meeting.id == models.TurnRow.meeting_id,
        Member.group_id == models.Meeting.group_id,
        Member.user_id == models.TurnRow.user_id,
        Member.left_at.is_(None),
        User.id == models.TurnRow.user_id,
        User.active,
    )
    in_lobby = and_(models.Meeting.status.in_(BEFORE_THE_START), models.TurnRow.role == MODERATOR)
    return or_(models.Meeting.status == "planned", in_lobby), ~stays


def let_all_go(session: Session, appointment: Appointment) -> None:
    """After a meeting went out of calendars or to another group, in that transaction: all its turns are open again."""
    session.flush()
    take_turns(session, _name(appointment.group_id))
    _open(session, models.TurnRow.meeting_id == appointment.meeting_id)


def _open(session: Session, *which: ColumnElement[bool]) -> None:
    slots = select(models.TurnRow.meeting_id, models.TurnRow.role)
    slots = slots.join(models.Meeting, models.Meeting.id == models.TurnRow.meeting_id).where(*which)
    for meeting_id, role in session.execute(slots).all():
        give(session, (meeting_id, role), "")


def spare(user: User, group: Group, roles: Iterable[str]) -> None:
    """Keeps which roles somebody cannot take in a group; the turns they have in those are open again."""
    wanted = set(roles) & set(ROLES)
    planned = select(models.Meeting.id).where(models.Meeting.group_id == group.id, models.Meeting.status == "planned")
    with db.writing() as session:
        of_them = (models.TurnRow.user_id == user.id, models.TurnRow.role.in_(wanted))
        theirs = select(models.TurnRow.meeting_id).where(models.TurnRow.meeting_id.in_(planned), *of_them)
        take_all_turns(session, group.id, session.scalars(theirs.distinct()))
        session.execute(delete(Spared).where(Spared.group_id == group.id, Spared.user_id == user.id))
        session.add_all(Spared(group_id=group.id, user_id=user.id, role=role) for role in wanted)
        session.flush()
        _open(session, models.TurnRow.meeting_id.in_(planned), *of_them)


def spared_roles(user: User, group: Group) -> set[str]:
    """The roles that somebody said they cannot take."""
    return set(db.session.scalars(select(Spared.role).where(Spared.group_id == group.id, Spared.user_id == user.id)))


def take_all_turns(session: Session, group_id: str, meeting_ids: Iterable[str]) -> None:
    """One after the other: with whoever opens one of the meetings, and whoever changes a turn of the group."""
    for meeting_id in sorted(meeting_ids):
        take_turns(session, meeting_id)
    take_turns(session, _name(group_id))


def _name(group_id: str) -> str:
    return f"turns:{group_id}"


def _together(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for key, user_id in pairs:
        found.setdefault(key, set()).add(user_id)
    return {key: frozenset(people) for key, people in found.items()}
