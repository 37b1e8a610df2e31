"""Setting a meeting up: its goal, its method scaled to the time there is, and what comes along from an earlier one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from facilitator.accounts.models import User
from facilitator.core import codes, sealing
from facilitator.core.codes import new_code
from facilitator.core.db import changing, db, now, random_id
from facilitator.core.refusals import Refused
from facilitator.core.times import half_minutes
from facilitator.groups.models import Group
from facilitator.groups.naming import seen_by_name
from facilitator.groups.rules import usable as usable_groups
from facilitator.meetings import loading, models, summaries
from facilitator.meetings.actions.base import change
from facilitator.meetings.actions.rounds import Planned, new_round
from facilitator.meetings.snapshot import Snapshot
from facilitator.meetings.titles import named
from facilitator.methods import rounds, timing
from facilitator.methods.vocabulary import Clients, Method, Part

Also = Callable[[Session, models.Meeting], None]
Follow = Callable[[Session, models.Meeting, int], None]


@dataclass(frozen=True)
class PlannedCase:
    """A further case: its method, and how many minutes each of its phases takes that takes time (`rounds.further_case`)."""

    method: Method
    minutes: tuple[float, ...]


@dataclass(frozen=True)
class Plan:
    """What somebody fills in to set up a meeting. `minutes` holds the length of each phase of the method, in order; `cases` come
    after its first case and before its closing; `turns`: how often the round is held where everybody is client in turn. Its group is one there is (`group_id`), one by its name – made if nobody is
    called so – or none. `length`: how many minutes people have, as calendars are told; 0 where nobody said. It continues one
    meeting, or, where it `follows_group`, the one its group held last when it opens.
    """

    organisation_id: str
    user_id: str
    goal: str
    method: Method
    minutes: tuple[float, ...]
    locale: str
    names: str = "names"
    cases: tuple[PlannedCase, ...] = ()
    turns: int = 1
    group_id: str | None = None
    group_name: str = ""
    place: str = ""
    capacity: int = 14
    planned_for: datetime | None = None
    continues_id: str | None = None
    follows_group: bool = False
    length: int = 0
    wifi: dict[str, str] = field(default_factory=dict)


def _nothing(_session: Session, _row: models.Meeting) -> None:
    """Nothing more belongs to it."""


def create(plan: Plan, meeting_id: str = "", also: Also = _nothing) -> str:
    """Makes a meeting and its sealing key; gives its id, which is random unless one is given. What it continues must be of the same
    organisation. `also` stores what belongs to it in the same transaction.
    """
    meeting_id = meeting_id or random_id()
    earlier = _earlier(plan)
    sealing.keyring().make(meeting_id)
    try:
        with changing(meeting_id) as session:
            row = models.Meeting(id=meeting_id, created_at=now(), code=free_code(session))
            session.add(row)
            _write_plan(session, row, plan)
            session.flush()
            _add_steps(session, row, plan)
            if earlier is not None:
                _require_same_group(session, row, earlier)
            also(session, row)
            _follow(session, row, plan.length)
    except (Refused, IntegrityError):
        sealing.keyring().destroy(meeting_id)
        raise
    return meeting_id


def change_plan(meeting_id: str, plan: Plan) -> None:
    """Changes a meeting that has not opened yet."""
    if plan.continues_id == meeting_id:
        raise Refused("no_such_meeting", 404)
    earlier = None if _is_erased(plan.continues_id) else _earlier(plan)
    with change(meeting_id) as found:
        row, session = found.row, found.session
        if row.status != "planned":
            raise Refused("opened_already")
        _write_plan(session, row, plan)
        _delete_content(session, row.id)
        _add_steps(session, row, plan)
        if earlier is not None:
            _require_same_group(session, row, earlier)
        _follow(session, row, plan.length)


def delete_plan(meeting_id: str) -> None:
    """Takes back a meeting that has not opened yet: its key first, while nobody can open it. What an interruption leaves is a
    plan without a key, and `forget_plan` lets go of that.
    """
    with change(meeting_id) as found:
        if found.row.status != "planned":
            raise Refused("opened_already")
        sealing.keyring().destroy(meeting_id)
        _delete_plan(found.session, found.row)


def forget_plan(meeting_id: str) -> bool:
    """Lets go of a plan whose key is destroyed; answers whether it was there."""
    with changing(meeting_id) as session:
        row = session.get(models.Meeting, meeting_id)
        if row is None or row.status != "planned":
            return False
        _delete_plan(session, row)
    return True


def seal_line(meeting_id: str, place: str, text: str) -> bytes | None:
    """A sealed single text, None for an empty one."""
    return sealing.seal(meeting_id, place, {"text": text}) if text else None


def move_plan(session: Session, row: models.Meeting, moment: datetime, place: str, factor: float) -> None:
    """Puts a meeting that has not opened yet on another moment, in the running transaction: each phase is `factor` as long."""
    if row.status != "planned":
        raise Refused("opened_already")
    row.planned_for, row.place = moment, place
    for step in session.scalars(select(models.Step).where(models.Step.meeting_id == row.id)) if factor != 1 else ():
        step.planned = max(0.5, half_minutes(step.planned * factor)) * 60


def _follow(session: Session, row: models.Meeting, length: int) -> None:
    """Whoever keeps calendars hears of a plan that changed."""
    follow: Follow = current_app.extensions["follow_plan"]  # of a room above, which the frame knows
    follow(session, row, length)


def _delete_plan(session: Session, row: models.Meeting) -> None:
    row.planned_for = None
    _follow(session, row, 0)
    session.flush()
    _delete_content(session, row.id)
    session.delete(row)


def _delete_content(session: Session, meeting_id: str) -> None:
    for kind in (models.Action, models.Contribution, models.Step, models.Round):
        for old in session.scalars(select(kind).where(kind.meeting_id == meeting_id)):
            session.delete(old)
        session.flush()


def _write_plan(session: Session, row: models.Meeting, plan: Plan) -> None:
    row.organisation_id, row.created_by = plan.organisation_id, plan.user_id
    row.goal, row.method_key, row.locale = plan.goal, plan.method.key, plan.locale
    row.method_head = plan.method.model_dump(mode="json", exclude={"phases"})
    row.names, row.place, row.capacity = plan.names, plan.place, plan.capacity
    row.planned_for = plan.planned_for
    row.continues_id, row.follows_group = plan.continues_id, plan.follows_group
    row.group_id = _group(session, plan)
    row.wifi = sealing.seal(row.id, "wifi", dict(plan.wifi)) if plan.wifi.get("name") else None


def _group(session: Session, plan: Plan) -> str | None:
    """The group, if whoever plans may use it: a name neither opens somebody else's group nor tells that there is one."""
    if not (plan.group_id or plan.group_name):
        return None
    user = session.get_one(User, plan.user_id)
    led = summaries.led_by(user.id)
    known = None if plan.group_id else seen_by_name(session, user, led, plan.group_name)
    if known is None and not plan.group_id:
        return _new_group(session, plan)
    usable = select(Group.id).where(Group.id == (known.id if known else plan.group_id), usable_groups(user, led))
    found = session.scalar(usable)
    if found is None:
        raise Refused("no_such_group", 404)
    return found


