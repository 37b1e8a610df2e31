"""Whose is what came along from an earlier meeting: an open action, a case that was not chosen.

Promises: nobody gets it by a name. It goes to the account whose it was, to the device that held the seat whose it was, or to
whom the moderator points out, until somebody proves that it is theirs. Under pseudonyms an account or a device counts only together with the same made-up name:
otherwise it would tell who was who.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from facilitator.core.text import is_same_name
from facilitator.meetings import models


def claim(session: Session, seat: models.Seat, earlier_seats: Collection[str] = ()) -> None:
    """Gives a seat what was its holder's. `earlier_seats` are the seats their device held in the meetings before. What somebody
    claimed who was taken out is free.
    """
    session.flush()
    here = (models.Seat.meeting_id == seat.meeting_id, models.Seat.kind == "participant")
    taken_out = select(models.Seat.id).where(*here, models.Seat.is_expelled)
    answered = select(models.Contribution.id).where(models.Contribution.about_id == models.Action.id).exists()
    is_nobody_s = or_(models.Action.owner_id.is_(None), models.Action.owner_id.in_(taken_out))
    free = or_(is_nobody_s, and_(models.Action.is_pointed_out, ~answered))
    actions = select(models.Action).where(models.Action.meeting_id == seat.meeting_id, models.Action.is_carried, free)
    for action in session.scalars(actions).all():
        if is_whose(session, seat, action.from_seat_id, action.owner_name, earlier_seats):
            action.owner_id, action.is_pointed_out = seat.id, False
    cases = select(models.Contribution).where(
        models.Contribution.meeting_id == seat.meeting_id,
        models.Contribution.brought_by.is_not(None),
        or_(models.Contribution.seat_id.is_(None), models.Contribution.seat_id.in_(taken_out)),
    )
    for case in session.scalars(cases).all():
        if is_whose(session, seat, case.from_seat_id, case.brought_by or "", earlier_seats):
            case.seat_id = seat.id


def is_whose(
    session: Session, seat: models.Seat, from_seat_id: str | None, name: str, earlier_seats: Collection[str] = ()
) -> bool:
    """Whether what was of an earlier seat is proved to be this one's."""
    if from_seat_id is None:
        return False
    known = account_of_seat(session, from_seat_id)
    if known is not None and seat.user_id is not None:
        is_theirs = known == seat.user_id  # also on a phone that was in other hands
    else:
        is_theirs = from_seat_id in earlier_seats
    if not is_theirs:
        return False
    meeting = session.get_one(models.Meeting, seat.meeting_id)
    return not meeting.uses_pseudonyms or is_same_name(name, seat.name)


def account_of_seat(session: Session, seat_id: str | None) -> str | None:
    """The account that the holder of a seat connected with it."""
    return session.scalar(select(models.Seat.user_id).where(models.Seat.id == seat_id)) if seat_id else None
