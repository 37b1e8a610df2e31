"""The addresses of questions to colleagues."""

from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, abort

from facilitator.accounts.access import signed_in
from facilitator.core.db import db
from facilitator.core.limits import here
from facilitator.core.sealing import KeyIsGone
from facilitator.questions.models import Answer, Question
from facilitator.questions.own import colleague
from facilitator.questions.rules import readable_answer, readable_question

blueprint = Blueprint("questions", __name__)
OFTEN = "40 per 10 minutes"
T = TypeVar("T")


def whose() -> str:
    """Whose tries are counted together: asking with and without a name, answering and all else alike."""
    user = signed_in()
    return f"questions:{user.id}" if user else here()


def or_404(verb: Callable[[], T]) -> T:
    """What may be done; it may have been taken back at this very moment."""
    try:
        return verb()
    except (LookupError, KeyIsGone):
        abort(404)


def question_or_404(question_id: str) -> Question:
    return or_404(lambda: readable_question(db.session(), colleague(), question_id))


def answer_or_404(question: Question, answer_id: str) -> Answer:
    return or_404(lambda: readable_answer(db.session(), question, answer_id))


# They add their addresses.
from facilitator.questions.views import answering, asking, cards, following, reading, reporting  # noqa: E402, F401
