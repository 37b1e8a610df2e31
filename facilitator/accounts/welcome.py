"""The one-time link to the first account, printed where the server was started."""

from __future__ import annotations

from sqlalchemy import delete, select

from facilitator.accounts.actions import anybody
from facilitator.accounts.models import Welcome
from facilitator.accounts.tokens import new_token, token_hash
from facilitator.core.db import db


def link_token() -> str | None:
    """A fresh token for `/welcome/<token>`, replacing any older one; None as soon as there is an account.

    Needs an app context. Only the hash is kept, so the link cannot be shown a second time.
    """
    token = new_token()
    with db.writing() as session:
        if anybody(session):
            return None
        session.execute(delete(Welcome))
        session.add(Welcome(token_hash=token_hash(token)))
    return token


def is_open(token: str) -> bool:
    """Whether this link still leads to the first account."""
    return db.session.scalar(select(Welcome.id).where(Welcome.token_hash == token_hash(token))) is not None
