"""A case that a member offers before a meeting.

Promises: nobody but its owner has a word of it, or knows that there is one, before the group chooses a case; they may tell whoever leads,
who then knows as much as they said, and nothing under pseudonyms. It comes into the meeting once, as if the seat that is proved to be theirs had
written it there. What does not come in stays theirs: they may offer it for another meeting, or let it go.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, delete, or_, select
from sqlalchemy.orm import Session

from facilitator.accounts.models import User
from facilitator.core import sealing
from facilitator.core.db import announce, changing, count_change, db, now, random_id, take_turns
from facilitator.core.refusals import Refused
from facilitator.meetings import loading, models, table_ids
from facilitator.meetings.actions.base import RANKS
from facilitator.meetings.offered import NOTHING, Case, Offered, opened, sealed
from facilitator.meetings.seen import seen_by
from facilitator.meetings.snapshot import Seat, Snapshot, Value
from facilitator.methods.vocabulary import FieldType, Form, Kind

OPEN = ("planned", "lobby")


def own(user: User, meeting_id: str) -> Offered | None:
    """What somebody offers for a meeting."""
    row = db.session.scalar(_own(user).where(models.OfferedCase.meeting_id == meeting_id))
    return opened(row) if row else None


def left_over(user: User) -> list[Offered]:
    """What somebody offered for meetings that were, or that were cancelled, and that did not come in there."""
    rows = db.session.scalars(_own(user).where(_is_left_over()).order_by(models.OfferedCase.day, models.OfferedCase.id))
    return [opened(row) for row in rows]


def every(user: User) -> list[tuple[date, Offered]]:
    """All that somebody offers or that is left over, with the day it was offered for."""
    rows = db.session.scalars(_own(user).order_by(models.OfferedCase.day, models.OfferedCase.id))
    return [(row.day, opened(row)) for row in rows]


def offer(user: User, meeting_id: str, case: Case, tells: str) -> None:
    """Offers a case for a meeting, or changes the one that is offered. Raises `Refused` where the meeting has begun. The caller has checked that it is
    theirs to come to.
    """
    mine = _own(user).where(models.OfferedCase.meeting_id == meeting_id)
    is_known, new_id, kept_id = db.session.scalar(mine) is not None, random_id(), ""
    if not is_known:
        sealing.keyring().make(new_id)
    try:
        with changing(meeting_id) as session:
            meeting = _open(session, meeting_id)
            row = session.scalar(mine)
            if row is None and is_known:
                raise Refused("offered_already")
            if row is None:
                row = models.OfferedCase(id=new_id, meeting_id=meeting_id, user_id=user.id)
                session.add(row)
            row.day, row.body, row.tells = _day_of(meeting), sealed(row.id, case), tells
            session.flush()
            kept_id = row.id
    finally:
        if not is_known and kept_id != new_id:
            sealing.keyring().destroy(new_id)


def offer_again(user: User, case_id: str, meeting_id: str) -> None:
    """Offers what is left over for another meeting, and tells nobody. Raises `Refused` where it is not, or something else is offered there."""
    with changing(meeting_id) as session:
        meeting = _open(session, meeting_id)
        row = session.scalar(_own(user).where(models.OfferedCase.id == case_id, _is_left_over()))
        is_taken = session.scalar(_own(user).where(models.OfferedCase.meeting_id == meeting_id)) is not None
        if row is None or is_taken:
            raise Refused("offered_already")
        row.meeting_id, row.day, row.tells = meeting_id, _day_of(meeting), NOTHING


def withdraw(user: User, case_id: str) -> bool:
    """Lets go of a case for good; False where it is not there, or came into its meeting meanwhile."""
    mine = _own(user).where(models.OfferedCase.id == case_id)
    with db.writing(is_counted=True) as session:
        row = session.scalar(mine)
        meeting_id = row.meeting_id if row else None
        if meeting_id is not None:
            take_turns(session, meeting_id)
            count_change(session, meeting_id)
            take_turns(session, f"offered:{meeting_id}")
            row = session.scalar(mine.execution_options(populate_existing=True))
        if row is not None:
            session.delete(row)
    if row is not None:
        sealing.keyring().destroy(case_id)
    if meeting_id is not None:
        announce(meeting_id)
    return row is not None


def bring_in(session: Session, meeting_id: str) -> None:
    """Puts what those who are here offered where they would write it, if the group is choosing now. What that form does not take, or whoever
    has written something already, stays with them.
    """
    session.flush()
    if not _waiting(session, meeting_id):
        return
    take_turns(session, f"offered:{table_ids.plenary_of(meeting_id)}")
    meeting = loading.load(session, meeting_id)
    if not meeting.now.is_running or meeting.now.step.kind is not Kind.PICK:
        return
    for row in _waiting(session, meeting_id):
        seats = (seat for seat in meeting.seats if seat.kind == "participant" and seat.user_id == row.user_id)
        seat = next((seat for seat in seats if seat.is_present), None)
        case = opened(row).case
        if seat is not None and case is not None and _is_written(session, meeting, seat, case):
            session.delete(row)  # its key goes with those that belong to nothing


def _is_written(session: Session, meeting: Snapshot, seat: Seat, case: Case) -> bool:
    """Whether a seat has it among its texts now."""
    me, step = seen_by(meeting, seat), meeting.now.step
    mine = (form for form in me.forms if not (form.is_anonymous or form.is_open) and me.left(step, form) > 0)
    form, fields = next(((form, fields) for form in mine if (fields := _fields(form, case))), (None, {}))
    if form is None:
        return False
    new_id = random_id()
    body = sealing.seal(meeting.id, f"contribution:{new_id}", fields)
    text = models.Contribution(id=new_id, meeting_id=meeting.id, step_id=step.id, seat_id=seat.id, form=form.key)
    text.body, text.rank = body, secrets.randbelow(RANKS)
    session.add(text)
    tally = session.get(models.Tally, (step.id, seat.id, form.key))
    if tally is None:
        tally = models.Tally(step_id=step.id, seat_id=seat.id, form=form.key, count=0)
        session.add(tally)
    tally.count, tally.instead = tally.count + 1, ""
    return True


def _fields(form: Form, case: Case) -> dict[str, Value] | None:
    """What a form would hold if this was written in it; None where it does not take all of that, or asks for more."""
    words = {"title": case.title, "question": case.question, "urgency": case.urgency}
    fields: dict[str, Value] = {}
    for field in form.fields:
        word = words.pop(field.name, "")
        is_choice = field.type is FieldType.CHOICE
        fits = word in field.choices if is_choice else len(word) <= field.max_length
        if (word and not fits and not is_choice) or (field.is_required and not (word and fits)):
            return None
        fields[field.name] = word if word and fits else None
    return None if words.get("title") or words.get("question") else fields


def forget_past(organisation_id: str, before: datetime) -> int:
    """Lets go of an organisation's offered cases whose meeting was, or was to be, before a moment; answers how many there were."""
    meeting = models.Meeting
    when = or_(
        models.OfferedCase.meeting_id.is_(None),
        and_(meeting.ended_at.is_not(None), meeting.ended_at < before),
        and_(meeting.ended_at.is_(None), or_(meeting.planned_for.is_(None), meeting.planned_for < before)),
    )
    past = (
        select(models.OfferedCase.id)
        .join(User, User.id == models.OfferedCase.user_id)
        .outerjoin(meeting, meeting.id == models.OfferedCase.meeting_id)
        .where(User.organisation_id == organisation_id, models.OfferedCase.day < before.date(), when)
    )
    return _forget(list(db.session.scalars(past)))


