"""Telling people by mail that there is something new for them.

Promises: a mail holds no word of a question or an answer, and names nobody; each is told of a question once, whatever is interrupted
and however many workers are at it: it counts as told only when a mail server took it, and what was cut off there is sent again as the
very same mail. Of a question without a name whoever asked it is told as everybody else who follows its themes, and of its answers
not at all: both, otherwise, would tell who that is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import delete, func, or_, select, update

from facilitator.accounts import mail
from facilitator.accounts.links import absolute
from facilitator.accounts.models import User
from facilitator.accounts.once import BRIEFLY, PUT_OFF, Watch, is_let_go, require_taken, send_until_taken
from facilitator.archive.talk import token_to_stop
from facilitator.core.clock import clock
from facilitator.core.db import db, take_turns
from facilitator.core.sealing import hashed
from facilitator.meetings.addresses import base_of
from facilitator.questions.models import COVERED, News, Pace, Question, QuestionTheme, ThemeFollow

THEMES = "themes"  # what a link to stop is for
DIGEST_HOUR = 5  # in UTC: before people begin their day


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
    watch = Watch(moment)
    return send_until_taken(partial(_tell, user, watch) for user in _waiting(moment))


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
        mine.where(User.id.in_(select(News.user_id).where(is_let_go(News.claimed_at, moment, BRIEFLY)))).order_by(
            User.id
        )
    ).all()


def _tell(user: User, watch: Watch) -> bool:
    """Tells one person; False where somebody else does, or there is nothing to tell any more. Raises NotTaken."""
    moment = watch.moment
    with db.writing() as session:
        # What was cut off goes again as it was: with what came since it would be another mail, of what was told already.
        free = (News.user_id == user.id, is_let_go(News.claimed_at, moment, BRIEFLY))
        left = session.scalar(select(func.min(News.claimed_at)).where(*free))
        mine = update(News).where(*free, News.claimed_at == left)  # of none that was claimed, where there is none
        claimed = sorted(session.scalars(mine.values(claimed_at=moment).returning(News.question_id)))
        shown = select(Question.id).where(Question.id.in_(claimed), Question.cover != COVERED)
        there = sorted(session.scalars(shown))
    if there:  # what is not taken waits for a while, so that one who cannot be reached keeps nobody else from hearing
        put_off = partial(_put_off, user, claimed, moment + PUT_OFF)
        require_taken(_mail(user, there), put_off)
    with db.writing() as session:
        session.execute(delete(News).where(News.user_id == user.id, News.question_id.in_(claimed)))
        if there:
            session.execute(update(Pace).where(Pace.user_id == user.id).values(told_on=(left or moment).date()))
    return bool(there)


def _put_off(user: User, question_ids: Sequence[str], until: datetime) -> None:
    with db.writing() as session:
        theirs = update(News).where(News.user_id == user.id, News.question_id.in_(question_ids))
        session.execute(theirs.values(claimed_at=until))


def _mail(user: User, question_ids: Sequence[str]) -> mail.Fate:
    base = base_of(None)
    return mail.sent_now(
        "questions",
        user.email,
        user.locale,
        key=hashed(f"{user.id}/{'/'.join(question_ids)}")[:22],
        name=user.name,
        links=[f"{base}/questions/{question_id}" for question_id in question_ids] if base else [],
        count=len(question_ids),
        stop=f"{base}/questions/quiet/{token_to_stop(THEMES, user.id)}" if base else "",
    )
