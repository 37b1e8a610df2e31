"""Who hears of a new question or answer under a card, and the link with which they stop that.

Promises: a mail says nothing but that there is something new, and is the same for whoever the card comes from as for
everybody who follows it; it goes to nobody who may not read the card any more. The link to stop tells neither card nor person.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Iterable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from facilitator.accounts import mail
from facilitator.accounts.links import absolute
from facilitator.accounts.models import User
from facilitator.archive.models import Card
from facilitator.archive.rules import keepers, readable_card
from facilitator.archive.talk.models import Follow
from facilitator.core.db import db

NONCE_BYTES = 12


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
    """What stands in the link to stop. It is sealed: an address is seen by many, and this one would name a person."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = nonce + AESGCM(_key()).encrypt(nonce, f"{card_id}/{user_id}".encode(), b"stop")
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def read_token(token: str) -> tuple[str, str] | None:
    """The card and the person a link to stop is for, or None."""
    try:
        sealed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        opened = AESGCM(_key()).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], b"stop").decode()
    except (ValueError, InvalidTag):
        return None
    card_id, _slash, user_id = opened.partition("/")
    return card_id, user_id


def _key() -> bytes:
    return hashlib.sha256(b"stop:" + str(current_app.config["SECRET_KEY"]).encode()).digest()


def _who_may_read(session: Session, card_id: str, user_ids: Iterable[str]) -> Iterable[User]:
    users = session.scalars(select(User).where(User.id.in_(sorted(user_ids)), User.active.is_(True))).all()
    return [user for user in users if readable_card(session, user, card_id) is not None]
