"""Questions as somebody reads them: in lists, and one with its answers.

Promises: of a question without a name nothing here tells more than its words and the day it opened, also to administrators; what is
asked within one day stands in the order of random ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session

from facilitator.accounts.models import User
from facilitator.archive.models import Theme
from facilitator.archive.rules import readable_card
from facilitator.archive.themes import sorted_names
from facilitator.core import sealing
from facilitator.core.db import now
from facilitator.questions import store
from facilitator.questions.models import COVERED, Answer, Help, Question, QuestionCard, QuestionTheme
from facilitator.questions.rules import Colleague, readable, reads

PER_PAGE = 20
ALL, UNANSWERED, MINE = "all", "unanswered", "mine"
SHOWS = (ALL, UNANSWERED, MINE)


@dataclass(frozen=True, slots=True)
class Line:
    """A question in a list. `who` is empty where there is no name to tell; `has_worked`: an answer was what worked."""

    id: str
    title: str
    locale: str
    who: str
    is_anonymous: bool
    opens_on: date
    themes: Sequence[str]
    answers: int
    has_worked: bool
    is_to_come: bool
    is_covered: bool


@dataclass(frozen=True, slots=True)
class Said:
    """An answer. `helped` counts colleagues; `has_helped_me` is about whoever reads; `is_hidden`: it is covered, and its text is empty."""

    id: str
    who: str
    text: str
    written_on: date
    is_edited: bool
    has_worked: bool
    helped: int
    has_helped_me: bool
    is_mine: bool
    is_covered: bool
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its answers, what worked first. `is_mine`: whoever reads asked it."""

    id: str
    title: str
    text: str
    locale: str
    who: str
    is_anonymous: bool
    opens_on: date
    is_edited: bool
    is_mine: bool
    is_to_come: bool
    is_covered: bool
    card_id: str
    themes: Sequence[str]
    answers: Sequence[Said]

    @property
    def has_worked(self) -> bool:
        return any(one.has_worked for one in self.answers)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to see: which questions, about which theme, and which page of them."""

    show: str = ALL
    theme_id: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Listing:
    lines: Sequence[Line]
    total: int
    page: int
    pages: int


def listing(session: Session, by: Colleague, wish: Wish) -> Listing:
    """One page of a list: the newest first and, of those that wait for an answer, whoever waits longest."""
    wanted = _wanted(by, wish)
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    pages = max(1, -(-total // PER_PAGE))
    page = min(wish.page, pages)
    day = Question.opens_on if wish.show == UNANSWERED else Question.opens_on.desc()
    found = session.scalars(wanted.order_by(day, Question.id).offset((page - 1) * PER_PAGE).limit(PER_PAGE)).all()
    return Listing(lines(session, found), total, page, pages)


def _wanted(by: Colleague, wish: Wish) -> Select[Question]:
    wanted = readable(by)
    if wish.theme_id:
        about = select(QuestionTheme.question_id).where(QuestionTheme.theme_id == wish.theme_id)
        wanted = wanted.where(Question.id.in_(about))
    if wish.show == UNANSWERED:
        return wanted.where(Question.opens_on <= now().date(), ~_is_answered())
    if wish.show == MINE:
        return wanted.where((Question.author_id == by.user.id) | Question.asker_hash.in_(sorted(by.proofs)))
    return wanted.where(Question.opens_on <= now().date())


def _is_answered() -> ColumnElement[bool]:
    return exists().where(Answer.question_id == Question.id)


def lines(session: Session, questions: Iterable[Question]) -> list[Line]:
    """Questions as they stand in a list, in their order; what was erased meanwhile is left out."""
    questions = list(questions)
    store.open_keys(questions)
    ids = [question.id for question in questions]
    themes = themes_of(session, ids)
    names = _names(session, questions)
    answered = select(Answer.question_id, func.count(), func.count().filter(Answer.has_worked))
    answered = answered.where(Answer.question_id.in_(ids)).group_by(Answer.question_id)
    counts = {row[0]: row for row in session.execute(answered)}

    def line(question: Question, words: store.Words) -> Line:
        _id, answers, has_worked = counts.get(question.id, ("", 0, 0))
        return Line(
            id=question.id,
            title=words.title,
            locale=question.locale,
            who=names.get(question.author_id, ""),
            is_anonymous=question.is_anonymous,
            opens_on=question.opens_on,
            themes=themes.get(question.id, ()),
            answers=answers,
            has_worked=bool(has_worked),
            is_to_come=question.opens_on > now().date(),
            is_covered=question.cover == COVERED,
        )

    return list(
        sealing.each(questions, lambda one: line(one, store.words_of(one)), lambda one: line(one, store.shown(one)))
    )


def _names(session: Session, questions: Iterable[Question]) -> dict[str | None, str]:
    authors = {question.author_id for question in questions if question.author_id}
    return {user.id: user.name for user in session.scalars(select(User).where(User.id.in_(authors)))}


def themes_of(session: Session, question_ids: Sequence[str]) -> dict[str, list[str]]:
    """The themes of each question, sorted as in a dictionary."""
    query = select(QuestionTheme.question_id, Theme.name).join(Theme, Theme.id == QuestionTheme.theme_id)
    found: dict[str, list[str]] = {}
    for question_id, name in session.execute(query.where(QuestionTheme.question_id.in_(question_ids))):
        found.setdefault(question_id, []).append(name)
    return {question_id: sorted_names(names) for question_id, names in found.items()}


def themes_chosen(session: Session, question_id: str) -> list[str]:
    """The ids of the themes of a question."""
    return list(session.scalars(select(QuestionTheme.theme_id).where(QuestionTheme.question_id == question_id)))


def asked(session: Session, by: Colleague, question: Question) -> Asked:
    """One question with everything under it. Raises `sealing.KeyIsGone` where it was taken back this very moment."""
    try:
        words = store.words_of(question)
    except sealing.Damaged:
        words = store.shown(question)
    return Asked(
        id=question.id,
        title=words.title,
        text=words.text,
        locale=question.locale,
        who=_names(session, [question]).get(question.author_id, ""),
        is_anonymous=question.is_anonymous,
        opens_on=question.opens_on,
        is_edited=question.is_edited,
        is_mine=by.asked(question),
        is_to_come=question.opens_on > now().date(),
        is_covered=question.cover == COVERED,
        card_id=_card_of(session, by, question),
        themes=themes_of(session, [question.id]).get(question.id, ()),
        answers=_answers(session, by, question),
    )


def _card_of(session: Session, by: Colleague, question: Question) -> str:
    """The card that was made of a question, as long as it is there to be read."""
    made = session.get(QuestionCard, question.id)
    card = readable_card(session, by.user, made.card_id) if made else None
    return card.id if card is not None else ""


def _answers(session: Session, by: Colleague, question: Question) -> list[Said]:
    query = select(Answer, User.name).outerjoin(User, User.id == Answer.author_id)
    rows = session.execute(
        query.where(Answer.question_id == question.id).order_by(Answer.has_worked.desc(), Answer.number, Answer.id)
    ).all()
    ids = [answer.id for answer, _ in rows]
    counts = select(Help.answer_id, func.count()).where(Help.answer_id.in_(ids)).group_by(Help.answer_id)
    helped = {answer_id: count for answer_id, count in session.execute(counts)}  # noqa: C416 – rows are no pairs to mypy
    mine = select(Help.answer_id).where(Help.answer_id.in_(ids), Help.user_id == by.user.id)
    helped_me = set(session.scalars(mine))
    return [
        Said(
            id=answer.id,
            who=name or "",
            text=_text(answer) if reads(by, answer) else "",
            written_on=answer.written_on,
            is_edited=answer.is_edited,
            has_worked=answer.has_worked,
            helped=helped.get(answer.id, 0),
            has_helped_me=answer.id in helped_me,
            is_mine=answer.author_id == by.user.id,
            is_covered=answer.cover == COVERED,
            is_hidden=not reads(by, answer),
        )
        for answer, name in rows
    ]


def _text(answer: Answer) -> str:
    return sealing.readable(lambda: store.text_of(answer), str(sealing.UNREADABLE))
