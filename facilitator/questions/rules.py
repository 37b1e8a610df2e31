"""Who may see which question, and whose it is: the one place that answers it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, false, or_, select, true
from sqlalchemy.orm import Session

from facilitator.accounts.models import User
from facilitator.core.db import now
from facilitator.core.sealing import hashed
from facilitator.questions.models import COVERED, Answer, Question


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody with an account, and by which questions without a name their device proves to have asked (`proof`)."""

    user: User
    proofs: frozenset[str] = frozenset()

    def asked(self, question: Question) -> bool:
        """Whether they asked it."""
        return question.author_id == self.user.id or question.asker_hash in self.proofs


def proof(token: str, user_id: str) -> str:
    """What is kept of the secret of a question without a name. It fits one account: another one on the same device is not who asked."""
    return hashed(f"{token}/{user_id}")


def readable(by: Colleague) -> Select[Question]:
    """What is there for somebody: questions of their organisation, those to come only if they asked them, and those that are covered
    only for whoever asked and for administrators.
    """
    is_theirs = or_(Question.author_id == by.user.id, Question.asker_hash.in_(sorted(by.proofs)))
    is_shown = or_(Question.cover != COVERED, is_theirs, true() if by.user.is_administrator else false())
    return select(Question).where(
        Question.organisation_id == by.user.organisation_id, or_(Question.opens_on <= now().date(), is_theirs), is_shown
    )


def reads(by: Colleague, answer: Answer) -> bool:
    """Whether somebody reads an answer to a question that they read: what is covered, its author and administrators do."""
    return answer.cover != COVERED or answer.author_id == by.user.id or by.user.is_administrator


def readable_question(session: Session, by: Colleague, question_id: str) -> Question:
    """Raises LookupError for what is not there for them."""
    found = session.scalar(readable(by).where(Question.id == question_id))
    if found is None:
        raise LookupError(question_id)
    return found


def readable_answer(session: Session, question: Question, answer_id: str) -> Answer:
    """An answer to a question that somebody may see. Raises LookupError."""
    found = session.get(Answer, answer_id)
    if found is None or found.question_id != question.id:
        raise LookupError(answer_id)
    return found
