"""What questions have for a person: those they asked by name, on top where somebody answered and nobody knows yet what worked.
Of questions without a name there is nothing here: an account does not know them.
"""

from __future__ import annotations

from flask_babel import gettext, ngettext
from sqlalchemy import select

from facilitator.accounts.models import User
from facilitator.core.db import db, midnight
from facilitator.core.entries import Entry
from facilitator.questions.models import Question
from facilitator.questions.reading import Line, lines


def entries_for_seat(_meeting_id: str, _seat_id: str, _is_own: bool) -> list[Entry]:
    """Nothing: a question belongs to no meeting."""
    return []


def entries_for_user(user: User) -> list[Entry]:
    """One for each question."""
    mine = select(Question).where(Question.author_id == user.id).order_by(Question.opens_on.desc(), Question.id)
    return [_entry(line) for line in lines(db.session(), db.session.scalars(mine))]


def _entry(line: Line) -> Entry:
    waits = line.answers > 0 and not line.has_worked
    said = (
        ngettext("%(num)s answer", "%(num)s answers", line.answers) if line.answers else gettext("Waits for an answer")
    )
    text = gettext("%(answers)s. Did something work? Say so.", answers=said) if waits else said
    return Entry(line.title, str(text), f"/questions/{line.id}", midnight(line.opens_on), waits=waits)
