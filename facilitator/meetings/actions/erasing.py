"""Erasing what was said in a meeting: its key first, then everything that key had sealed, and every trace of who did what.

Promises: it can be interrupted anywhere and run again; afterwards nobody can read a word of the meeting, here or in an
older copy, nor what came along from it to later meetings. What stays is who was there, when and as what, for proof of participation.
"""

from __future__ import annotations

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from facilitator.core import sealing
from facilitator.core.db import changing, db, now
from facilitator.meetings import models

OF_STEPS = (models.Mark, models.Tally)
OF_SEATS = (models.OpDone, models.SeatToken, models.Notebook)


def erase(meeting_id: str) -> bool:
    """Erases the raw input of a meeting for good; answers whether it was still there."""
    sealing.keyring().destroy(meeting_id)
    forget_copies(meeting_id)
    with changing(meeting_id) as session:
        row = session.get(models.Meeting, meeting_id)
        if row is None or row.erased_at is not None:
            return False
        _delete_words(session, meeting_id)
        row.goal, row.wifi, row.join_host = "", None, None
        row.status, row.ended_at = "ended", row.ended_at or now()
        row.erased_at = now()
    return True


def forget(meeting_id: str) -> None:
    """Lets go of what is left of a meeting whose words are erased: that it was, and who was there."""
    with db.writing() as session:
        for later in session.scalars(select(models.Meeting).where(models.Meeting.continues_id == meeting_id)):
            later.continues_id = None
        session.flush()
        session.execute(delete(models.Step).where(models.Step.meeting_id == meeting_id))
        session.execute(delete(models.Round).where(models.Round.meeting_id == meeting_id))
        session.execute(delete(models.Meeting).where(models.Meeting.id == meeting_id))


def forget_copies(meeting_id: str) -> int:
    """Deletes what came along from an erased meeting to later ones, which nobody can read any more; answers to how many."""
    later = copied_to(meeting_id)
    for other_id in later:
        with changing(other_id) as session:
            gone = select(models.Contribution.id).where(
                models.Contribution.meeting_id == other_id, models.Contribution.key_of == meeting_id
            )
            gone_ids = session.scalars(gone).all()
            steps = update(models.Step).where(models.Step.meeting_id == other_id, models.Step.item.in_(gone_ids))
            session.execute(steps.values(item=None))
            joined = update(models.Contribution).where(models.Contribution.joined_to_id.in_(gone_ids))
            session.execute(joined.values(joined_to_id=None))
            session.execute(delete(models.Mark).where(models.Mark.contribution_id.in_(gone_ids)))
            for kind in (models.Action, models.Contribution):
                session.execute(delete(kind).where(kind.meeting_id == other_id, kind.key_of == meeting_id))
    return len(later)


def copied_to(meeting_id: str) -> list[str]:
    """The meetings to which something came along from this one, be it by way of others."""
    found = {
        other_id
        for kind in (models.Action, models.Contribution)
        for other_id in db.session.scalars(select(kind.meeting_id).where(kind.key_of == meeting_id))
    }
    return sorted(found)


def sources() -> set[str]:
    """The meetings from which something came along to others, whatever became of them."""
    kinds = (models.Action, models.Contribution)
    return {source for kind in kinds for source in db.session.scalars(select(kind.key_of).distinct()) if source}


def _delete_words(session: Session, meeting_id: str) -> None:
    steps = select(models.Step.id).where(models.Step.meeting_id == meeting_id)
    seats = select(models.Seat.id).where(models.Seat.meeting_id == meeting_id)
    for of_step in OF_STEPS:
        session.execute(delete(of_step).where(of_step.step_id.in_(steps)))
    for of_seat in OF_SEATS:
        session.execute(delete(of_seat).where(of_seat.seat_id.in_(seats)))
    session.execute(delete(models.Action).where(models.Action.meeting_id == meeting_id))
    session.execute(delete(models.Signal).where(models.Signal.meeting_id == meeting_id))
    session.execute(delete(models.Contribution).where(models.Contribution.meeting_id == meeting_id))
    session.execute(delete(models.Invite).where(models.Invite.meeting_id == meeting_id))
    session.execute(update(models.Seat).where(models.Seat.meeting_id == meeting_id).values(declines=False))
    # Those without a meeting are from before it was kept with them: by now no phone sends any of them again.
    of_here = or_(models.UsedOp.meeting_id == meeting_id, models.UsedOp.meeting_id.is_(None))
    session.execute(delete(models.UsedOp).where(of_here))
    session.execute(
        update(models.Step)
        .where(models.Step.meeting_id == meeting_id)
        .values(speakers=[], floors=[], put_away=[], speaker=None, item=None, done=[])
    )
    session.execute(
        update(models.Round)
        .where(models.Round.meeting_id == meeting_id)
        .values(title=None, question=None, key_question=None, case_id=None)
    )
