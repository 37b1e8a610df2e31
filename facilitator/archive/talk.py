"""The verbs under a card: ask, answer, change, take back, tried, follow; and who hears of it.

Promises: only whoever may read the card speaks under it, asked anew in the transaction that writes; a card that was taken back
meanwhile takes nothing in. `LookupError` means that there is nothing to be seen here. A mail says nothing but that there is something
new, and is the same for whoever the card comes from as for everybody who follows it; the link to stop tells neither card nor person.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from facilitator.accounts import mail
from facilitator.accounts.links import absolute
from facilitator.accounts.models import User
from facilitator.archive.models import Card, Follow, Remark, Trial
from facilitator.archive.remarks import VERDICTS, place_of, words_of
from facilitator.archive.rules import keepers, readable_card
from facilitator.core import sealing
from facilitator.core.audit import Deed, note
from facilitator.core.db import db, now, random_id
from facilitator.core.sealed_links import opened_link, sealed_link

STOP = "stop"


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


def clear(session: Session, card_id: str) -> None:
    """Leaves nothing of what was said under a card that is taken back."""
    # A question and its answers in one go: no answer may be left without its question for a moment.
    session.execute(update(Remark).where(Remark.card_id == card_id).values(question_id=None))
    for table in (Remark, Trial, Follow):
        session.execute(delete(table).where(table.card_id == card_id))


def tell(card_id: str, by: User) -> None:
    """Mails everybody who wants to hear of it; called after the remark was committed."""
    for user in listeners(db.session(), card_id, by):
        mail.send(
            "talk",
            user.email,
            user.locale,
            name=user.name,
            link=absolute("archive.card", card_id=card_id) + "#talk",
            stop=absolute("archive.quiet", token=token_to_stop(card_id, user.id)),
        )


def listeners(session: Session, card_id: str, by: User) -> list[User]:
    """Those who hear of something new under a card, without whoever said it."""
    card = session.get(Card, card_id)
    if card is None:
        return []
    follows = session.scalars(select(Follow).where(Follow.card_id == card_id)).all()
    stopped = {follow.user_id for follow in follows if follow.is_stopped}
    wanted = {follow.user_id for follow in follows} | keepers(session, card)
    return list(_who_may_read(session, card_id, wanted - stopped - {by.id}))


def is_told(session: Session, card: Card, user: User) -> bool:
    """Whether somebody hears of what is new under a card."""
    follow = session.get(Follow, (card.id, user.id))
    if follow is not None:
        return not follow.is_stopped
    return user.id in keepers(session, card)


def token_to_stop(card_id: str, user_id: str) -> str:
    """What stands in the link to stop."""
    return sealed_link(STOP, card_id, user_id)


def read_token(token: str) -> tuple[str, ...] | None:
    """The card and the person a link to stop is for, or None."""
    return opened_link(STOP, token, 2)


def _who_may_read(session: Session, card_id: str, user_ids: Iterable[str]) -> Iterable[User]:
    users = session.scalars(select(User).where(User.id.in_(sorted(user_ids)), User.active.is_(True))).all()
    return [user for user in users if readable_card(session, user, card_id) is not None]
