"""Questions and cards like what somebody is typing, and searching among questions.

Promises: what is typed into a question is looked for and forgotten: it is stored nowhere and in no address; the index of questions holds no word,
only keyed hashes, as that of the archive does; nobody is shown what they may not read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from facilitator.archive import listing, search
from facilitator.archive.rules import readable as readable_cards
from facilitator.archive.search import alike
from facilitator.core import sealing
from facilitator.core.db import db
from facilitator.questions import store
from facilitator.questions.models import Question, QuestionTerm
from facilitator.questions.reading import Line, lines
from facilitator.questions.rules import Colleague, readable
from facilitator.questions.store import Words

MOST = 3  # of each: more is not read while typing


@dataclass(frozen=True, slots=True)
class Similar:
    """What may answer a question already."""

    questions: Sequence[Line] = ()
    cards: Sequence[listing.Line] = ()


def index(session: Session, question: Question, words: Words) -> None:
    """Has a question be found by what it says now."""
    session.execute(delete(QuestionTerm).where(QuestionTerm.question_id == question.id))
    names = alike.names_in(question.organisation_id, question.locale, words.title, words.text)
    session.add_all(QuestionTerm(question_id=question.id, term=name) for name in names)
    session.flush()


def index_all() -> int:
    """Makes the index anew, with the rules of now; answers of how many questions."""
    count = 0
    for question_id in db.session.scalars(select(Question.id)).all():
        with db.writing() as session:
            question = session.get(Question, question_id, with_for_update=True)
            for found, words in sealing.each([question] if question else [], lambda one: (one, store.words_of(one))):
                index(session, found, words)
                count += 1
    return count


def similar(session: Session, by: Colleague, text: str) -> Similar:
    """What is most like a text."""
    hits = search.find(session, readable_cards(by.user), search.Query(text, per_page=MOST)).hits if text else ()
    ids = [hit.card_id for hit in hits]
    return Similar(lines(session, _questions(session, by, text)), listing.lines(session, by.user, ids, text))


def _questions(session: Session, by: Colleague, text: str) -> list[Question]:
    """Those that have most of its words; of as many, the newest."""
    locales = (by.user.locale, by.user.organisation.locale)
    there = readable(by).with_only_columns(Question.id)
    index_ = (QuestionTerm.question_id, QuestionTerm.term)
    best = alike.sharing(session, *index_, there, by.user.organisation_id, text, locales)
    rows = session.scalars(select(Question).where(Question.id.in_(sorted(best)))).all()
    return sorted(rows, key=lambda row: (-best[row.id], -row.opens_on.toordinal(), row.id))[:MOST]
