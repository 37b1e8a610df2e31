"""Mails that nobody asked for at this moment: each goes out once.

Promises: two workers at the same work send one mail; what no mail server took is tried again; whoever is killed in the middle leaves a
mail that goes out half an hour later, under the same name, so that a mailbox has it once. Nobody whose address is refused keeps
others from hearing, and such an address is asked again some hours later. Kept is a hash, for two months: it says neither who was mailed nor about what.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import takewhile
from time import monotonic
from typing import Any

from sqlalchemy import ColumnElement, delete, or_
from sqlalchemy.orm import InstrumentedAttribute

from facilitator.accounts import mail
from facilitator.accounts.mail import Fate
from facilitator.accounts.models import Posted, User
from facilitator.core.db import db, take_turns
from facilitator.core.one_by_one import one_by_one
from facilitator.core.sealing import hashed

CLAIMED_FOR = timedelta(minutes=30)
BRIEFLY = timedelta(minutes=3)  # what is looked at every minute; longer than a mail server may take
A_DAY = timedelta(days=1)
PUT_OFF = timedelta(hours=6)  # where a server would have nothing of it for this reader
FAILURES_AT_MOST = 3
KEPT_FOR = timedelta(days=60)  # longer than anybody asks again for the same mail


class NotTaken(Exception):
    """No mail server took a mail; it is tried again."""


class Unreachable(NotTaken):
    """A mail server takes mails, and none for this reader."""


@dataclass(frozen=True, slots=True)
class Watch:
    """The clock of a job: the moment it was given, going on while it works. What it begins late was claimed late; with the moment it
    was given, another worker would take it for something that was left behind.
    """

    given: datetime
    began: float = field(default_factory=lambda: monotonic())  # noqa: PLW0108 – looked up when it begins

    @property
    def moment(self) -> datetime:
        return self.given + timedelta(seconds=monotonic() - self.began)


def is_held(claimed_at: datetime, moment: datetime, lasts: timedelta) -> bool:
    """Whether somebody is at what was claimed. Another worker may be ahead by a little; what is claimed for a later day was claimed by
    a clock that was wrong.
    """
    return -A_DAY < moment - claimed_at < lasts


def is_let_go(
    claimed_at: InstrumentedAttribute[datetime | None], moment: datetime, lasts: timedelta
) -> ColumnElement[bool]:
    """The same where the database is asked, the other way round."""
    return or_(claimed_at.is_(None), claimed_at <= moment - lasts, claimed_at >= moment + A_DAY)


def send_each(mails: Iterable[Callable[[], int]]) -> int:
    """Sends one after the other; answers how many went out. What fails stops no other, but where the mail server is away the rest
    waits; the first failure is raised at the end.
    """
    sent, failed = sent_each(mails)
    if failed is not None:
        raise failed
    return sent


def send_until_taken(mails: Iterable[Callable[[], bool]]) -> int:
    """The same of what is tried again in a minute: that it was not taken is no news, and stands in the log already."""
    sent, failed = sent_each(mails)
    if failed is not None and not isinstance(failed, NotTaken):
        raise failed
    return sent


def sent_each(mails: Iterable[Callable[[], int]]) -> tuple[int, Exception | None]:
    """Sends one after the other; answers how many went out, and what failed first."""
    away = 0

    def counted(send: Callable[[], int]) -> int:
        nonlocal away
        try:
            return int(send())
        except NotTaken as error:
            away += not isinstance(error, Unreachable)
            raise

    return one_by_one(partial(counted, send) for send in takewhile(lambda _: away < FAILURES_AT_MOST, mails))


def require_taken(fate: Fate, put_off: Callable[[], None] | None = None) -> None:
    """Raises what came between a mail and its reader; what is refused is not asked for again and again."""
    if fate is Fate.REFUSED and put_off is not None:
        put_off()
    if fate is not Fate.TAKEN:
        raise Unreachable if fate is Fate.REFUSED else NotTaken


def send_once(
    about: str, kind: str, user: User, moment: datetime, **context: Any
) -> bool:  # Any: what the template wants
    """Mails somebody about something, unless that was done; answers whether a mail went out now. `about` names the occasion, and is
    the same whenever it is asked for again. Not for a request. Raises NotTaken.
    """
    key = _key(about, kind, user)
    if not _claim(key, moment):
        return False
    fate = mail.sent_now(kind, user.email, user.locale, key[:32], **context)
    with db.writing() as session:
        row = session.get_one(Posted, key)
        if fate is Fate.TAKEN:
            row.is_sent = True
        elif fate is Fate.REFUSED:
            row.claimed_at = moment + PUT_OFF - CLAIMED_FOR  # held until then
        else:
            session.delete(row)
    require_taken(fate)
    return True


def was_sent(about: str, kind: str, user: User) -> bool:
    """Whether somebody was mailed about something, for whoever would look for long before asking to send it."""
    known = db.session.get(Posted, _key(about, kind, user))
    return known is not None and known.is_sent


def forget_old(moment: datetime) -> None:
    """Forgets mails that nobody asks for again."""
    with db.writing() as session:
        session.execute(delete(Posted).where(Posted.claimed_at < moment - KEPT_FOR))


def _key(about: str, kind: str, user: User) -> str:
    return hashed(f"{kind}/{about}/{user.id}")


def _claim(key: str, moment: datetime) -> bool:
    """Whether it is this worker's to send."""
    with db.writing() as session:
        take_turns(session, key)
        row = session.get(Posted, key)
        if row is None:
            session.add(Posted(key=key, claimed_at=moment))
            return True
        if row.is_sent or is_held(row.claimed_at, moment, CLAIMED_FOR):
            return False
        row.claimed_at = moment
        return True