def _new_group(session: Session, plan: Plan) -> str:
    group = Group(organisation_id=plan.organisation_id, name=plan.group_name, created_by=plan.user_id, created_at=now())
    session.add(group)
    session.flush()
    return group.id


def _add_steps(session: Session, row: models.Meeting, plan: Plan) -> None:
    method = plan.method
    planned = [Planned(phase, minutes * 60) for phase, minutes in zip(method.phases, plan.minutes, strict=True)]
    is_in_turn, by = method.clients is Clients.EACH, named(method)
    first = new_round(session, row.id, 1, by, is_in_turn=is_in_turn)
    of_round = [one for one in planned if one.phase.part is Part.ROUND]
    placed = [(one, first.id if one in of_round else None) for one in planned]
    closing = next((i for i, one in enumerate(planned) if one.phase.part is Part.CLOSING), len(placed))
    further: list[tuple[Planned, str | None]] = []
    turns = plan.turns if is_in_turn else 1
    for number in range(2, turns + 1):
        added = new_round(session, row.id, number, by, is_in_turn=True)
        further += [(one, added.id) for one in of_round]
    for number, case in enumerate(plan.cases, start=turns + 1):
        added = new_round(session, row.id, number, named(case.method), is_in_turn=False)
        phases = rounds.further_case(method, case.method)
        times = zip(phases, timing.spread(phases, case.minutes), strict=True)
        further += [(Planned(phase, minutes * 60), added.id) for phase, minutes in times]
    every = [*placed[:closing], *further, *placed[closing:]]
    held = {of: timing.counted([one.phase for one, other in every if other == of]) for _, of in every}
    for position, (one, round_id) in enumerate(every):
        session.add(one.row(row.id, round_id, position, is_held=one.phase in held[round_id]))
    session.flush()


def _earlier(plan: Plan) -> Snapshot | None:
    if plan.continues_id is None:
        return None
    try:
        found = loading.read(plan.continues_id)
    except (loading.NoSuchMeeting, sealing.Unreadable) as gone:
        code = "unreadable" if isinstance(gone, sealing.Damaged) else "no_such_meeting"
        raise Refused(code, 404) from gone
    if found.organisation_id != plan.organisation_id:
        raise Refused("no_such_meeting", 404)
    return found


def _is_erased(meeting_id: str | None) -> bool:
    """Whether nothing can come along from there any more. A plan that was to continue it can still be changed."""
    row = db.session.get(models.Meeting, meeting_id) if meeting_id else None
    return row is not None and row.erased_at is not None


def _require_same_group(session: Session, row: models.Meeting, earlier: Snapshot) -> None:
    """What a group took on, and its cases, are read by nobody outside of it."""
    group_id = session.scalar(select(models.Meeting.group_id).where(models.Meeting.id == earlier.id))
    if group_id is not None and group_id != row.group_id:
        raise Refused("another_group")


def free_code(session: Session) -> str:
    """A code nobody has: 32^8 of them, so a second try is a formality."""
    while True:
        code = new_code(codes.MEETING)
        if session.scalar(select(models.Meeting.id).where(models.Meeting.code == code)) is None:
            return code