def forget_unreadable() -> int:
    """Those that came back with an old copy: their keys are destroyed, and they go again."""
    return _forget(sorted(set(db.session.scalars(select(models.OfferedCase.id))) & sealing.keyring().destroyed()))


def _forget(case_ids: list[str]) -> int:
    for case_id in case_ids:
        sealing.keyring().destroy(case_id)
        with db.writing() as session:
            session.execute(delete(models.OfferedCase).where(models.OfferedCase.id == case_id))
    if case_ids:
        sealing.let_go_of_deleted(db.engine, models.OfferedCase.__tablename__)
    return len(case_ids)


def _open(session: Session, meeting_id: str) -> models.Meeting:
    meeting = session.get_one(models.Meeting, meeting_id)
    if meeting.status not in OPEN:
        raise Refused("begun_already")
    take_turns(session, f"offered:{meeting_id}")
    return meeting


def _day_of(meeting: models.Meeting) -> date:
    return (meeting.planned_for or now()).date()


def _own(user: User) -> Select[models.OfferedCase]:
    return select(models.OfferedCase).where(_is_of(user))


def _is_of(user: User) -> ColumnElement[bool]:
    return models.OfferedCase.user_id == user.id


def _is_left_over() -> ColumnElement[bool]:
    """Whether it cannot come into the meeting it was offered for any more."""
    meeting = models.Meeting
    past = or_(meeting.status == "ended", and_(meeting.status == "planned", meeting.planned_for < now()))
    over = select(meeting.id).where(past)
    return or_(models.OfferedCase.meeting_id.is_(None), models.OfferedCase.meeting_id.in_(over))


def _waiting(session: Session, meeting_id: str) -> list[models.OfferedCase]:
    """What is offered for a meeting, or for the one that it is a table of, by accounts with a seat in it."""
    seats = select(models.Seat.user_id).where(models.Seat.meeting_id == meeting_id, models.Seat.kind == "participant")
    rows = select(models.OfferedCase).where(
        models.OfferedCase.meeting_id == table_ids.plenary_of(meeting_id), models.OfferedCase.user_id.in_(seats)
    )
    return list(session.scalars(rows.order_by(models.OfferedCase.id).execution_options(populate_existing=True)))
