"""The verbs under a card: ask, answer, change, take back, tried, follow.

Promises: only whoever may read the card speaks under it, asked anew in the transaction that writes; a card that was taken
back meanwhile takes nothing in. `LookupError` means that there is nothing to be seen here.
"""

from __future__ import annotations

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from facilitator.accounts.models import User
from facilitator.archive.models import Card
from facilitator.archive.rules import readable_card
from facilitator.archive.talk.loading import place_of, words_of
from facilitator.archive.talk.models import Follow, Remark, Trial
from facilitator.archive.talk.said import VERDICTS
from facilitator.core import sealing
from facilitator.core.audit import Deed, note
from facilitator.core.db import db, now, random_id


def ask(user: User, card_id: str, text: str) -> str:
    """Asks a question under a card; whoever asks follows the card from then on. Returns its id."""
    remark = _written(user, card_id, None, text)
    with db.writing() as session:
        _readable(session, user, card_id)
        _put_last(session, remark)
        _follow(session, user.id, card_id)
    return remark.id


def answer(user: User, card_id: str, question_id: str, text: str) -> str:
    """Answers a question. Returns the id of the answer."""
    remark = _written(user, card_id, question_id, text)
    with db.writing() as session:
        _readable(session, user, card_id)
        question = _remark(session, card_id, question_id)
        if question.question_id is not None:
            raise LookupError("an answer has no answers")
        _put_last(session, remark)
        _follow(session, user.id, card_id)
    return remark.id


def change(user: User, card_id: str, remark_id: str, text: str) -> None:
    """Puts one's own question or answer in other words."""
    body = _sealed(card_id, remark_id, text)
    with db.writing() as session:
        _readable(session, user, card_id)
        remark = _remark(session, card_id, remark_id)
        if remark.author_id != user.id:
            raise LookupError("somebody else's words")
        remark.body, remark.is_edited = body, True


def own_words(session: Session, user: User, card_id: str, remark_id: str) -> str:
    """What somebody wrote themselves."""
    remark = _remark(session, card_id, remark_id)
    if remark.author_id != user.id:
        raise LookupError("somebody else's words")
    return words_of(remark)[0]


def remove(user: User, card_id: str, remark_id: str) -> None:
    """Takes back one's own question or answer; an administrator removes anybody's. Answers of others stay."""
    with db.writing() as session:
        card = _readable(session, user, card_id)
        remark = _remark(session, card_id, remark_id)
        if remark.author_id != user.id and not user.is_administrator:
            raise LookupError("somebody else's words")
        if remark.author_id != user.id:
            note(session, card.organisation_id, user.id, Deed.ERASED, "remark", remark.id)
        if session.scalar(select(Remark.id).where(Remark.question_id == remark.id).limit(1)):
            remark.body, remark.author_id, remark.is_withdrawn = None, None, True
            return
        question_id = remark.question_id
        session.delete(remark)
        session.flush()
        if question_id:
            _clear_away(session, question_id)


def tell_how_it_went(user: User, card_id: str, verdict: str, why: str) -> None:
    """Says, or says anew, that one tried it and how that went."""
    if verdict not in VERDICTS:
        raise ValueError(verdict)
    fresh = Trial(id=random_id(), card_id=card_id, user_id=user.id, verdict=verdict)
    known = db.session.scalar(select(Trial).where(Trial.card_id == card_id, Trial.user_id == user.id))
    trial_id = known.id if known else fresh.id
    body = _sealed(card_id, trial_id, why) if why else None
    with db.writing() as session:
        _readable(session, user, card_id)
        trial = session.scalar(select(Trial).where(Trial.card_id == card_id, Trial.user_id == user.id))
        if trial is None:
            trial = Trial(id=trial_id, card_id=card_id, user_id=user.id)
            session.add(trial)
        elif trial.id != trial_id:
            body = _sealed(card_id, trial.id, why) if why else None
        trial.verdict, trial.body = verdict, body


def forget_how_it_went(user: User, card_id: str) -> None:
    """Takes back that one tried it."""
    with db.writing() as session:
        _readable(session, user, card_id)
        session.execute(delete(Trial).where(Trial.card_id == card_id, Trial.user_id == user.id))


def follow(user: User, card_id: str) -> None:
    """Wants to hear of new questions and answers under a card."""
    with db.writing() as session:
        _readable(session, user, card_id)
        _follow(session, user.id, card_id, is_wish=True)


def stop_following(user_id: str, card_id: str) -> None:
    """Wants to hear no more of a card. Whoever stopped stays stopped, whatever they ask there later."""
    with db.writing() as session:
        card = session.get(Card, card_id, with_for_update=True)
        if card is None or session.get(User, user_id) is None:
            raise LookupError(card_id)
        if card.is_withdrawn:
            return  # nobody hears of it any more, and nothing is kept of who did
        known = session.get(Follow, (card_id, user_id))
        if known is None:
            known = Follow(card_id=card_id, user_id=user_id)
            session.add(known)
        known.is_stopped = True


def _follow(session: Session, user_id: str, card_id: str, is_wish: bool = False) -> None:
    known = session.get(Follow, (card_id, user_id))
    if known is None:
        session.add(Follow(card_id=card_id, user_id=user_id))
    elif is_wish:
        known.is_stopped = False


def _written(user: User, card_id: str, question_id: str | None, text: str) -> Remark:
    """A remark that is not stored yet; sealed here, because the keys lie in another database."""
    remark_id = random_id()
    return Remark(
        id=remark_id,
        card_id=card_id,
        question_id=question_id,
        author_id=user.id,
        body=_sealed(card_id, remark_id, text),
        written_on=now().date(),
    )


def _put_last(session: Session, remark: Remark) -> None:
    """Stores a remark behind the others of its card, which is held."""
    last = session.scalar(select(func.max(Remark.number)).where(Remark.card_id == remark.card_id))
    remark.number = (last or 0) + 1
    session.add(remark)


def _sealed(card_id: str, row_id: str, text: str) -> bytes:
    try:
        return sealing.seal(card_id, place_of(row_id), {"text": text})
    except sealing.KeyIsGone as gone:
        raise LookupError(card_id) from gone


def _readable(session: Session, user: User, card_id: str) -> Card:
    """The card, held until the end of the transaction: taking it back leaves nothing that is said at the same moment, and
    of two presses at once one comes after the other.
    """
    session.get(Card, card_id, with_for_update=True)
    card = readable_card(session, user, card_id)
    if card is None:
        raise LookupError(card_id)
    return card


def _remark(session: Session, card_id: str, remark_id: str) -> Remark:
    remark = session.get(Remark, remark_id)
    if remark is None or remark.card_id != card_id or remark.is_withdrawn:
        raise LookupError(remark_id)
    return remark


def _clear_away(session: Session, question_id: str) -> None:
    """A question that was taken back goes for good with its last answer."""
    question = session.get(Remark, question_id)
    if (
        question
        and question.is_withdrawn
        and not session.scalar(select(Remark.id).where(Remark.question_id == question_id).limit(1))
    ):
        session.delete(question)
