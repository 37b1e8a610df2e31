"""The verbs of questions: ask, answer, change, take back, say what helped and what worked.

Promises: each asks anew, in the transaction that writes, who may; `LookupError` means that there is nothing to be seen. Asking
without a name writes no account, no time and no entry of the log, and the question opens on another day, so that the moment at
which it appears tells nobody who was there. Taking a question back takes its answers along, and their key.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from facilitator.accounts.models import User
from facilitator.accounts.tokens import new_token
from facilitator.archive.models import Theme
from facilitator.core import sealing
from facilitator.core.audit import Deed, note
from facilitator.core.db import db, now, random_id
from facilitator.core.refusals import Refused
from facilitator.questions import similar, store
from facilitator.questions.models import Answer, Help, Question, QuestionTheme
from facilitator.questions.rules import Colleague, proof, readable_answer, readable_question
from facilitator.questions.store import Words

MOST_THEMES = 4
AT_LEAST = timedelta(hours=6)  # that a question without a name waits before it opens


def ask(user: User, words: Words, theme_ids: Iterable[str], is_anonymous: bool) -> tuple[str, str]:
    """Asks; gives the id of the question and, without a name, the secret by which the asker's device knows it again."""
    token = new_token() if is_anonymous else ""
    question = Question(
        id=random_id(),
        organisation_id=user.organisation_id,
        author_id=None if is_anonymous else user.id,
        asker_hash=proof(token, user.id) if is_anonymous else None,
        # What a colleague reads in may tell who it is.
        locale=user.organisation.locale if is_anonymous else user.locale,
        opens_on=opening_day(now(), is_anonymous),
    )
    sealing.keyring().make(question.id)
    question.body = store.seal_question(question.id, words)
    with db.writing() as session:
        session.add(question)
        session.flush()
        _choose(session, question, theme_ids)
        similar.index(session, question, words)
    return question.id, token


def opening_day(moment: datetime, is_anonymous: bool) -> date:
    """From which day colleagues see what is asked now."""
    return (moment + AT_LEAST).date() + timedelta(days=1) if is_anonymous else moment.date()


def change(by: Colleague, question_id: str, words: Words, theme_ids: Iterable[str]) -> None:
    """Puts one's own question in other words, or under other themes."""
    body = store.seal_question(question_id, words)
    with db.writing() as session:
        question = _own(session, by, question_id)
        question.body, question.is_edited = body, True
        _choose(session, question, theme_ids)
        similar.index(session, question, words)


def remove(by: Colleague, question_id: str) -> None:
    """Takes one's own question back, or takes down anybody's as an administrator, with all its answers."""
    with db.writing() as session:
        question = _held(session, by, question_id)
        if not by.asked(question):
            _require_administrator(by)
            note(session, question.organisation_id, by.user.id, Deed.ERASED, "question", question.id)
        store.delete_rows(session, [question.id])
    store.let_go(question_id)


def answer(by: Colleague, question_id: str, text: str) -> str:
    """Answers a question that is open; gives the id of the answer. One that was there before it opened could only be of whoever asked."""
    written = Answer(id=random_id(), question_id=question_id, author_id=by.user.id, written_on=now().date())
    written.body = store.seal_answer(question_id, written.id, text)
    with db.writing() as session:
        if _held(session, by, question_id).opens_on > now().date():
            raise LookupError(question_id)
        last = session.scalar(select(func.max(Answer.number)).where(Answer.question_id == question_id))
        written.number = (last or 0) + 1
        session.add(written)
    return written.id


def change_answer(by: Colleague, question_id: str, answer_id: str, text: str) -> None:
    """Puts one's own answer in other words."""
    body = store.seal_answer(question_id, answer_id, text)
    with db.writing() as session:
        found = _held_answer(session, by, question_id, answer_id)
        if found.author_id != by.user.id:
            raise LookupError(answer_id)
        found.body, found.is_edited = body, True


def remove_answer(by: Colleague, question_id: str, answer_id: str) -> None:
    """Takes one's own answer back, or takes down anybody's as an administrator."""
    with db.writing() as session:
        found = _held_answer(session, by, question_id, answer_id)
        if found.author_id != by.user.id:
            _require_administrator(by)
            note(session, by.user.organisation_id, by.user.id, Deed.ERASED, "answer", found.id)
        session.delete(found)


def say_it_helped(by: Colleague, question_id: str, answer_id: str, has_helped: bool) -> None:
    """Says that an answer helped, or takes that back. Nobody says it of their own."""
    with db.writing() as session:
        found = _held_answer(session, by, question_id, answer_id)
        if found.author_id == by.user.id:
            raise LookupError(answer_id)
        known = session.get(Help, (answer_id, by.user.id))
        if has_helped and known is None:
            session.add(Help(answer_id=answer_id, user_id=by.user.id))
        elif not has_helped and known is not None:
            session.delete(known)


def say_it_worked(by: Colleague, question_id: str, answer_id: str, has_worked: bool) -> None:
    """Whoever asked says what worked, or takes that back."""
    with db.writing() as session:
        _own(session, by, question_id)
        _held_answer(session, by, question_id, answer_id).has_worked = has_worked


def _held(session: Session, by: Colleague, question_id: str) -> Question:
    """The question, held until the end of the transaction: of taking it back and anything else at that moment one comes first."""
    session.get(Question, question_id, with_for_update=True)
    return readable_question(session, by, question_id)


def _own(session: Session, by: Colleague, question_id: str) -> Question:
    question = _held(session, by, question_id)
    if not by.asked(question):
        raise LookupError(question_id)
    return question


def _held_answer(session: Session, by: Colleague, question_id: str, answer_id: str) -> Answer:
    return readable_answer(session, _held(session, by, question_id), answer_id)


def _require_administrator(by: Colleague) -> None:
    if not by.user.is_administrator:
        raise LookupError("somebody else's words")


def _choose(session: Session, question: Question, theme_ids: Iterable[str]) -> None:
    """Says what a question is about."""
    wanted = set(theme_ids)
    mine = select(Theme.id).where(Theme.organisation_id == question.organisation_id, Theme.id.in_(wanted))
    if len(wanted) > MOST_THEMES:
        raise Refused(
            _("Choose at most %(most)s themes: then those who know about it are told.", most=MOST_THEMES),
            field="themes",
        )
    if set(session.scalars(mine)) != wanted:
        raise Refused(_("One of these themes is not on the list any more. Choose again."), field="themes")
    for known in session.scalars(select(QuestionTheme).where(QuestionTheme.question_id == question.id)):
        session.delete(known)
    session.flush()
    session.add_all(QuestionTheme(question_id=question.id, theme_id=theme_id) for theme_id in sorted(wanted))
