"""Mails that nobody asked for at this moment: each goes out once.

Promises: two workers at the same work send one mail; what no mail server took is tried again; whoever is killed in the middle leaves a
mail that goes out half an hour later, under the same name, so that a mailbox has it once. Kept is a hash, for two months: it says
neither who was mailed nor about what.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from itertools import takewhile
from typing import Any

from sqlalchemy import delete

from facilitator.accounts import mail
from facilitator.accounts.models import Posted, User
from facilitator.core.db import db, take_turns
from facilitator.core.one_by_one import one_by_one
from facilitator.core.sealing import hashed

CLAIMED_FOR = timedelta(minutes=30)
FAILURES_AT_MOST = 3
KEPT_FOR = timedelta(days=60)  # longer than anybody asks again for the same mail


class NotTaken(Exception):
    """No mail server took a mail; it is tried again in an hour."""


def send_each(mails: Iterable[Callable[[], bool]]) -> int:
    """Sends one after the other; answers how many went out. What fails stops no other, but where the mail server is away the rest
    waits; the first failure is raised at the end.
    """
    refused = 0

    def counted(send: Callable[[], bool]) -> int:
        nonlocal refused
        try:
            return int(send())
        except NotTaken:
            refused += 1
            raise

    sent, failed = one_by_one(partial(counted, send) for send in takewhile(lambda _: refused < FAILURES_AT_MOST, mails))
    if failed is not None:
        raise failed
    return sent


def send_once(
    about: str, kind: str, user: User, moment: datetime, **context: Any
) -> bool:  # Any: what the template wants
    """Mails somebody about something, unless that was done; answers whether a mail went out now. `about` names the occasion, and is
    the same whenever it is asked for again. Not for a request. Raises NotTaken.
    """
    key = hashed(f"{kind}/{about}/{user.id}")
    if not _claim(key, moment):
        return False
    is_sent = mail.is_on_its_way(kind, user.email, user.locale, key[:32], **context)
    with db.writing() as session:
        row = session.get_one(Posted, key)
        if is_sent:
            row.is_sent = True
        else:
            session.delete(row)
    if not is_sent:
        raise NotTaken
    return True


def forget_old(moment: datetime) -> None:
    """Forgets mails that nobody asks for again."""
    with db.writing() as session:
        session.execute(delete(Posted).where(Posted.claimed_at < moment - KEPT_FOR))


def _claim(key: str, moment: datetime) -> bool:
    """Whether it is this worker's to send."""
    with db.writing() as session:
        take_turns(session, key)
        row = session.get(Posted, key)
        if row is None:
            session.add(Posted(key=key, claimed_at=moment))
            return True
        if row.is_sent or timedelta(0) <= moment - row.claimed_at < CLAIMED_FOR:
            return False
        row.claimed_at = moment
        return True
