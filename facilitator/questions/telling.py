"""Telling people by mail that there is something new for them.

Promises: a mail holds no word of a question or an answer, and names nobody; of a question without a name whoever asked gets none,
because a mail would tell who that is.
"""

from __future__ import annotations

from facilitator.accounts import mail
from facilitator.accounts.links import absolute
from facilitator.accounts.models import User
from facilitator.core.db import db
from facilitator.questions.models import Question


def tell_of_answer(question_id: str, by: User) -> None:
    """Mails whoever asked with their name; called after the answer was committed."""
    question = db.session.get(Question, question_id)
    asker = db.session.get(User, question.author_id) if question is not None and question.author_id else None
    if asker is not None and asker.active and asker.id != by.id:
        link = absolute("questions.question", question_id=question_id)
        mail.send("answered", asker.email, asker.locale, name=asker.name, link=link)
