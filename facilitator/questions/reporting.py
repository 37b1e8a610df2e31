"""Saying that a question or an answer identifies somebody, and what an administrator does about it.

Promises: what was reported is covered in the same moment, for everybody but its author and administrators; who reported it is not
kept; what an administrator looked at and put back is not covered again by the next report, only looked at again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from facilitator.accounts import mail
from facilitator.accounts.links import absolute
from facilitator.accounts.models import ADMINISTRATOR, Role, User
from facilitator.core import sealing
from facilitator.core.audit import Deed, note
from facilitator.core.db import db, random_id
from facilitator.questions import store
from facilitator.questions.models import CLEARED, COVERED, OPEN, Answer, Question, Report
from facilitator.questions.rules import Colleague, readable_answer, readable_question


@dataclass(frozen=True, slots=True)
class Reported:
    """What was reported, with its words and why; `answer_id` is empty where it is the question."""

    question_id: str
    answer_id: str
    title: str
    text: str
    whys: Sequence[str]
    is_covered: bool


def report(by: Colleague, question_id: str, answer_id: str, why: str) -> None:
    """Covers a question or an answer until an administrator has looked. Raises LookupError."""
    fresh = Report(id=random_id(), question_id=question_id, answer_id=answer_id or None)
    fresh.body = store.seal_report(question_id, fresh.id, why)
    with db.writing() as session:
        thing = _held(session, by, question_id, answer_id)
        if thing.cover == OPEN:
            thing.cover = COVERED
        session.add(fresh)


def put_back(by: Colleague, question_id: str, answer_id: str) -> None:
    """An administrator has looked: it identifies nobody. Raises LookupError."""
    if not by.user.is_administrator:
        raise LookupError(question_id)
    with db.writing() as session:
        thing = _held(session, by, question_id, answer_id)
        thing.cover = CLEARED
        about = Report.answer_id == answer_id if answer_id else Report.answer_id.is_(None)
        session.execute(delete(Report).where(Report.question_id == question_id, about))
        kind = "answer" if answer_id else "question"
        note(session, by.user.organisation_id, by.user.id, Deed.CHANGED, kind, answer_id or question_id)


def _held(session: Session, by: Colleague, question_id: str, answer_id: str) -> Question | Answer:
    session.get(Question, question_id, with_for_update=True)
    question = readable_question(session, by, question_id)
    return readable_answer(session, question, answer_id) if answer_id else question


def tell_administrators(user: User) -> None:
    """Mails those who can look; called after the report was committed."""
    mine = (User.organisation_id == user.organisation_id, User.active, User.roles.any(Role.id == ADMINISTRATOR))
    for administrator in db.session.scalars(select(User).where(*mine).order_by(User.id)):
        link = absolute("questions.reported")
        mail.send("reported", administrator.email, administrator.locale, name=administrator.name, link=link)


def reported(session: Session, user: User) -> list[Reported]:
    """Everything that waits for an administrator, in an order of chance."""
    mine = select(Report, Question).join(Question).where(Question.organisation_id == user.organisation_id)
    things: dict[tuple[str, str], list[Report]] = {}
    questions: dict[str, Question] = {}
    for row, question in session.execute(mine.order_by(Report.id)):
        things.setdefault((row.question_id, row.answer_id or ""), []).append(row)
        questions[question.id] = question
    every = (_reported(session, questions[ids[0]], ids[1], rows) for ids, rows in sorted(things.items()))
    return [one for one in every if one is not None]


def _reported(session: Session, question: Question, answer_id: str, rows: Sequence[Report]) -> Reported | None:
    answer = session.get(Answer, answer_id) if answer_id else None
    words = store.shown(question)
    text = sealing.readable(lambda: store.text_of(answer), str(sealing.UNREADABLE)) if answer else words.text
    whys = [sealing.readable(lambda row=row: store.why_of(row), str(sealing.UNREADABLE)) for row in rows]  # type: ignore[misc]
    cover = (answer or question).cover
    return Reported(question.id, answer_id, words.title, text, [why for why in whys if why], cover == COVERED)
