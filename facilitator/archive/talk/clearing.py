"""What stands under a card goes with the card."""

from __future__ import annotations

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from facilitator.archive.talk.models import Follow, Remark, Trial


def clear(session: Session, card_id: str) -> None:
    """Leaves nothing of what was said under a card that is taken back."""
    # A question and its answers in one go: no answer may be left without its question for a moment.
    session.execute(update(Remark).where(Remark.card_id == card_id).values(question_id=None))
    for table in (Remark, Trial, Follow):
        session.execute(delete(table).where(table.card_id == card_id))
