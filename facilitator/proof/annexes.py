"""A person's own annex: found, kept and deleted for its holder only.

Promises: it opens for the device that holds the seat, or for the account that made it or was signed in on that device when it
was kept – never because somebody linked the seat to an account afterwards. Nothing is written down about it elsewhere.
"""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from facilitator.core.db import db, random_id
from facilitator.meetings import models
from facilitator.meetings.visitor import account_for_hours
from facilitator.proof import store
from facilitator.proof.access import Holder
from facilitator.proof.content import Reflection
from facilitator.proof.models import Annex, Attendance


def annex_of(session: Session, holder: Holder) -> Annex | None:
    by_seat, by_account = _marks(holder)
    if holder.has_device:
        found = session.scalar(select(Annex).where(Annex.holder_mark == by_seat))
        if found is not None:
            return found
    if holder.user is None:
        return None
    own = select(Annex).where(Annex.user_id == holder.user.id)
    return session.scalar(own.where(or_(Annex.holder_mark == by_account, Annex.holder_mark == by_seat)))


def keep(holder: Holder, reflection: Reflection) -> None:
    """Keeps what somebody wrote down, in place of what they had."""
    annex_id = _annex_id(holder, reflection)
    with db.writing() as session:
        annex = session.get(Annex, annex_id)
        if annex is None:
            return  # deleted on another page at this moment: that was the later wish
        store.put_reflection(annex, reflection)
        annex.user_id = annex.user_id or holder.user_id


def delete(holder: Holder) -> bool:
    """Deletes it for good, in old copies as well, its key first; whether there was one."""
    with db.writing() as session:
        annex = annex_of(session, holder)
        if annex is None:
            return False
        store.destroy_key(annex.id)
        session.delete(annex)
    return True


def follow_account(seat_id: str) -> None:
    """After somebody said whose account a seat is, or that it is not: hours go with it, and an annex that was kept on the
    seat's device stays with an account only while that is the seat's.
    """
    with db.writing() as session:
        seat = session.get(models.Seat, seat_id)
        user_id = seat.user_id if seat else None
        hours_go_to = account_for_hours(seat) if seat else None
        row = session.scalar(select(Attendance).where(Attendance.seat_mark == store.mark("seat", seat_id)))
        if row is not None:
            row.user_id = hours_go_to
        annex = session.scalar(select(Annex).where(Annex.holder_mark == store.mark("annex", seat_id)))
        if annex is not None and annex.user_id != user_id:
            annex.user_id = None


def _annex_id(holder: Holder, reflection: Reflection) -> str:
    with db.reading() as session:
        found = annex_of(session, holder)
    if found is not None:
        return found.id
    by_seat, by_account = _marks(holder)
    annex = Annex(
        id=random_id(),
        organisation_id=holder.meeting.organisation_id,
        holder_mark=by_seat if holder.has_device else by_account,
        user_id=holder.user_id,
    )
    annex_id = annex.id
    store.make_key(annex_id)
    store.put_reflection(annex, reflection)
    try:
        with db.writing() as session:
            session.add(annex)
    except IntegrityError:  # a double tap: the other one made it
        store.destroy_key(annex_id)
        with db.reading() as session:
            found = annex_of(session, holder)
        assert found is not None
        return found.id
    return annex_id


def _marks(holder: Holder) -> tuple[str, str]:
    device_id = holder.hand_id or holder.seat.id
    return store.mark("annex", device_id), store.mark("annex", f"{holder.seat.id}:{holder.user_id}")
