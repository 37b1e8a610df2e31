"""Telling people by mail that there is something new for them.

Promises: a mail holds no word of a question or an answer, and names nobody; each is told of a question once, whatever is interrupted
and however many workers are at it: it counts as told only when a mail server took it, and what was cut off there is sent again as the
very same mail. Of a question without a name whoever asked it is told as everybody else who follows its themes, and of its answers
not at all: both, otherwise, would tell who that is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, or_, select, update

from facilitator.accounts import mail
from facilitator.accounts.links import absolute
from facilitator.accounts.models import User
from facilitator.archive.talk import token_to_stop
from facilitator.core.clock import clock
from facilitator.core.db import db, take_turns
from facilitator.core.sealing import hashed
from facilitator.meetings.addresses import base_of
from facilitator.questions.models import COVERED, News, Pace, Question, QuestionTheme, ThemeFollow

THEMES = "themes"  # what a link to stop is for
CLAIMED_FOR = timedelta(minutes=3)  # longer than a mail server may take
DIGEST_HOUR = 5  # in UTC: before people begin their day
FAILURES_AT_MOST = 3


def tell_of_answer(question_id: str, by: User) -> None:
    """Mails whoever asked with their name; called after the answer was committed."""
    question = db.session.get(Question, question_id)
    asker = db.session.get(User, question.author_id) if question is not None and question.author_id else None
    if asker is not None and asker.active and asker.id != by.id:
        link = absolute("questions.question", question_id=question_id)
        mail.send("answered", asker.email, asker.locale, name=asker.name, link=link)


def tell_due(moment: datetime) -> int:
    """Tells those who follow themes of what has opened; answers how many mails went out. Raises ClockInDoubt."""
    moment = clock().check(moment).moment
    _gather(moment)
    sent = failed = 0
    for user in _waiting(moment):
        is_sent = _tell(user, moment)
        sent += is_sent is True
        failed += is_sent is False
        if failed == FAILURES_AT_MOST:
            break  # the mail server is away
    return sent


def _gather(moment: datetime) -> None:
    """Notes who is to be told of questions that have opened. Nobody is told of what they asked by name."""
    with db.writing() as session:
        take_turns(session, "questions")
        due = (Question.is_told.is_(False), Question.opens_on <= moment.date())
        for question in session.scalars(select(Question).where(*due).with_for_update()).all():
            question.is_told = True
            about = select(QuestionTheme.theme_id).where(QuestionTheme.question_id == question.id)
            follows = select(ThemeFollow.user_id).where(ThemeFollow.theme_id.in_(about)).distinct()
            for user_id in session.scalars(follows.order_by(ThemeFollow.user_id)):
                if user_id != question.author_id:
                    session.add(News(question_id=question.id, user_id=user_id))


def _waiting(moment: datetime) -> Sequence[User]:
    """Those who are to be told by now: at once, or in the mail of a day on which they had none."""
    may = or_(Pace.told_on.is_(None), Pace.told_on < moment.date()) if moment.hour >= DIGEST_HOUR else Pace.is_at_once
    mine = select(User).join(Pace, Pace.user_id == User.id).where(User.active, or_(Pace.is_at_once, may))
    return db.session.scalars(
        mine.where(User.id.in_(select(News.user_id).where(_is_free(moment)))).order_by(User.id)
    ).all()


def _is_free(moment: datetime) -> ColumnElement[bool]:
    """Nobody else is telling them just now; whoever began and was cut off has let go after a while."""
    return or_(News.claimed_at.is_(None), News.claimed_at <= moment - CLAIMED_FOR, News.claimed_at > moment)


def _tell(user: User, moment: datetime) -> bool | None:
    """Tells one person; None where somebody else does, or there is nothing to tell any more."""
    with db.writing() as session:
        mine = update(News).where(News.user_id == user.id, _is_free(moment)).values(claimed_at=moment)
        claimed = sorted(session.scalars(mine.returning(News.question_id)))
        shown = select(Question.id).where(Question.id.in_(claimed), Question.cover != COVERED)
        there = sorted(session.scalars(shown))
    is_sent = _mail(user, there) if there else None
    # What was not sent waits for a while, so that one who cannot be reached keeps nobody else from hearing.
    if is_sent is not False:
        with db.writing() as session:
            session.execute(delete(News).where(News.user_id == user.id, News.question_id.in_(claimed)))
            session.execute(update(Pace).where(Pace.user_id == user.id).values(told_on=moment.date()))
    return is_sent


def _mail(user: User, question_ids: Sequence[str]) -> bool:
    base = base_of(None)
    return mail.is_on_its_way(
        "questions",
        user.email,
        user.locale,
        key=hashed(f"{user.id}/{'/'.join(question_ids)}")[:22],
        name=user.name,
        links=[f"{base}/questions/{question_id}" for question_id in question_ids] if base else [],
        count=len(question_ids),
        stop=f"{base}/questions/quiet/{token_to_stop(THEMES, user.id)}" if base else "",
    )
