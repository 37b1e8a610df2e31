"""An answered question becomes a card of the archive, by the archive's own way of making one.

Promises: a card begins without names: those of colleagues and what else may tell who or where it was are put into other words
before anybody sees the form, and what is left of that is shown and asked about before it is published; a question becomes a card once,
as long as that card is there; nothing on the card leads back to the question or to whoever asked.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from facilitator.accounts.models import User
from facilitator.archive import making
from facilitator.archive import themes as archive_themes
from facilitator.archive.content import CardContent, Form
from facilitator.archive.rules import readable_card
from facilitator.consent.redaction import find, in_new_words
from facilitator.core.db import db
from facilitator.questions.models import Question, QuestionCard
from facilitator.questions.reading import Asked, themes_chosen
from facilitator.questions.rules import Colleague

LONGEST, LONGEST_LINE, LONGEST_TITLE = 2000, 300, 200


@dataclass(frozen=True, slots=True)
class Draft:
    """What a card would say."""

    title: str
    question: str
    summary: str
    when_to_use: str = ""
    when_not: str = ""

    @property
    def texts(self) -> tuple[str, ...]:
        return (self.title, self.question, self.summary, self.when_to_use, self.when_not)


def may_become_card(asked: Asked) -> bool:
    """Whether there is an answer to keep, and no card yet."""
    is_open = not (asked.is_covered or asked.is_to_come or asked.card_id)
    return is_open and any(not said.is_covered for said in asked.answers)


def draft(session: Session, by: Colleague, asked: Asked) -> Draft:
    """The question and what worked – else what helped most – without names, as far as there is room."""
    names = _names(session, by.user)

    def anonymous(text: str, longest: int) -> str:
        found = in_new_words(text, names, asked.locale)
        return found if len(found) <= longest else ""

    said = [one for one in asked.answers if not one.is_covered]
    worked = [one.text for one in said if one.has_worked]
    helped = [one.text for one in sorted(said, key=lambda one: -one.helped)][:1]
    summary = ""
    for text in (anonymous(one, LONGEST) for one in worked or helped):
        longer = f"{summary}\n\n{text}".strip()
        summary = longer if len(longer) <= LONGEST else summary
    return Draft(anonymous(asked.title, LONGEST_TITLE), anonymous(asked.text, LONGEST_LINE), summary)


def still_there(session: Session, by: Colleague, draft: Draft, locale: str) -> list[str]:
    """What may tell who or where it was and would be published all the same."""
    names = _names(session, by.user)
    words = [found.of(text).strip() for text in draft.texts for found in find(text, names, locale)]
    return list(dict.fromkeys(words))


def publish(by: Colleague, question_id: str, draft: Draft) -> str:
    """Makes the card and publishes it; gives its id."""
    card_id = making.begin(by.user, Form.PLATFORM, draft.title)
    content = CardContent(
        title=draft.title,
        question=draft.question,
        summary=draft.summary,
        when_to_use=draft.when_to_use,
        when_not=draft.when_not,
    )
    making.save(card_id, by.user, content, None)
    making.publish(card_id, by.user)
    if chosen := themes_chosen(db.session(), question_id):
        archive_themes.choose(by.user, card_id, chosen)
    with db.writing() as session:
        is_there = session.get(Question, question_id, with_for_update=True) is not None
        known = session.get(QuestionCard, question_id)
        first = readable_card(session, by.user, known.card_id) if known else None
        if is_there and first is None:
            session.merge(QuestionCard(question_id=question_id, card_id=card_id))
    if first is None:
        return card_id
    making.remove(card_id, by.user)  # somebody else made one at this moment
    return first.id


def _names(session: Session, user: User) -> list[str]:
    """Everybody in the organisation: whoever is named in a question or an answer is most likely one of them."""
    return list(session.scalars(select(User.name).where(User.organisation_id == user.organisation_id)))
