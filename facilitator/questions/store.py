"""Putting the words of questions and answers away and getting them out again: sealed on the way in, opened here and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from facilitator.core import sealing
from facilitator.core.db import Base, db
from facilitator.questions.models import Answer, Question, Report


@dataclass(frozen=True, slots=True)
class Words:
    """A question in a sentence, and what a colleague needs to know beside it."""

    title: str
    text: str = ""


def seal_question(question_id: str, words: Words) -> bytes:
    """Raises LookupError where the question was taken back meanwhile."""
    return _sealed(question_id, "question", {"title": words.title, "text": words.text})


def seal_answer(question_id: str, answer_id: str, text: str) -> bytes:
    """Raises LookupError where the question was taken back meanwhile."""
    return _sealed(question_id, f"answer:{answer_id}", {"text": text})


def seal_report(question_id: str, report_id: str, why: str) -> bytes:
    """Raises LookupError where the question was taken back meanwhile."""
    return _sealed(question_id, f"report:{report_id}", {"text": why})


def why_of(report: Report) -> str:
    """Why somebody reported it, if they said so. Raises `sealing.Unreadable`."""
    return str(sealing.unseal(report.question_id, f"report:{report.id}", report.body)["text"])


def _sealed(question_id: str, place: str, body: dict[str, str]) -> bytes:
    try:
        return sealing.seal(question_id, place, body)
    except sealing.KeyIsGone as gone:
        raise LookupError(question_id) from gone


def words_of(question: Question) -> Words:
    """Raises `sealing.Unreadable`."""
    body = sealing.unseal(question.id, "question", question.body)
    return Words(str(body["title"]), str(body["text"]))


def text_of(answer: Answer) -> str:
    """Raises `sealing.Unreadable`."""
    return str(sealing.unseal(answer.question_id, f"answer:{answer.id}", answer.body)["text"])


def shown(question: Question) -> Words:
    """The words of a question or, where they do not open, what stands in their place."""
    return sealing.readable(lambda: words_of(question), Words(str(sealing.UNREADABLE)))


def open_keys(questions: Iterable[Question]) -> None:
    """Opens the keys of many questions at once."""
    sealing.keyring().open(question.id for question in questions)


def delete_rows(session: Session, question_ids: Sequence[str]) -> None:
    """Deletes questions with everything under them; their keys go with `let_go`, once this is committed."""
    session.execute(delete(Question).where(Question.id.in_(question_ids)))


def let_go(*question_ids: str) -> None:
    """Destroys the keys of questions that are gone, and has the database let go of what stood there."""
    for question_id in question_ids:
        sealing.keyring().destroy(question_id)
    sealing.let_go_of_deleted(db.engine, *_tables())


def erase(question_id: str) -> None:
    """Erases a question whose time is over, its key first."""
    sealing.keyring().destroy(question_id)
    with db.writing() as session:
        delete_rows(session, [question_id])


def erase_unreadable() -> int:
    """Questions that came back with an old copy, or were left by an interruption: their keys are destroyed, and they go again."""
    gone = sorted(set(db.session.scalars(select(Question.id))) & sealing.keyring().destroyed())
    if gone:
        with db.writing() as session:
            delete_rows(session, gone)
        sealing.let_go_of_deleted(db.engine, *_tables())
    return len(gone)


def _tables() -> list[str]:
    """Every table with rows of a question or of an answer."""
    own = (Question.__table__, Answer.__table__)
    every = Base.metadata.tables.values()
    return [t.name for t in every if t in own or any(key.column.table in own for key in t.foreign_keys)]
